import type { KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import { isKubeError, refOf } from "@trireme/kube";
import { createErrorStatus, decide, type Decision, type ReplicaSet, type RolloutEvent, type Write } from "@trireme/rollouts";
import { AppError, asAppError } from "@trireme/runtime";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import { snapshotOf } from "./snapshot.ts";
import { keyOf, makeWrites } from "./write.ts";

/** Looks that follow each other on their own writes' answers; what needs more comes back by itself. */
const MOST_LOOKS = 25;

export interface VisitDeps {
  live: LiveCluster;
  /** As the cache has it now; undefined: gone. */
  rollout(): Rollout | undefined;
  orphans(): Iterable<ReplicaSet>;
  tell(rollout: Rollout, event: RolloutEvent): void;
  now(): number;
}

/**
 * Decides, writes, and decides again on the answers, until there is nothing to write. Answers when to look again,
 * Unix time in milliseconds. Throws where the cluster refuses what must be written.
 */
export async function visitRollout(deps: VisitDeps, signal: AbortSignal): Promise<number | undefined> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const rollout = deps.rollout();
    if (rollout === undefined) return undefined;
    const decision = decide(snapshotOf(deps.live, rollout, deps.orphans(), deps.now()));
    if (decision.writes.length === 0) {
      tellAll(deps, rollout, decision, new Set(["status"]));
      if (decision.problem !== undefined) throw new AppError(decision.problem, { reason: "RolloutNotReconciled", retry: "later" });
      return decision.lookAgainAt;
    }
    await beforeAdopting(deps, rollout, decision.writes, signal);
    const { done } = await makeWrites(deps.live, decision.writes, signal).catch((error: unknown) => failed(deps, rollout, decision.writes, error, signal));
    if (!decision.writes.some((write) => keyOf(write) === "status")) done.add("status");
    tellAll(deps, rollout, decision, done);
    if (decision.problem !== undefined) throw new AppError(decision.problem, { reason: "RolloutNotReconciled", retry: "later" });
  }
  return deps.now();
}

function tellAll(deps: VisitDeps, rollout: Rollout, { events }: Decision, done: ReadonlySet<string>): void {
  for (const event of events) if (done.has(event.of)) deps.tell(rollout, event);
}

/** Before a set is taken over, the server itself says that this Rollout is there and stays. */
async function beforeAdopting({ live }: VisitDeps, rollout: Rollout, writes: readonly Write[], signal: AbortSignal): Promise<void> {
  const adopts = writes.some((write) => write.verb === "patch" && write.base.kind === "ReplicaSet" && (write.patch["metadata"] as KubeObject["metadata"] | undefined)?.ownerReferences !== undefined);
  if (!adopts) return;
  const fresh = await live.client.get(refOf(rollout), { signal });
  if (fresh.metadata.uid !== rollout.metadata.uid || fresh.metadata.deletionTimestamp !== undefined) throw new AppError(`Rollout ${rollout.metadata.namespace}/${rollout.metadata.name} is going`, { reason: "LostRace", retry: "now" });
}

/** A set that the server does not want is said in the Rollout's status; everything is said as an event. */
async function failed(deps: VisitDeps, rollout: Rollout, writes: readonly Write[], thrown: unknown, signal: AbortSignal): Promise<never> {
  const error = asAppError(thrown);
  const set = writes.find((write) => write.verb === "create" && write.object.kind === "ReplicaSet");
  if (set?.verb === "create" && isKubeError(thrown) && error.retry !== "later" && deps.live.get({ group: "apps", kind: "ReplicaSet", namespace: rollout.metadata.namespace ?? "", name: set.object.metadata.name ?? "" }) === undefined) {
    const message = `Failed to create new replica set "${set.object.metadata.name}": ${error.message}`;
    deps.tell(rollout, { type: "Warning", reason: "ReplicaSetCreateError", message, of: "status" });
    const write = createErrorStatus(rollout, message, deps.now());
    if (write !== undefined) await makeWrites(deps.live, [write], signal);
  } else if (!signal.aborted) deps.tell(rollout, { type: "Warning", reason: "ReconciliationError", message: `Reconciliation failed with error: ${error.message}`, of: "status" });
  throw error;
}
