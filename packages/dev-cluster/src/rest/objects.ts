import type { KubeObject } from "@trireme/api";
import type { ApiContext } from "../server/context.ts";
import { notFound } from "../server/status-error.ts";
import type { Stored } from "../storage/store.ts";
import { apiVersionOf, type ResourceType } from "../types/resource-type.ts";
import { toStorage, toVersion } from "../types/conversion.ts";

/** Key of an object in its bucket. */
export function storeKey(type: { namespaced: boolean }, namespace: string, name: string): string {
  return type.namespaced ? `${namespace}/${name}` : name;
}

export function find(ctx: ApiContext, type: ResourceType, namespace: string, name: string): Stored | undefined {
  return ctx.store.get(type.bucket, storeKey(type, namespace, name));
}

/** The stored object, or the server's 404. */
export function mustFind(ctx: ApiContext, type: ResourceType, namespace: string, name: string): Stored {
  const stored = find(ctx, type, namespace, name);
  if (!stored) throw notFound(type, name);
  return stored;
}

/** A stored object in the version of the type. */
export function view(stored: Stored, type: ResourceType): KubeObject {
  return isIn(stored, type) ? stored.object : toVersion(stored.object, type);
}

/** JSON of a stored object in the version of the type, without serialising again where it can be. */
export function viewJson(stored: Stored, type: ResourceType): string {
  return isIn(stored, type) ? stored.json : JSON.stringify(toVersion(stored.object, type));
}

/** How the text of an object of the type begins, as this server writes it. */
export function beginning(type: ResourceType): string {
  return `{"kind":"${type.kind}","apiVersion":"${apiVersionOf(type)}",`;
}

/** Whether it lies in the store in the type's own version; told by its text, so that a list need not read its objects. */
function isIn(stored: Stored, type: ResourceType): boolean {
  return stored.json.startsWith(beginning(type)) || stored.object.apiVersion === apiVersionOf(type);
}

/** Stores an object that is in the type's version; answers it as stored. */
export function save(ctx: ApiContext, type: ResourceType, object: KubeObject): Stored {
  const key = storeKey(type, object.metadata.namespace ?? "", object.metadata.name!);
  return ctx.store.put(type.bucket, key, toStorage(object, type));
}

/** A deep copy that may be changed. */
export function copyOf<T>(value: T): T {
  return structuredClone(value);
}

/** Equal as JSON, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(b)) return false;
  const keys = Object.keys(a).filter((key) => (a as any)[key] !== undefined);
  if (keys.length !== Object.keys(b).filter((key) => (b as any)[key] !== undefined).length) return false;
  return keys.every((key) => sameJson((a as any)[key], (b as any)[key]));
}
