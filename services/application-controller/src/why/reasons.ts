import { keyOf, type KubeObject, type ObjectKey } from "@trireme/api";
import type { Application, ReleaseStatus, ResourceResult } from "@trireme/api/argo";
import { causeOf, healthOf, isHook, type Cause, type Children, type Fact } from "@trireme/gitops";
import type { ReleaseReport } from "@trireme/rollouts";
import type { ObjectComparison } from "../applications/compare.ts";

/** One reason why an application is not Synced and Healthy: the JSON of `trireme.v1.WhyReason`, but for its evidence. */
export interface Reason {
  /** Searchable; has a line in docs/errors.md. */
  reason: string;
  message: string;
  /** What stands behind it, where that is known: as searchable. */
  cause?: string;
  /** What a sentence about the cause is filled in with. */
  values?: Record<string, string>;
  /** What it waits for, when that is an object. */
  blocker?: ObjectKey;
  /** The object of the application that the blocker belongs to, where it is another one. */
  object?: ObjectKey;
  /** RFC3339, where it is known. */
  since?: string;
  evidence?: unknown;
  facts?: Fact[];
  logs?: Cause["logs"];
  next: string;
}

export interface WhyInput {
  app: Application;
  compared: Iterable<ObjectComparison>;
  live: Children & { get(key: ObjectKey): KubeObject | undefined };
  /** What is remembered of the application's releases. */
  record: ReleaseStatus;
  reportOf(rollout: KubeObject): ReleaseReport;
}

const NEXT: Record<string, string> = {
  RolledBack: "push a commit that renders to something else, or sync by hand to let the same set out again",
  ReleaseFailed: "correct it in Git",
  AutomatedSyncStopped: "sync a good revision by hand, or lift the quarantine",
};
/** What will not get better by waiting. */
const GRAVE: ReadonlySet<string> = new Set(["ImagePull", "Crashing", "OutOfMemory", "ContainerConfig", "Unschedulable", "PodsRefused", "JobFailed"]);
/** Waits of a Rollout of which the reason alone says too little. */
const TOLD: ReadonlySet<string> = new Set(["InvalidSpec", "RolloutAborted", "ProgressDeadlineExceeded", "AnalysisInconclusive"]);
const FIELDS = 5;
const EVIDENCE = 20;
const FACTS = 5;

/** The heaviest reason first: what stops everything, what was decided about a release, what failed, what is ill, what waits, what differs. */
export function reasonsOf(input: WhyInput): Reason[] {
  const weighed = [...fromDeletion(input), ...fromConditions(input), ...fromOperation(input), ...[...input.compared].flatMap((one) => [...fromDifference(input, one), ...fromHealth(input, one)])];
  return weighed.map((each, index) => ({ ...each, index })).sort((a, b) => a.weight - b.weight || a.index - b.index).map(({ weight: _, index: __, ...reason }) => reason);
}

type Weighed = Reason & { weight: number };

function fromDeletion({ app, compared }: WhyInput): Weighed[] {
  const { deletionTimestamp } = app.metadata;
  if (deletionTimestamp === undefined || deletionTimestamp === null) return [];
  const left = [...compared].flatMap(({ live }) => live ?? []);
  const held = left.find(({ metadata }) => metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length > 0);
  const finalizers = held?.metadata.finalizers?.join(", ") ?? "";
  return [
    {
      weight: 1,
      reason: "Deleting",
      message: held === undefined ? `it is being deleted; ${left.length} objects are left` : `it is being deleted; ${nameOf(keyOf(held))} is held by ${finalizers}`,
      ...(held && { cause: "Finalizers", blocker: keyOf(held) }),
      values: { count: String(left.length), finalizers, name: held?.metadata.name ?? "" },
      since: String(deletionTimestamp),
      next: held === undefined ? "it goes on by itself" : "whoever set the finalizer has to take it back",
    },
  ];
}

