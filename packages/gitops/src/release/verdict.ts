import { keyOf, parseApiVersion, type KubeObject, type ObjectKey } from "@trireme/api";
import { newestPods, type Children } from "./new-pods.ts";

/** What is wrong with a release. Each has a line in docs/errors.md. */
export const ReleaseReason = {
  SyncFailed: "SyncFailed",
  RolloutAborted: "RolloutAborted",
  Degraded: "HealthDegraded",
  PodsStuck: "PodsStuck",
} as const;
export type ReleaseReason = (typeof ReleaseReason)[keyof typeof ReleaseReason];

export type ReleaseVerdict =
  | { kind: "healthy" }
  /** Neither well nor failing: whoever rolls it out is at work, or waits for a person. */
  | { kind: "open" }
  | {
      kind: "failing";
      reason: ReleaseReason;
      message: string;
      blocker: ObjectKey;
      /** When it began, as far as the objects tell; milliseconds since the epoch. */
      since: number | undefined;
      /** It is certain already: no grace is left to wait for. */
      final: boolean;
    };

export interface ReleaseFacts {
  /** Live objects of the application with the health of each, where its kind has one. */
  objects: readonly { object: KubeObject; health: { status: string; message?: string } | undefined }[];
  live: Children;
  /** Of the application as a whole, and since when. */
  health: { status?: string; lastTransitionTime?: string } | undefined;
}

/** Ways in which a container does not come up by itself any more. */
const STUCK: readonly string[] = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CrashLoopBackOff", "CreateContainerConfigError"];

/**
 * Whether what was delivered works, judged by the new pods and not by old ones, without waiting for Kubernetes'
 * ten-minute deadline: a Rollout that its controller has aborted, containers of new pods that are stuck, or an
 * application that is Degraded. A person's abort is a person's.
 */
export function releaseVerdict({ objects, live, health }: ReleaseFacts): ReleaseVerdict {
  for (const { object } of objects) {
    const aborted = abortedRollout(object);
    if (aborted !== undefined) return aborted;
  }
  for (const { object } of objects) {
    const stuck = stuckWorkload(object, live);
    if (stuck !== undefined) return stuck;
  }
  if (health?.status === "Degraded") {
    const ill = objects.find((each) => each.health?.status === "Degraded" && !isPersonsAbort(each.object));
    if (ill === undefined) return { kind: "open" };
    const since = Date.parse(health.lastTransitionTime ?? "");
    return { kind: "failing", reason: ReleaseReason.Degraded, message: `${nameOf(ill.object)} is Degraded${ill.health?.message ? `: ${ill.health.message}` : ""}`, blocker: keyOf(ill.object), since: Number.isNaN(since) ? undefined : since, final: false };
  }
  return health?.status === "Healthy" ? { kind: "healthy" } : { kind: "open" };
}

function abortedRollout(object: KubeObject): ReleaseVerdict | undefined {
  const why = isRollout(object) && object["status"]?.abort === true ? abortCause(object) : undefined;
  if (why === undefined) return undefined;
  return { kind: "failing", reason: ReleaseReason.RolloutAborted, message: `${nameOf(object)}: ${why}`, blocker: keyOf(object), since: undefined, final: true };
}

/** The rollout's controller says why it aborted; of a person's abort it knows no cause (argo-rollouts 1.9 pause context). */
function abortCause(rollout: KubeObject): string | undefined {
  const message: string = rollout["status"]?.message ?? "";
  return /^RolloutAborted: Rollout aborted update to revision \d+: ./s.test(message) ? message.slice("RolloutAborted: ".length) : undefined;
}

function isPersonsAbort(object: KubeObject): boolean {
  return isRollout(object) && object["status"]?.abort === true && abortCause(object) === undefined;
}

function isRollout(object: KubeObject): boolean {
  return object.kind === "Rollout" && parseApiVersion(object.apiVersion).group === "argoproj.io";
}

function stuckWorkload(workload: KubeObject, live: Children): ReleaseVerdict | undefined {
  for (const pod of newestPods(workload, live) ?? []) {
    if (pod.metadata.deletionTimestamp !== undefined && pod.metadata.deletionTimestamp !== null) continue;
    const container = stuckContainer(pod);
    if (container === undefined) continue;
    const { reason, message } = container.state.waiting;
    return {
      kind: "failing",
      reason: ReleaseReason.PodsStuck,
      message: `${nameOf(workload)}: container ${container.name} of pod ${pod.metadata.name} is in ${reason}${message ? `: ${message}` : ""}`,
      blocker: keyOf(pod),
      since: notReadySince(pod),
      final: false,
    };
  }
  return undefined;
}

/**
 * Pods of a failed template that keep a StatefulSet from the one that it was given back: its controller waits for them to
 * become ready, for ever, until somebody deletes them (Kubernetes' "forced rollback").
 */
export function podsInTheWay(set: KubeObject, live: Children): KubeObject[] {
  const { group } = parseApiVersion(set.apiVersion);
  const { observedGeneration, updateRevision } = set["status"] ?? {};
  if (group !== "apps" || set.kind !== "StatefulSet" || updateRevision === undefined || observedGeneration !== set.metadata.generation) return [];
  return live.childrenOf(set).filter((pod) => pod.kind === "Pod" && pod.metadata.deletionTimestamp === undefined && pod.metadata.labels?.["controller-revision-hash"] !== updateRevision && stuckContainer(pod) !== undefined);
}

function stuckContainer(pod: KubeObject): { name: string; state: { waiting: { reason: string; message?: string } } } | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod["status"] ?? {};
  return [...initContainerStatuses, ...containerStatuses].find((container) => STUCK.includes(container?.state?.waiting?.reason ?? ""));
}

function notReadySince(pod: KubeObject): number | undefined {
  const ready = (pod["status"]?.conditions ?? []).find((condition: { type?: string; status?: string }) => condition.type === "Ready" && condition.status === "False");
  const at = Date.parse(ready?.lastTransitionTime ?? pod.metadata.creationTimestamp ?? "");
  return Number.isNaN(at) ? undefined : at;
}

function nameOf(object: KubeObject): string {
  return `${object.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}
