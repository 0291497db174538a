import type { KubeObject } from "@trireme/api";
import { compareObjects } from "../merge/compare-objects.ts";
import { FieldSet } from "../merge/field-set.ts";
import { setOfFieldsV1 } from "../merge/fields-v1.ts";
import { mergeObjects } from "../merge/merge-objects.ts";
import type { PathElement } from "../merge/path-element.ts";
import { extractFields, removeFields } from "../merge/remove-fields.ts";
import type { TypeRef } from "../merge/types.ts";

/**
 * The object of a server-side dry run without what is not the manager's: changes by webhooks and by other appliers are taken
 * back to what is live, unless they are wanted (`includeMutations`). Changes that remain are those that an apply would make.
 */
export function ownChanges(type: TypeRef, live: KubeObject, dryRun: KubeObject, options: { manager: string; includeMutations: boolean }): KubeObject {
  if (options.includeMutations) return dryRun;
  const before = withoutManagedFields(live);
  const after = withoutManagedFields(dryRun);
  const { added, modified, removed } = compareObjects(type, before, after);
  const owned = ownedBy(dryRun, options.manager);
  const kept = added.union(modified).intersection(owned);
  // What goes is the manager's if it was so before.
  const gone = removed.intersection(ownedBy(live, options.manager));
  const left = removeFields(type, before, gone);
  return kept.empty ? (left as KubeObject) : (mergeObjects(type, left, extractFields(type, after, withItems(kept))) as KubeObject);
}

/** With the items of lists on the way, so that a changed field finds its item again. */
function withItems(fields: FieldSet): FieldSet {
  const out = FieldSet.of();
  for (const path of fields.paths()) {
    out.insert(path);
    for (const [index, element] of path.entries()) if (element[0] === "k") for (const key of keysOf(element)) out.insert([...path.slice(0, index + 1), key]);
  }
  return out;
}

function keysOf(element: PathElement): PathElement[] {
  return Object.keys(JSON.parse(element.slice(2)) as object).map((name) => `f:${name}`);
}

function ownedBy(object: KubeObject, manager: string): FieldSet {
  let owned = new FieldSet();
  for (const entry of object.metadata.managedFields ?? []) {
    if (entry.manager !== manager || entry.operation !== "Apply") continue;
    try {
      owned = owned.union(setOfFieldsV1(entry.fieldsV1 ?? {}));
    } catch {
      // An entry that nobody can read owns nothing.
    }
  }
  return owned;
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
