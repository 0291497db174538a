import type { ManagedFieldsEntry } from "@trireme/api";
import type { FieldSet } from "./field-set.ts";
import { fieldsV1Of, setOfFieldsV1 } from "./fields-v1.ts";
import { compareText } from "./values.ts";

/** What one manager owns, at the version that it wrote. */
export interface OwnedFields {
  set: FieldSet;
  apiVersion: string;
  applied: boolean;
}

/** Owners by their identity text, and when each last wrote. */
export interface Managers {
  fields: Map<ManagerId, OwnedFields>;
  times: Map<ManagerId, string | undefined>;
}

/** `{"manager":"kubectl","operation":"Update","apiVersion":"apps/v1"}`: an applier is the same one at every version. */
export type ManagerId = string;

export function managerId(entry: { manager?: string; operation?: string; apiVersion?: string; subresource?: string }): ManagerId {
  const apiVersion = entry.operation === "Apply" ? undefined : entry.apiVersion;
  return JSON.stringify({
    ...(entry.manager && { manager: entry.manager }),
    ...(entry.operation && { operation: entry.operation }),
    ...(apiVersion && { apiVersion }),
    ...(entry.subresource && { subresource: entry.subresource }),
  });
}

export function noManagers(): Managers {
  return { fields: new Map(), times: new Map() };
}

/** Reads `metadata.managedFields`. Throws SyntaxError for an entry that the server would refuse. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | null | undefined): Managers {
  const managers = noManagers();
  for (const [index, entry] of (entries ?? []).entries()) {
    if (entry.operation !== "Apply" && entry.operation !== "Update") throw new SyntaxError("operation must be `Apply` or `Update`");
    if (!entry.apiVersion) throw new SyntaxError("apiVersion must not be empty");
    if (!entry.fieldsType) throw new SyntaxError(`missing fieldsType in managed fields entry ${index}`);
    if (entry.fieldsType !== "FieldsV1") throw new SyntaxError(`invalid fieldsType ${JSON.stringify(entry.fieldsType)} in managed fields entry ${index}`);
    const id = managerId(entry);
    managers.fields.set(id, { set: setOfFieldsV1(entry.fieldsV1 ?? {}), apiVersion: entry.apiVersion, applied: entry.operation === "Apply" });
    managers.times.set(id, entry.time);
  }
  return managers;
}

/** As `readManagers`, but what cannot be read counts as not there: updates never fail because of it. */
export function readManagersOrNone(entries: readonly ManagedFieldsEntry[] | null | undefined): Managers {
  try {
    return readManagers(entries);
  } catch {
    return noManagers();
  }
}

/** `metadata.managedFields` in the server's order: appliers first, then by time, name, version, subresource; `undefined` for none. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.fields.size === 0) return undefined;
  const entries: ManagedFieldsEntry[] = [];
  for (const [id, owned] of managers.fields) {
    const identity = JSON.parse(id) as ManagedFieldsEntry;
    const time = managers.times.get(id);
    entries.push({
      ...(identity.manager !== undefined && { manager: identity.manager }),
      operation: owned.applied ? "Apply" : (identity.operation ?? "Update"),
      apiVersion: owned.apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: "FieldsV1",
      fieldsV1: fieldsV1Of(owned.set),
      ...(identity.subresource !== undefined && { subresource: identity.subresource }),
    });
  }
  return entries.sort(compareEntries);
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareText(a.operation ?? "", b.operation ?? "") ||
    secondsOf(a.time) - secondsOf(b.time) ||
    compareText(a.manager ?? "", b.manager ?? "") ||
    compareText(a.apiVersion ?? "", b.apiVersion ?? "") ||
    compareText(a.subresource ?? "", b.subresource ?? "")
  );
}

export function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}