function fromConditions({ app, record }: WhyInput): Weighed[] {
  const conditions = app.status?.conditions ?? [];
  const isHeldBack = conditions.some(({ type }) => type === "RolledBack" || type === "AutomatedSyncStopped");
  return conditions.flatMap(({ type, message, lastTransitionTime }) => {
    // Why the held-back revision is not synced is said already.
    if (type === "SyncError" && isHeldBack && message.startsWith("Skipping sync attempt")) return [];
    const quarantined = record.quarantined?.[0];
    const facts = type === "RolledBack" && quarantined?.message !== undefined ? [{ what: "condition", text: quarantined.message, ...(quarantined.since !== undefined && { since: quarantined.since }) }] : [];
    return [
      {
        // What a failed release is ill of says more than that it failed.
        weight: type === "ReleaseFailed" ? 4.5 : type in NEXT ? 1 : type.endsWith("Error") ? 0 : 9,
        reason: type,
        message,
        ...(type === "RolledBack" && { values: { from: shortOf(quarantined), to: shortOf(record.pinned) } }),
        ...(facts.length > 0 && { facts }),
        ...(lastTransitionTime !== undefined && { since: lastTransitionTime }),
        next: NEXT[type] ?? (type.endsWith("Error") ? "put right what the message names; it is looked at again by itself" : "look at the objects that the message names"),
      },
    ];
  });
}

function fromOperation(input: WhyInput): Weighed[] {
  const state = input.app.status?.operationState;
  const results = state?.syncResult?.resources ?? [];
  const told = (some: readonly ResourceResult[]): Fact[] => some.slice(0, FACTS).map((result) => ({ what: "result", text: `${nameOf(result)}: ${result.message || (result.hookPhase ?? result.status ?? "")}` }));
  if (state?.phase === "Running" || state?.phase === "Terminating") {
    const running = results.filter(({ hookPhase, hookType }) => hookType !== undefined && hookPhase === "Running");
    const waited = running[0] ?? results.find((result) => isOnItsWay(input, result));
    const cause = waited && ofLive(input, waited);
    const retries = state.retryCount ?? 0;
    return [{ weight: 5, reason: "OperationRunning", message: state.message ?? "one or more tasks are running", ...behind(cause, waited && keyOfResult(waited)), since: state.startedAt, ...(running.length > 0 && { facts: told(running) }), ...(retries > 0 && { values: { ...cause?.values, retries: String(retries) } }), next: "it goes on by itself; it can be terminated" }];
  }
  if (state === undefined || state.phase === "Succeeded") return [];
  const isTold = (input.app.status?.conditions ?? []).some(({ type }) => type === "RolledBack") && state.message?.startsWith("rolled back to") === true;
  if (isTold) return [];
  const failed = results.filter(({ status, hookPhase }) => status === "SyncFailed" || hookPhase === "Failed" || hookPhase === "Error");
  const cause = failed[0] && ofLive(input, failed[0]);
  return [{ weight: 2, reason: "OperationFailed", message: state.message ?? "", ...behind(cause, failed[0] && keyOfResult(failed[0])), ...(failed.length > 0 && { facts: told(failed) }), ...(state.finishedAt !== undefined && { since: state.finishedAt }), next: "correct what the message names in Git, or sync again" }];
}

function fromDifference({ record }: WhyInput, { key, live, target, modified, differences }: ObjectComparison): Weighed[] {
  // What is held back differs on purpose.
  const cause = record.pinned === undefined ? {} : { cause: "HeldBack" };
  const about = { blocker: key, weight: 7, ...cause };
  if (live === undefined) return [{ ...about, reason: "Missing", message: `${nameOf(key)} is in Git and not in the cluster`, next: "sync" }];
  if (target === undefined) return isHook(live) ? [] : [{ ...about, reason: "RequiresPruning", message: `${nameOf(key)} is in the cluster and not in Git any more`, next: "sync with pruning, or annotate it with Prune=false" }];
  if (!modified) return [];
  const fields = differences.map(({ path }) => path).slice(0, FIELDS).join(", ");
  const writers = [...new Set(differences.flatMap(({ writer }) => writer?.manager ?? []))].join(", ");
  return [{ ...about, reason: "Drifted", message: `${nameOf(key)} differs at ${fields}`, values: { fields, ...(writers !== "" && { writers }) }, evidence: key.kind === "Secret" ? differences.map(({ path, writer }) => ({ path, writer })) : differences.slice(0, EVIDENCE), next: "sync, or ignore the difference" }];
}

