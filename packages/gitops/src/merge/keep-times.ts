import type { KubeObject, ManagedFieldsEntry } from "@trireme/api";
import { isMap } from "./types.ts";
import { equalValues } from "./values.ts";

/**
 * An object whose managedFields differ from the stored ones in their times alone, and that is otherwise the same,
 * keeps the stored ones: such a write changes nothing and is not made.
 */
export function keepTimes(live: KubeObject, next: KubeObject): { object: KubeObject; changed: boolean } {
  if (!sameButTimes(live.metadata.managedFields ?? [], next.metadata.managedFields ?? [])) return { object: next, changed: true };
  const { managedFields: _live, ...liveMeta } = live.metadata;
  const { managedFields: _next, ...nextMeta } = next.metadata;
  const same = sameContent({ ...live, metadata: liveMeta }, { ...next, metadata: nextMeta });
  if (!same) return { object: next, changed: true };
  const metadata = { ...next.metadata };
  if (live.metadata.managedFields === undefined) delete metadata.managedFields;
  else metadata.managedFields = live.metadata.managedFields;
  return { object: { ...next, metadata }, changed: false };
}

function sameButTimes(a: readonly ManagedFieldsEntry[], b: readonly ManagedFieldsEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => equalValues({ ...entry, time: undefined }, { ...b[index], time: undefined }));
}

/** Equal where empty, null and absent mean the same. */
function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameContent(item, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  for (const key in a) if (!sameContent(a[key], b[key])) return false;
  for (const key in b) if (a[key] === undefined && !isNothing(b[key])) return false;
  return true;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}
