import type { KubeObject } from "@trireme/api";
import type { Comparison } from "./compare-objects.ts";
import { compareObjects } from "./compare-objects.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { FieldSet } from "./field-set.ts";
import type { ManagerId, OwnedFields } from "./managers.ts";
import { mergeObjects } from "./merge-objects.ts";
import type { Path } from "./path-element.ts";
import { reconcileWithSchema } from "./reconcile-schema.ts";
import { removeFields } from "./remove-fields.ts";
import type { TypeRef } from "./types.ts";

/** How one kind looks in each version that its managers write. */
export interface Versions {
  /** `undefined`: the version is gone; fields that were managed at it are forgotten. */
  typeAt(apiVersion: string): TypeRef | undefined;
  convert(object: KubeObject, apiVersion: string): KubeObject;
}

export interface OwnershipConflict {
  manager: ManagerId;
  path: Path;
}

type Owners = Map<ManagerId, OwnedFields>;

/** Ownership after somebody wrote `next` over `live` by an update: what changed is theirs, and nobody else's. */
export function ownershipAfterUpdate(live: KubeObject, next: KubeObject, apiVersion: string, owners: Owners, manager: ManagerId, versions: Versions, ignored: FieldSet): Owners {
  const reconciled = reconcileOwners(owners, versions);
  const { owners: kept, comparison } = settle(live, next, apiVersion, reconciled, manager, versions, ignored, true);
  const before = kept.get(manager)?.set ?? new FieldSet();
  const set = before.difference(comparison.removed).union(comparison.modified).union(comparison.added).recursiveDifference(ignored);
  if (set.empty) kept.delete(manager);
  else kept.set(manager, { set, apiVersion, applied: false });
  return kept;
}

/** The object and its owners after an apply; conflicts instead where others own what would change and `force` is off. */
export function ownershipAfterApply(
  live: KubeObject,
  config: KubeObject,
  apiVersion: string,
  owners: Owners,
  manager: ManagerId,
  versions: Versions,
  ignored: FieldSet,
  force: boolean,
): { object: KubeObject; owners: Owners } | { conflicts: OwnershipConflict[] } {
  const reconciled = reconcileOwners(owners, versions);
  const type = versions.typeAt(apiVersion)!;
  const merged = mergeObjects(type, live, config) as KubeObject;
  const last = reconciled.get(manager);
  reconciled.set(manager, { set: fieldSetOf(type, config).recursiveDifference(ignored), apiVersion, applied: true });
  const object = prune(merged, apiVersion, reconciled, last, versions);
  const settled = settle(live, object, apiVersion, reconciled, manager, versions, ignored, force);
  return settled.conflicts.length > 0 ? { conflicts: settled.conflicts } : { object, owners: settled.owners };
}

/** Takes from every other owner what the change took: overwritten fields and removed ones. */
function settle(live: KubeObject, next: KubeObject, apiVersion: string, owners: Owners, manager: ManagerId, versions: Versions, ignored: FieldSet, force: boolean): { owners: Owners; comparison: Comparison; conflicts: OwnershipConflict[] } {
  const comparisons = new Map<string, Comparison | undefined>();
  const comparisonAt = (version: string): Comparison | undefined => {
    if (!comparisons.has(version)) {
      const type = versions.typeAt(version);
      comparisons.set(version, type && compareObjects(type, versions.convert(live, version), versions.convert(next, version)));
    }
    return comparisons.get(version);
  };
  const kept: Owners = new Map();
  const conflicts: OwnershipConflict[] = [];
  for (const [id, owned] of owners) {
    if (id === manager) {
      kept.set(id, owned);
      continue;
    }
    const comparison = comparisonAt(owned.apiVersion);
    if (comparison === undefined) continue;
    const taken = owned.set.intersection(comparison.modified.union(comparison.added).recursiveDifference(ignored));
    if (!force) for (const path of taken.paths()) conflicts.push({ manager: id, path });
    const left = owned.set.difference(taken).difference(comparison.removed.recursiveDifference(ignored));
    if (!left.empty) kept.set(id, { ...owned, set: left });
  }
  if (kept.get(manager)?.set.empty) kept.delete(manager);
  return { owners: kept, comparison: comparisonAt(apiVersion)!, conflicts };
}

/**
 * Takes out of the merged object what this manager applied last time and not this time,
 * unless another one owns it.
 */
function prune(merged: KubeObject, apiVersion: string, owners: Owners, last: OwnedFields | undefined, versions: Versions): KubeObject {
  if (last === undefined || last.set.empty) return merged;
  const type = versions.typeAt(last.apiVersion);
  if (type === undefined) return merged;
  const converted = versions.convert(merged, last.apiVersion);
  const lastNamed = last.set.withNamedFields(type);
  let pruned = removeFields(type, converted, lastNamed) as KubeObject;
  pruned = addBackOwned(converted, pruned, last.apiVersion, owners, versions);
  pruned = addBackDangling(converted, pruned, type, lastNamed, last.apiVersion, versions);
  return versions.convert(pruned, apiVersion);
}

function addBackOwned(merged: KubeObject, pruned: KubeObject, firstVersion: string, owners: Owners, versions: Versions): KubeObject {
  const managed = new Map<string, FieldSet>();
  for (const owned of owners.values()) managed.set(owned.apiVersion, (managed.get(owned.apiVersion) ?? new FieldSet()).union(owned.set));
  const order = [...managed.keys()].sort((a, b) => Number(b === firstVersion) - Number(a === firstVersion));
  for (const version of order) {
    const type = versions.typeAt(version);
    if (type === undefined) continue;
    const whole = versions.convert(merged, version);
    const left = versions.convert(pruned, version);
    const keep = fieldSetOf(type, left).withNamedFields(type).union(managed.get(version)!.withNamedFields(type));
    pruned = removeFields(type, whole, fieldSetOf(type, whole).withNamedFields(type).difference(keep)) as KubeObject;
  }
  return pruned;
}

/** Only what this manager owned before may go: items that nobody owns, or only updaters, stay. */
function addBackDangling(merged: KubeObject, pruned: KubeObject, type: TypeRef, last: FieldSet, version: string, versions: Versions): KubeObject {
  const left = fieldSetOf(type, versions.convert(pruned, version)).withNamedFields(type);
  const whole = fieldSetOf(type, merged).withNamedFields(type);
  return removeFields(type, merged, whole.difference(left).intersection(last)) as KubeObject;
}

function reconcileOwners(owners: Owners, versions: Versions): Owners {
  const reconciled: Owners = new Map();
  for (const [id, owned] of owners) {
    const type = versions.typeAt(owned.apiVersion);
    if (type !== undefined) reconciled.set(id, { ...owned, set: reconcileWithSchema(owned.set, type) });
  }
  return reconciled;
}
