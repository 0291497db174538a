import type { KubeObject } from "@trireme/api";
import { DomainError } from "@trireme/api";
import type { ApplyResult, ManagerContext } from "../merge.ts";
import { checkValue, problemsText } from "./check-value.ts";
import { PlacelessItem } from "./compare-objects.ts";
import { conflictsOf } from "./conflicts.ts";
import { keepLastApplied, lastAppliedAllows } from "./last-applied-fields.ts";
import type { Managers } from "./managers.ts";
import { managerId, readManagers } from "./managers.ts";
import type { KindSchema } from "./object-versions.ts";
import { ignoredFields, versionsOf } from "./object-versions.ts";
import { ownershipAfterApply } from "./ownership.ts";
import { ownUntracked, withManagers, withoutServerFields } from "./track-update.ts";
import { isBuiltIn, typeOf } from "./types.ts";
import { equalValues } from "./values.ts";
import { keepTimes } from "./keep-times.ts";
import { withoutNulls } from "./without-nulls.ts";

export interface ApplyOptions extends ManagerContext, KindSchema {
  /** The object as it is stored; `undefined` when the apply creates it. */
  live: KubeObject | undefined;
  /** What is applied: the fields that the manager means, and no others. */
  config: KubeObject;
  /** Takes fields over that others own. */
  force?: boolean;
}

/**
 * Server-side apply as the API server does it: what the config sets is merged over the live object, what
 * this manager applied before and left out now is removed unless somebody else owns it, and managedFields follow.
 * Conflicts are answered, not thrown; then `object` is the live one. Throws DomainError for a config that does not fit its schema.
 */
export function serverSideApply(options: ApplyOptions): ApplyResult {
  const { config } = options;
  if (config.metadata?.managedFields !== undefined && config.metadata.managedFields !== null) throw invalid("metadata.managedFields must be nil");
  const created: KubeObject = { apiVersion: config.apiVersion, kind: config.kind, metadata: {} };
  const live = options.live ?? created;
  const managers = managersOf(options, live);
  checkConfig(options);
  checkLive(options);
  const first = applyOnce(options, live, managers, options.force === true);
  if (!("conflicts" in first)) return settled(options, live, first);
  if (options.manager === "kubectl" && options.live !== undefined) {
    const allowed = lastAppliedAllows(options, live);
    const conflicts = allowed === undefined ? first.conflicts : first.conflicts.filter(({ path }) => !allowed.has(path));
    if (conflicts.length === 0) {
      const forced = applyOnce(options, live, managersOf(options, live), true);
      if (!("conflicts" in forced)) return settled(options, live, forced);
    }
    return { object: live, conflicts: conflictsOf(conflicts), changed: false };
  }
  return { object: live, conflicts: conflictsOf(first.conflicts), changed: false };
}

function checkConfig({ config, schema }: ApplyOptions): void {
  const problems = checkValue(typeOf(schema), config, { allowDuplicates: false });
  if (problems.length === 0) return;
  throw invalid(`failed to create typed patch object (${nameOf(config)}): ${problemsText(problems)}`);
}

function checkLive({ live, schema }: ApplyOptions): void {
  if (live === undefined) return;
  const problems = checkValue(typeOf(schema), live, { allowDuplicates: true });
  if (problems.length > 0) throw invalid(`failed to create typed live object (${nameOf(live)}): ${problemsText(problems)}`);
}

function nameOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}; ${apiVersion}, Kind=${kind}`;
}

function invalid(message: string): DomainError {
  return new DomainError(message, { reason: "InvalidApply" });
}

/** Fields of an object that nobody manages yet belong to `before-first-apply`. */
function managersOf(options: ApplyOptions, live: KubeObject): Managers {
  let managers: Managers;
  try {
    managers = readManagers(live.metadata.managedFields);
  } catch (cause) {
    throw new DomainError(`failed to decode managed fields: ${(cause as Error).message}`, { reason: "InvalidManagedFields", cause });
  }
  if (managers.fields.size > 0 || options.live === undefined) return managers;
  try {
    return ownUntracked(options, live, managers);
  } catch (error) {
    if (!(error instanceof PlacelessItem)) throw error;
    throw invalid(`failed to create manager for existing fields: failed to convert new object (${nameOf(live)}) to smd typed: ${error.message}`);
  }
}

type Applied = { object: KubeObject | undefined; managers: Managers };

function applyOnce(options: ApplyOptions, live: KubeObject, managers: Managers, force: boolean): Applied | { conflicts: { manager: string; path: readonly string[] }[] } {
  const { config } = options;
  const id = managerId({ manager: options.manager || "unknown", operation: "Apply", ...(options.subresource && { subresource: options.subresource }) });
  const versions = versionsOf(options, config.apiVersion);
  const applied = ownershipAfterApply(versions.convert(live, config.apiVersion), config, config.apiVersion, new Map(managers.fields), id, versions, ignoredFields(options), force);
  if ("conflicts" in applied) return applied;
  const fields = withoutServerFields(applied.owners, id);
  const times = new Map(managers.times);
  const same = options.live !== undefined && equalValues(live, applied.object);
  if (!same) times.set(id, options.now);
  return { object: same ? undefined : applied.object, managers: { fields, times } };
}

function settled(options: ApplyOptions, live: KubeObject, { object, managers }: Applied): ApplyResult {
  let next = object ?? live;
  if (options.schema !== undefined && isBuiltIn(options.schema.schema)) next = withoutNulls(typeOf(options.schema), next);
  if (options.manager === "kubectl") next = keepLastApplied(next, options.config);
  next = withManagers(next, managers);
  if (options.live === undefined) return { object: next, conflicts: [], changed: true };
  const kept = keepTimes(live, next);
  return { object: kept.object, conflicts: [], changed: kept.changed };
}
