import { mismatch } from "./wire.ts";

export type Json = Record<string, unknown>;

/** @throws AppError InvalidJson naming the path. */
export function objectOf(json: unknown, path: string): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw mismatch(path, json, "object");
  return json as Json;
}

/** A key from outside is only ever an own property. */
export function define(target: Json, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
