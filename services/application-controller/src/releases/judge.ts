import type { Application, ApplicationCondition, ApplicationStatus, ReleaseProven } from "@trireme/api/argo";
import { healthOf, isOperationInProgress, NO_ROLLBACK_ANNOTATION, provenAs, quarantineOf, releaseVerdict, RollbackMode, rollbackPolicy, rollbackTarget, shortRevisions, storedDigest, type ReleaseReason, type ReleaseVerdict } from "@trireme/gitops";
import type { Comparison } from "../applications/compare.ts";
import type { Facts } from "../applications/facts.ts";
import type { AppMemory, Desired, Trial } from "../applications/memory.ts";
import type { Deps } from "../deps.ts";

export interface Judgement {
  conditions: ApplicationCondition[];
  /** It has held for long enough: what it was made of is kept. */
  proven?: { digest: string };
  /** It is to be taken back. */
  failed?: { digest: string; revisions: readonly string[]; reason: ReleaseReason; message: string; to: ReleaseProven };
  /** When there is more to say. */
  inMs?: number;
}

/** Judges what the last sync delivered, until it has proven itself or is given up. What proved itself, or was given up, before is never judged again. */
export function judgeRelease(deps: Deps, facts: Facts, memory: AppMemory, seen: { app: Application; desired: Desired; comparison: Comparison; status: ApplicationStatus }): Judgement {
  const { app, desired, comparison, status } = seen;
  const record = deps.releases.of(app);
  const state = app.status?.operationState;
  const digest = status.sync?.status === "Synced" ? storedDigest(desired.digest) : memory.deployed;
  const policy = rollbackPolicy(app, facts.settings.config);
  if (!deps.releases.available || digest === undefined || state?.phase !== "Succeeded" || isOperationInProgress(app) || policy.mode === RollbackMode.Off || record.proven?.[0]?.digest === digest || quarantineOf(record, digest) !== undefined) {
    memory.trial = undefined;
    return { conditions: [] };
  }
  const verdict = releaseVerdict({ objects: comparison.objects.flatMap(({ live }) => (live === undefined ? [] : [{ object: live, health: healthOf(live) }])), live: facts.live, health: status.health });
  const now = deps.ctx.clock.now();
  const began = Date.parse(state.finishedAt ?? state.startedAt);
  const trial = (memory.trial = nextTrial(memory.trial?.digest === digest ? memory.trial : undefined, { digest, verdict, now, began, graceMs: policy.graceMs, status }));

  if (verdict.kind === "failing") {
    const due = verdict.final ? now : trial.failing!.since + policy.graceMs;
    if (due > now) return { conditions: [], inMs: due - now };
    // What has proven itself once is ill for another reason than being new.
    if (provenAs(record, digest) !== undefined) return { conditions: [] };
    const revisions = state.syncResult?.revisions ?? [state.syncResult?.revision ?? ""];
    const to = rollbackTarget(record, digest);
    const why = whyNot(policy.mode, to, desired);
    if (why !== undefined) return { conditions: [{ type: "ReleaseFailed", message: `${shortRevisions({ revisions })} has failed: ${verdict.message}; not rolled back: ${why}` }] };
    return { conditions: [], failed: { digest, revisions, reason: verdict.reason, message: verdict.message, to: to! } };
  }
  if (trial.healthySince === undefined) return { conditions: [], ...(trial.failing && { inMs: Math.max(1, trial.failing.lastSeen + policy.graceMs - now) }) };
  const due = trial.healthySince + policy.graceMs;
  return due > now ? { conditions: [], inMs: due - now } : { conditions: [], proven: { digest } };
}

/** Why a failed release stays where it is; undefined where it can be taken back. */
export function whyNot(mode: RollbackMode, to: ReleaseProven | undefined, failed: { hooks: Desired["hooks"] }): string | undefined {
  if (mode !== RollbackMode.On) return "the rollback policy is to tell only";
  const final = failed.hooks.find((hook) => (hook.metadata.annotations?.[NO_ROLLBACK_ANNOTATION] ?? "false") !== "false");
  if (final !== undefined) return `hook ${final.kind} ${final.metadata.name ?? final.metadata.generateName} is annotated ${NO_ROLLBACK_ANNOTATION}`;
  if (to === undefined) return "no earlier release has proven itself";
  return undefined;
}

/** Failing goes on through moments of looking well; being well begins when the last failure is a grace ago. */
function nextTrial(before: Trial | undefined, seen: { digest: string; verdict: ReleaseVerdict; now: number; began: number; graceMs: number; status: ApplicationStatus }): Trial {
  const { digest, verdict, now, began, graceMs } = seen;
  // Times of objects are cut to whole seconds: a grace is rather a second longer than one shorter.
  const from = (at: number | undefined) => Math.min(now, Math.max(began, at === undefined || Number.isNaN(at) ? now : at) + 1000);
  const recent = before?.failing !== undefined && now - before.failing.lastSeen < graceMs ? before.failing : undefined;
  if (verdict.kind === "failing") return { digest, healthySince: undefined, failing: { since: recent?.since ?? from(verdict.since), lastSeen: now } };
  if (recent !== undefined) return { digest, healthySince: undefined, failing: recent };
  if (verdict.kind !== "healthy") return { digest, healthySince: undefined, failing: undefined };
  return { digest, healthySince: before?.healthySince ?? from(Date.parse(seen.status.health?.lastTransitionTime ?? "")), failing: undefined };
}