function fromHealth(input: WhyInput, { key, live }: ObjectComparison): Weighed[] {
  const health = live === undefined ? undefined : healthOf(live);
  if (live === undefined || health === undefined || health.status === "Healthy" || health.status === "Missing") return [];
  const cause = causeOf(live, input.live) ?? ofRollout(input, live);
  const isGrave = health.status === "Degraded" || (cause !== undefined && GRAVE.has(cause.reason));
  return [
    {
      weight: isGrave ? 4 : health.status === "Suspended" ? 6 : 8,
      reason: health.status,
      message: `${nameOf(key)}: ${cause?.message ?? health.message ?? health.status}`,
      ...behind(cause, key),
      ...(cause === undefined && health.message && { facts: [{ what: "condition", text: health.message }] }),
      next: health.status === "Progressing" && !isGrave ? "it goes on by itself" : "look at its pods and events",
    },
  ];
}

/** What a Rollout waits for, and which measurements went badly. */
function ofRollout({ reportOf }: WhyInput, object: KubeObject): Omit<Cause, "reason"> & { reason: string } | undefined {
  if (object.kind !== "Rollout" || !object.apiVersion.startsWith("argoproj.io/")) return undefined;
  const { namespace, waitingFor: waiting, analyses, sets, currentRevision } = reportOf(object);
  if (waiting === undefined) return undefined;
  const current = sets.find(({ revision }) => revision === currentRevision);
  const group: Record<string, string> = { AnalysisRun: "argoproj.io", ReplicaSet: "apps", Service: "" };
  const { blocker } = waiting;
  const measured = analyses.flatMap(({ failures }) => failures).filter(({ dryRun }) => !dryRun).slice(0, FACTS - 1);
  return {
    reason: waiting.reason,
    message: waiting.message,
    blocker: blocker === undefined ? keyOf(object) : { group: group[blocker.kind] ?? "", kind: blocker.kind, namespace, name: blocker.name },
    ...(waiting.since !== undefined && { since: waiting.since }),
    values: { available: String(current?.available ?? 0), desired: String(current?.desired ?? 0), ...(waiting.until !== undefined && { until: waiting.until }) },
    facts: [...(TOLD.has(waiting.reason) ? [{ what: "condition", text: waiting.message }] : []), ...measured.map(({ metric, phase, value, message, finishedAt }) => ({ what: "measurement", text: `${metric} measured ${value || message}: ${phase}`, ...(finishedAt !== undefined && { since: finishedAt }) }))],
  };
}

/** What a cause adds to a reason about an object. */
function behind(cause: (Omit<Cause, "reason"> & { reason: string }) | undefined, about: ObjectKey | undefined): Partial<Reason> {
  if (cause === undefined) return about === undefined ? {} : { blocker: about };
  const { reason, blocker, since, values, facts, logs } = cause;
  const isOther = about !== undefined && (about.kind !== blocker.kind || about.name !== blocker.name);
  return { cause: reason, blocker, ...(isOther && { object: about }), ...(since !== undefined && { since }), values, facts: facts.slice(0, FACTS), ...(logs && { logs }) };
}

const ofLive = ({ live }: WhyInput, result: ResourceResult): Cause | undefined => {
  const object = live.get(keyOfResult(result));
  return object && causeOf(object, live);
};

function isOnItsWay({ live }: WhyInput, result: ResourceResult): boolean {
  const object = live.get(keyOfResult(result));
  return object !== undefined && ["Progressing", "Degraded"].includes(healthOf(object)?.status ?? "");
}

const keyOfResult = ({ group, kind, namespace, name }: ResourceResult): ObjectKey => ({ group, kind, namespace, name });
const nameOf = ({ kind, namespace, name }: Pick<ObjectKey, "kind" | "namespace" | "name">): string => `${kind} ${namespace}/${name}`;
const shortOf = (set: { revision?: string; revisions?: string[] } | undefined): string => (set?.revisions ?? [set?.revision ?? ""]).map((revision) => (/^[0-9a-f]{40}/.test(revision) ? revision.slice(0, 7) : revision)).join(", ");
