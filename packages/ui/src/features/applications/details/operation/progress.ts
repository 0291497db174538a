import type { Application, OperationState, ResourceResult, ResourceStatus } from "@trireme/api/argo";
import { isOperationInProgress, sameJson } from "@trireme/gitops";
import { objectKey } from "../tree.ts";
import type { ObjectName } from "../types.ts";

/** One object or hook that an operation has to do with. */
export interface Item {
  /** As the tree names the object. */
  key: string;
  kind: string;
  name: string;
  /** Its result's, or `Waiting`: its turn has not come. */
  state: string | undefined;
  /** Undefined where nothing says it. */
  wave?: number | undefined;
  /** Undefined while it waits. */
  result?: ResourceResult;
}

export interface Progress {
  /** In the order of their turns. */
  items: Item[];
  /** Of an operation under way: how many of how many objects are done, hooks aside. Undefined where nobody can know it yet. */
  objects?: { done: number; count: number };
}

const NONE: Progress = { items: [] };

/** What a comparison said of the very thing that an operation deploys. */
export interface Planned {
  startedAt: string;
  revisions: readonly (string | undefined)[];
  resources: readonly ResourceStatus[];
}

/** What the operation is known to deal with, from this comparison or, where a newer commit was compared meanwhile, from the one before. */
export function plannedOf(app: Application, before?: Planned): Planned | undefined {
  const { operationState, resources = [] } = app.status ?? {};
  if (operationState?.syncResult == null) return undefined;
  const { startedAt, syncResult } = operationState;
  const revisions = syncResult.revisions ?? [syncResult.revision];
  if (isCompared(app, operationState)) return { startedAt, revisions, resources };
  return before?.startedAt === startedAt && sameJson(before.revisions, revisions) ? before : undefined;
}

/**
 * What has become of each object of the operation under way, or else of the last one, and what still waits for its turn.
 * Those are known from a comparison that was made with what the operation deploys; of hooks it says nothing.
 */
export function progressOf(app: Application, planned = plannedOf(app)): Progress {
  const { operationState } = app.status ?? {};
  // What was asked for has not begun; the results are those of another one.
  if (operationState == null || (app.operation != null && !isOperationInProgress(app))) return NONE;
  const isRunning = operationState.phase === "Running";
  const compared = planned?.resources ?? [];
  const found = new Map<string, ResourceStatus>();
  for (const resource of compared) found.set(objectKey(resource as ObjectName), resource);
  // The results of objects that are in no namespace name the destination's.
  const resourceOf = (result: ResourceResult): ResourceStatus | undefined => found.get(objectKey(result)) ?? found.get(objectKey({ ...result, namespace: "" }));
  const seen = new Set<ResourceStatus>();
  const items = (operationState.syncResult?.resources ?? []).map((result): Item => {
    const resource = resourceOf(result);
    if (resource !== undefined && result.hookType === undefined) seen.add(resource);
    return { ...itemOf(resource ?? result, resource), state: stateOf(result, isRunning), result };
  });
  if (!isRunning || compared.length === 0) return { items };
  const waiting = compared.filter((resource) => !seen.has(resource) && takesPart(resource, operationState)).map((resource): Item => ({ ...itemOf(resource, resource), state: "Waiting" }));
  // Nobody can say here when a pruned object's turn comes.
  waiting.sort((a, b) => (a.wave ?? Infinity) - (b.wave ?? Infinity) || 0);
  const objects = [...items.filter(({ result }) => result?.hookType === undefined && result?.syncPhase === "Sync"), ...waiting];
  return { items: [...items, ...waiting], objects: { done: objects.filter(isDone).length, count: objects.length } };
}

export const isDone = ({ state }: Item): boolean => state !== "Waiting" && state !== "Running";

const BAD = new Set(["SyncFailed", "Failed", "Error", "PruneSkipped"]);
export const isBad = ({ state }: Item): boolean => BAD.has(state ?? "");

/** So many items that what happens now, else what went wrong, is among them. */
export function heart(items: readonly Item[], size: number): readonly Item[] {
  if (items.length <= size) return items;
  const now = items.findIndex((item) => !isDone(item));
  const first = now >= 0 ? now : items.findIndex(isBad);
  const start = Math.max(0, Math.min(items.length - size, first - 2));
  return items.slice(start, start + size);
}

function itemOf(named: { group?: string; kind: string; namespace?: string; name: string }, resource: ResourceStatus | undefined): Pick<Item, "key" | "kind" | "name" | "wave"> {
  const hasWave = resource !== undefined && resource.requiresPruning !== true;
  return { key: objectKey(named), kind: named.kind, name: named.name, ...(hasWave && { wave: resource.syncWave ?? 0 }) };
}

/** Applied is not yet there: a wave's objects run until they are healthy. Of the last wave nothing is waited for. */
function stateOf({ kind, hookType, hookPhase, status }: ResourceResult, isRunning: boolean): string | undefined {
  if (hookType !== undefined) return hookPhase;
  // Once it is made, nobody looks at it again.
  if (kind === "Namespace" && status === "Synced") return status;
  if (status !== "Synced" || hookPhase === undefined || hookPhase === "Succeeded") return status ?? hookPhase;
  return hookPhase === "Running" && !isRunning ? status : hookPhase;
}

/** True where the comparison is one with just what the operation deploys. */
function isCompared({ status }: Application, { operation, syncResult }: OperationState): boolean {
  const { sync } = status ?? {};
  if (sync === undefined || syncResult == null || (operation.sync?.manifests ?? []).length > 0) return false;
  const { source, sources } = sync.comparedTo ?? {};
  return sameJson(sources ?? [source], syncResult.sources ?? [syncResult.source]) && sameJson(sync.revisions ?? [sync.revision], syncResult.revisions ?? [syncResult.revision]);
}

function takesPart(resource: ResourceStatus, { operation: { sync } }: OperationState): boolean {
  const { group = "", kind, namespace = "", name, status } = resource;
  // Hooks and what is left alone have no state of their own; of an unknown one nobody knows.
  if (status !== "OutOfSync" && (status !== "Synced" || sync?.syncOptions?.includes("ApplyOutOfSyncOnly=true") === true)) return false;
  const chosen = sync?.resources ?? [];
  return chosen.length === 0 || chosen.some((one) => (one.group ?? "") === group && one.kind === kind && one.name === name && (!one.namespace || one.namespace === namespace));
}
