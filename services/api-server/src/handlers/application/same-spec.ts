import type { Application } from "@trireme/api/argo";
import { normalizeSpec } from "./normalize.ts";

/** Whether two applications ask for the same: spec, labels, annotations and finalizers; what is empty equals what is absent. */
export function sameSpec(a: Application, b: Application): boolean {
  return canonical(wishOf(a)) === canonical(wishOf(b));
}

function wishOf(app: Application): unknown {
  const { labels, annotations, finalizers } = app.metadata;
  return { spec: normalizeSpec(app.spec), labels, annotations, finalizers };
}

/** Text with sorted keys and without nulls, zeros and empty lists; empty objects stay, since they mean something (`automated: {}`). */
export function canonical(value: unknown): string {
  return JSON.stringify(reduced(value)) ?? "null";
}

function reduced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reduced);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const kept = reduced(item);
    return kept === null || kept === undefined || kept === "" || kept === false || kept === 0 || (Array.isArray(kept) && kept.length === 0) ? [] : [[key, kept]];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
