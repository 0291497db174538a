import type { Rollout } from "@trireme/api/argo";
import { blueGreenPass } from "./blue-green/pass.ts";
import { canaryPass } from "./canary/pass.ts";
import { draftOf } from "./rollout/draft.ts";
import { copyJson, sameJson } from "./rollout/json.ts";
import { findStableSet, Halt, isFullyPromoted, openRelease, tell, type Release } from "./rollout/release.ts";
import { validateReferences } from "./rollout/references.ts";
import { validateSpec, invalid } from "./rollout/validate.ts";
import { ensureNewSet } from "./replica-sets/new-set.ts";
import { isFastRollback } from "./replica-sets/deadline.ts";
import { claimOrphans } from "./replica-sets/claim.ts";
import { finishStatus } from "./status/finish.ts";
import { invalidStatus, LOOK_AGAIN_MS } from "./status/invalid.ts";
import { noPauseChanges } from "./status/pause.ts";
import { expandStrategy } from "./strategies/expand.ts";
import { resolveWorkload } from "./workload-ref/resolve.ts";
import { writesOf } from "./writes.ts";
import type { Decision, Snapshot } from "./snapshot.ts";

/** Passes until nothing changes any more; what goes on longer is left to the next look. */
const MOST_PASSES = 12;
const TRY_AGAIN_MS = 10_000;

/**
 * What one Rollout needs next: every write and every event at once. Passes are repeated over drafts until they change
 * nothing, so that states that nobody needs to see are never written. The same snapshot gives the same decision.
 */
export function decide(snapshot: Snapshot): Decision {
  const stored = snapshot.rollout;
  if (stored.metadata.deletionTimestamp !== undefined) return NOTHING;
  const expanded = expandStrategy(stored);
  if (expanded !== undefined && "write" in expanded) return { ...NOTHING, writes: [expanded.write] };
  const resolved = resolveWorkload(stored, snapshot.workload);
  const rollout = "rollout" in resolved ? resolved.rollout : draftOf(stored);
  const release = openRelease(snapshot, rollout);
  const problem = expanded !== undefined ? invalid("metadata.annotations", stored.metadata.annotations?.["trireme.dev/strategy"] ?? "", expanded.problem) : "problem" in resolved ? invalid("spec.workloadRef", stored.spec.workloadRef?.name ?? "", resolved.problem) : (validateSpec(rollout) ?? validateReferences(rollout, snapshot));
  if (problem !== undefined) return decideInvalid(release, problem);
  if (stored.status === undefined) tell(release, "RolloutAddedToInformer", `Rollout resource added to informer: ${stored.metadata.namespace}/${stored.metadata.name}`);
  // The scale subresource, which autoscalers use, needs the number to be there.
  rollout.spec.replicas ??= 1;
  let halted: Halt | undefined;
  try {
    claimOrphans(release);
    ensureNewSet(release);
    settle(release);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    halted = error;
    release.status = release.before;
    tell(release, "ReconciliationError", `Reconciliation failed with error: ${halted.message}`, "status", "Warning");
  }
  return { writes: writesOf(release), events: release.events, lookAgainAt: halted === undefined ? release.lookAgainAt : Math.min(release.lookAgainAt ?? Number.POSITIVE_INFINITY, snapshot.now + TRY_AGAIN_MS), problem: halted?.message };
}

const NOTHING: Decision = { writes: [], events: [], lookAgainAt: undefined, problem: undefined };

/** Looks over the drafts until a look changes nothing that the next one would see. */
function settle(release: Release): void {
  let seen = visible(release);
  for (let count = 0; count < MOST_PASSES; count++) {
    pass(release);
    const next = visible(release);
    if (release.evicted.length > 0 || sameJson(seen, next)) return;
    seen = next;
  }
}

function pass(release: Release): void {
  release.status = {};
  release.pause = noPauseChanges();
  release.isFastRollback = isFastRollback(release) && release.before.abortedAt === undefined;
  // Nothing is left to abort once the set is stable.
  if (isFullyPromoted(release) && release.before.abort === true) release.pause.removeAbort = true;
  if (release.rollout.spec.strategy?.blueGreen !== undefined) blueGreenPass(release);
  else canaryPass(release);
  finishStatus(release);
  release.before = copyJson(release.status);
  release.stableSet = findStableSet(release);
}

/** What passes see and change: of drafts, the members that may be other ones. */
function visible({ before, sets, services, runs, workload, pods }: Release): unknown {
  return [before, ...[...sets, ...services.values(), ...runs, ...pods, ...(workload === undefined ? [] : [workload])].map(({ metadata, spec }) => ({ metadata: { ...metadata }, spec: { ...spec } }))];
}

function decideInvalid(release: Release, problem: string): Decision {
  invalidStatus(release, problem);
  return { writes: writesOf({ ...release, rollout: { ...release.snapshot.rollout } as Rollout }), events: release.events, lookAgainAt: release.now + LOOK_AGAIN_MS, problem: undefined };
}
