import type { Application, Operation, ResourceStatus, SyncStatus } from "@trireme/api/argo";
import { hasMultipleSources, isAutomated, isCompleted } from "./application.ts";
import { sameJson } from "./equality.ts";
import { selfHealDelay, type SelfHealBackoff } from "./retry.ts";

export type AutoSync =
  | { kind: "none"; because: string }
  /** The application shows this as SyncError. */
  | { kind: "refused"; message: string }
  | { kind: "later"; inMs: number; because: string }
  | { kind: "start"; operation: Operation; event: string };

/** Attempts that an automated operation gets where the application says nothing. */
const DEFAULT_RETRY_LIMIT = 5;

/**
 * Whether automated sync acts on a comparison. `touched` says that the compared revision changes what the
 * application is made of; otherwise only the sources decide whether it was attempted already. `pruneHeld` says that
 * what would be pruned waits for a person: then nothing is, as if pruning were off. `refusal` is why what Git wants must
 * not go out by itself.
 */
export function decideAutoSync(input: { app: Application; sync: SyncStatus; resources: readonly ResourceStatus[]; touched: boolean; backoff: SelfHealBackoff; now: number; pruneHeld?: boolean; refusal?: string }): AutoSync {
  const { app, sync, resources } = input;
  const policy = app.spec.syncPolicy;
  const automated = policy?.automated;
  if (!isAutomated(policy) || automated === undefined) return { kind: "none", because: "automated sync is off" };
  if (app.operation !== undefined && app.operation !== null) return { kind: "none", because: "another operation is in progress" };
  if (app.metadata.deletionTimestamp !== undefined) return { kind: "none", because: "deletion in progress" };
  if (sync.status !== "OutOfSync") return { kind: "none", because: `application status is ${sync.status}` };
  const wipesOut = automated.prune === true && automated.allowEmpty !== true && resources.every((resource) => resource.requiresPruning === true);
  const prune = automated.prune === true && (input.pruneHeld !== true || wipesOut);
  if (!prune && resources.every((resource) => resource.status === "Synced" || resource.requiresPruning === true)) return { kind: "none", because: "need to prune extra resources only but automated prune is disabled" };

  if (input.refusal !== undefined) return { kind: "refused", message: input.refusal };

  const many = hasMultipleSources(app.spec);
  const revisions = many ? (sync.revisions ?? []) : [sync.revision ?? ""];
  const source = many ? undefined : (sync.comparedTo?.source ?? app.spec.source);
  const operation: Operation = {
    sync: {
      ...(sync.revision !== undefined && { revision: sync.revision }),
      ...(prune && { prune: true }),
      ...(policy?.syncOptions !== undefined && policy.syncOptions.length > 0 && { syncOptions: policy.syncOptions }),
      ...(many ? { sources: app.spec.sources!, revisions } : source !== undefined && { source }),
    },
    initiatedBy: { automated: true },
    retry: policy?.retry ?? { limit: DEFAULT_RETRY_LIMIT },
  };

  const attempt = lastAttempt(app, revisions, input.touched);
  if (attempt.same) {
    const state = app.status!.operationState!;
    if (state.phase !== "Succeeded") return { kind: "refused", message: `Failed last sync attempt to ${goList(attempt.revisions)}: ${state.message ?? ""}` };
    if (automated.selfHeal !== true) return { kind: "none", because: `most recent sync already to ${goList(revisions)}` };
    const attempts = state.operation.sync?.autoHealAttemptsCount ?? 0;
    const finishedAt = state.finishedAt === undefined ? undefined : Date.parse(state.finishedAt);
    const inMs = selfHealDelay(input.backoff, attempts, finishedAt, input.now);
    if (inMs > 0) return { kind: "later", inMs, because: `already attempted sync to ${goList(attempt.revisions)}` };
    operation.sync!.autoHealAttemptsCount = attempts + 1;
    operation.sync!.resources = resources
      .filter((resource) => resource.status !== "Synced")
      .map(({ group, kind, name }) => ({ ...(group !== undefined && group !== "" && { group }), kind, name }));
  }
  if (wipesOut) {
    return { kind: "refused", message: `Skipping sync attempt to ${goList(revisions)}: auto-sync will wipe out all resources` };
  }
  return { kind: "start", operation, event: `Initiated automated sync to '${revisions.join(", ")}'` };
}

/** Whether the last operation went for the same revisions and sources. */
function lastAttempt(app: Application, revisions: readonly string[], touched: boolean): { same: boolean; revisions: string[] } {
  const state = app.status?.operationState;
  if (state === undefined || state === null) return { same: false, revisions: [] };
  const result = state.syncResult;
  if (result === undefined || result === null) return { same: isCompleted(state.phase), revisions: [] };
  const many = hasMultipleSources(app.spec);
  const attempted = many ? (result.revisions ?? []) : [result.revision];
  if (touched && !sameJson(attempted, revisions)) return { same: false, revisions: attempted };
  return { same: many ? sameJson(app.spec.sources, result.sources) : sameJson(app.spec.source, result.source), revisions: attempted };
}

function goList(values: readonly string[]): string {
  return `[${values.join(" ")}]`;
}
