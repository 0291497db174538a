import type { KubeObject, ManagedFieldsEntry } from "@trireme/api";
import type { ManagerContext } from "../merge.ts";
import { capUpdateManagers } from "./cap-managers.ts";
import { PlacelessItem } from "./compare-objects.ts";
import { FieldSet } from "./field-set.ts";
import { keepTimes } from "./keep-times.ts";
import type { ManagerId, Managers, OwnedFields } from "./managers.ts";
import { managerId, noManagers, readManagersOrNone, writeManagers } from "./managers.ts";
import type { KindSchema } from "./object-versions.ts";
import { ignoredFields, versionsOf } from "./object-versions.ts";
import { ownershipAfterUpdate } from "./ownership.ts";
import { isMap, type TypeRef, typeOf } from "./types.ts";

export interface UpdateOptions extends ManagerContext, KindSchema {
  /** The object as it is stored; `undefined` on creation. */
  live: KubeObject | undefined;
  /** The object that will be stored: after defaulting, and after the patch where the request was one. */
  updated: KubeObject;
}

/** Fields that every object has by itself: nobody owns them. */
const SERVER_FIELDS = FieldSet.of(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ["f:metadata", "f:name"],
  ["f:metadata", "f:namespace"],
  ["f:metadata", "f:creationTimestamp"],
  ["f:metadata", "f:selfLink"],
  ["f:metadata", "f:uid"],
  ["f:metadata", "f:clusterName"],
  ["f:metadata", "f:generation"],
  ["f:metadata", "f:managedFields"],
  ["f:metadata", "f:resourceVersion"],
);

/**
 * The object with its managedFields after a create, update or patch (all but apply) by `manager`. What the write changed
 * is the manager's alone now. A request that carries managedFields replaces the stored ones first
 * (an empty list forgets them all), except on a subresource. Objects that were never tracked stay so.
 */
export function trackUpdate(options: UpdateOptions): KubeObject {
  const { live, updated } = options;
  const stored = storedManagers(options);
  if (stored.fields.size === 0 && live !== undefined && live.metadata.uid) return withManagers(updated, stored);
  const before = live ?? untouched(options, updated);
  let managers: Managers;
  try {
    managers = capUpdateManagers(track(options, before, updated, options.manager || "unknown", stored));
  } catch (error) {
    // The server forgets all owners of an object whose fields it cannot name.
    if (error instanceof PlacelessItem) return withManagers(updated, noManagers());
    throw error;
  }
  const tracked = withManagers(updated, managers);
  return live === undefined ? tracked : keepTimes(live, tracked).object;
}

function storedManagers({ live, updated, subresource }: UpdateOptions): Managers {
  if (subresource) return readManagersOrNone(live?.metadata.managedFields);
  const sent = updated.metadata.managedFields;
  if (isReset(sent)) return noManagers();
  const managers = readManagersOrNone(sent);
  return managers.fields.size > 0 ? managers : readManagersOrNone(live?.metadata.managedFields);
}

/** `managedFields: []` or `[{}]` in a request means: forget them. */
function isReset(entries: readonly ManagedFieldsEntry[] | null | undefined): boolean {
  return Array.isArray(entries) && (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0]!).length === 0));
}

/** The owner of everything in an object that was never tracked and is applied to for the first time. */
export function ownUntracked(options: ManagerContext & KindSchema, live: KubeObject, managers: Managers): Managers {
  return track({ ...options, subresource: options.subresource ?? "" }, untouched(options, live), live, "before-first-apply", managers);
}

/** An object of the kind that nobody has written yet: with the nulls that the server's structs have from the start. */
function untouched(options: KindSchema, object: KubeObject): KubeObject {
  const { apiVersion, kind } = object;
  return { ...(nulls(typeOf(options.schema), object) as object), apiVersion, kind, metadata: {} };
}

function nulls(type: TypeRef, value: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const map = type.resolve().map;
  if (map?.struct === undefined || !isMap(value)) return out;
  for (const key in value) {
    const field = map.fields.get(key);
    if (value[key] === null) out[key] = null;
    else if (field !== undefined && isMap(field.zero)) out[key] = nulls(field.type, value[key]);
  }
  return out;
}

const SELF: ManagerId = "current-operation";

function track(options: ManagerContext & KindSchema, before: KubeObject, after: KubeObject, manager: string, stored: Managers): Managers {
  const apiVersion = after.apiVersion;
  const versions = versionsOf(options, apiVersion);
  const owners = ownershipAfterUpdate(versions.convert(before, apiVersion), withoutManagedFields(after), apiVersion, new Map(stored.fields), SELF, versions, ignoredFields(options));
  const fields = withoutServerFields(owners, SELF);
  const times = new Map(stored.times);
  const own = fields.get(SELF);
  if (own !== undefined) {
    fields.delete(SELF);
    const id = managerId({ manager, operation: "Update", apiVersion, ...(options.subresource && { subresource: options.subresource }) });
    const previous = fields.get(id);
    fields.set(id, previous === undefined ? own : { ...own, set: own.set.union(previous.set) });
    times.set(id, options.now);
  }
  return { fields, times };
}

export function withoutServerFields(owners: Map<ManagerId, OwnedFields>, manager: ManagerId): Map<ManagerId, OwnedFields> {
  const owned = owners.get(manager);
  if (owned === undefined) return owners;
  const set = owned.set.difference(SERVER_FIELDS);
  if (set.empty) owners.delete(manager);
  else owners.set(manager, { ...owned, set });
  return owners;
}

export function withManagers(object: KubeObject, managers: Managers): KubeObject {
  const entries = writeManagers(managers);
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: entries === undefined ? metadata : { ...metadata, managedFields: entries } };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
