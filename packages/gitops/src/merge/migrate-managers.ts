import type { KubeObject, ManagedFieldsEntry } from "@trireme/api";
import { fieldsV1Of, setOfFieldsV1 } from "./fields-v1.ts";
import type { JsonPatchOperation } from "./patch/json-patch.ts";

/** The field manager of `kubectl apply` without --server-side. */
export const CLIENT_SIDE_MANAGER = "kubectl-client-side-apply";

/**
 * The JSON patch that makes the fields of client-side applies (`from`, by update) those of a server-side applier (`to`), so that
 * leaving them out of a later apply removes them. `undefined` where there is nothing to move. The patch fails with a
 * conflict where the object has changed since. Throws SyntaxError for managedFields that cannot be read.
 */
export function migrateManagersPatch(live: KubeObject, managers: { from: string; to: string }): JsonPatchOperation[] | undefined {
  const entries = live.metadata.managedFields ?? [];
  const migrated = migrate(entries, managers);
  if (migrated === entries) return undefined;
  return [
    { op: "replace", path: "/metadata/managedFields", value: migrated },
    // Not a test: the server answers a changed version with a conflict, a failed test with a bad request.
    { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
  ];
}

function migrate(entries: ManagedFieldsEntry[], { from, to }: { from: string; to: string }): ManagedFieldsEntry[] {
  const isOld = (entry: ManagedFieldsEntry): boolean => entry.manager === from && entry.operation === "Update" && !entry.subresource;
  const target = entries.find((entry) => entry.manager === to && entry.operation === "Apply" && !entry.subresource) ?? entries.find(isOld);
  if (target === undefined || !entries.some(isOld)) return entries;
  // Fields that were written at another version are forgotten: they cannot be told apart here.
  const same = entries.find((entry) => isOld(entry) && entry.apiVersion === target.apiVersion);
  let set = setOfFieldsV1(target.fieldsV1 ?? {});
  if (same !== undefined) set = set.union(setOfFieldsV1(same.fieldsV1 ?? {}));
  const merged: ManagedFieldsEntry = { ...target, manager: to, operation: "Apply", fieldsV1: fieldsV1Of(set) };
  return entries.map((entry) => (entry === target ? merged : entry)).filter((entry) => entry === merged || !isOld(entry));
}
