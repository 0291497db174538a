import { keyOf, parseApiVersion, type KubeObject, type ObjectKey } from "@trireme/api";
import { conditionsOf } from "../health/status.ts";
import { newestPods, type Children } from "../release/new-pods.ts";

/** What stands behind an object that is not healthy. Each has a line in docs/errors.md. */
export const CauseReason = {
  ImagePull: "ImagePull",
  Crashing: "Crashing",
  OutOfMemory: "OutOfMemory",
  ContainerConfig: "ContainerConfig",
  Unschedulable: "Unschedulable",
  NotReady: "NotReady",
  PodsRefused: "PodsRefused",
  JobFailed: "JobFailed",
  VolumePending: "VolumePending",
  NoAddress: "NoAddress",
  Finalizers: "Finalizers",
} as const;
export type CauseReason = (typeof CauseReason)[keyof typeof CauseReason];

export interface Cause {
  reason: CauseReason;
  message: string;
  /** The object on which it shows, which need not be the one that was asked about. */
  blocker: ObjectKey;
  /** RFC 3339, where an object tells. */
  since?: string;
  /** What a sentence in any language is filled in with. */
  values: Record<string, string>;
  /** What was read, as the cluster says it. */
  facts: Fact[];
  /** Where the container's own words are. */
  logs?: { pod: string; container: string; previous: boolean };
}

/** Something that an object says of itself. */
export interface Fact {
  /** condition, container, event, measurement, result. */
  what: string;
  text: string;
  since?: string;
}

/** How grave each is: of several pods the gravest speaks for all. */
const GRAVITY: readonly CauseReason[] = ["ImagePull", "ContainerConfig", "OutOfMemory", "Crashing", "Unschedulable", "NotReady"];
const REFUSED = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
const UNCONFIGURED = new Set(["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]);

/** Why an object is not healthy, as far as it and what hangs below it tell; undefined where they do not. */
export function causeOf(object: KubeObject, live: Children): Cause | undefined {
  return finalizersOf(object) ?? ofPods(podsBelow(object, live)) ?? refusedPods(object, live) ?? ofItself(object);
}

/** The pods that count: of a workload those of its newest template, else those that it has. */
function podsBelow(object: KubeObject, live: Children): readonly KubeObject[] {
  if (isPod(object)) return [object];
  return newestPods(object, live) ?? live.childrenOf(object).filter(isPod);
}

const isPod = ({ kind, apiVersion }: KubeObject): boolean => kind === "Pod" && apiVersion === "v1";

function ofPods(pods: readonly KubeObject[]): Cause | undefined {
  const causes = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).flatMap((pod) => ofPod(pod) ?? []);
  return causes.sort((a, b) => GRAVITY.indexOf(a.reason) - GRAVITY.indexOf(b.reason))[0];
}

function ofPod(pod: KubeObject): Cause | undefined {
  const { initContainerStatuses = [], containerStatuses = [], phase } = pod["status"] ?? {};
  if (phase === "Succeeded") return undefined;
  const conditions = conditionsOf(pod);
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled !== undefined) return podCause(pod, "Unschedulable", unscheduled.message ?? unscheduled.reason ?? "", {}, unscheduled.lastTransitionTime);
  const containers: ContainerStatus[] = [...initContainerStatuses, ...containerStatuses];
  for (const status of containers) {
    const cause = ofContainer(pod, status);
    if (cause !== undefined) return cause;
  }
  const waiting = containerStatuses.find(({ ready, state }: ContainerStatus) => ready !== true && state?.running !== undefined);
  if (waiting === undefined) return undefined;
  const readiness = conditions.find(({ type, status }) => type === "Ready" && status === "False");
  return podCause(pod, "NotReady", `container ${waiting.name} runs and is not ready`, { container: waiting.name }, readiness?.lastTransitionTime, { container: waiting.name, previous: false });
}

interface Termination {
  exitCode?: number;
  reason?: string;
  message?: string;
  finishedAt?: string;
}

interface ContainerStatus {
  name: string;
  image?: string;
  ready?: boolean;
  restartCount?: number;
  state?: { running?: object; waiting?: { reason?: string; message?: string }; terminated?: Termination };
  lastState?: { terminated?: Termination };
}

function ofContainer(pod: KubeObject, { name, image = "", restartCount = 0, state = {}, lastState = {} }: ContainerStatus): Cause | undefined {
  const { waiting } = state;
  const why = waiting?.reason ?? "";
  const declared = [...(pod["spec"]?.initContainers ?? []), ...(pod["spec"]?.containers ?? [])].find((container: { name?: string }) => container.name === name)?.image ?? image;
  if (REFUSED.has(why)) return podCause(pod, "ImagePull", waiting!.message ?? why, { container: name, image: declared });
  if (UNCONFIGURED.has(why)) return podCause(pod, "ContainerConfig", waiting!.message ?? why, { container: name });
  const ended = state.terminated ?? (why === "CrashLoopBackOff" || restartCount > 0 ? lastState.terminated : undefined);
  const isCrash = why === "CrashLoopBackOff" || (state.terminated !== undefined && (state.terminated.exitCode ?? 0) !== 0);
  if (!isCrash) return undefined;
  const { exitCode = 0, reason = "", message, finishedAt } = ended ?? {};
  const text = `container ${name} ended with exit code ${exitCode}${reason ? ` (${reason})` : ""}${message ? `: ${message.trim()}` : ""}`;
  return podCause(pod, reason === "OOMKilled" ? "OutOfMemory" : "Crashing", text, { container: name, exitCode: String(exitCode), restarts: String(restartCount) }, finishedAt, { container: name, previous: state.terminated === undefined && state.running === undefined });
}

function podCause(pod: KubeObject, reason: CauseReason, text: string, values: Record<string, string>, since?: string, logs?: { container: string; previous: boolean }): Cause {
  const name = pod.metadata.name ?? "";
  return { ...cause(pod, reason, text, since, { pod: name, ...values }, "container"), ...(logs && { logs: { pod: name, ...logs } }) };
}

/** Pods that the API server would not have: a quota, an admission policy, a missing service account. */
function refusedPods(object: KubeObject, live: Children): Cause | undefined {
  const failing = [object, ...live.childrenOf(object).filter(({ kind }) => kind === "ReplicaSet")].flatMap((one) => conditionsOf(one).filter(({ type, status }) => type === "ReplicaFailure" && status === "True").map((condition) => ({ one, condition })))[0];
  if (failing === undefined) return undefined;
  const { one, condition: { reason = "", message = "", lastTransitionTime } } = failing;
  return cause(one, "PodsRefused", message || reason, lastTransitionTime);
}

function ofItself(object: KubeObject): Cause | undefined {
  const { group } = parseApiVersion(object.apiVersion);
  switch (`${group}/${object.kind}`) {
    case "batch/Job": {
      const failed = conditionsOf(object).find(({ type, status }) => type === "Failed" && status === "True");
      return failed && cause(object, "JobFailed", failed.message ?? failed.reason ?? "", failed.lastTransitionTime);
    }
    case "/PersistentVolumeClaim":
      return object["status"]?.phase === "Pending" ? cause(object, "VolumePending", `no volume is bound to it${object["spec"]?.storageClassName ? ` by storage class ${object["spec"].storageClassName}` : ""}`) : undefined;
    case "/Service":
    case "networking.k8s.io/Ingress":
      return cause(object, "NoAddress", "no address was given to it yet");
    default:
      return undefined;
  }
}

/** What is being deleted and is held by others. */
function finalizersOf(object: KubeObject): Cause | undefined {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || deletionTimestamp === null || finalizers.length === 0) return undefined;
  return cause(object, "Finalizers", `it is being deleted and held by ${finalizers.join(", ")}`, String(deletionTimestamp), { name: object.metadata.name ?? "", finalizers: finalizers.join(", ") });
}

function cause(object: KubeObject, reason: CauseReason, text: string, since?: string, values: Record<string, string> = { name: object.metadata.name ?? "" }, what = "condition"): Cause {
  const from = since ?? object.metadata.creationTimestamp;
  return { reason, message: `${object.kind} ${object.metadata.name}: ${text}`, blocker: keyOf(object), ...(from && { since: from }), values, facts: [{ what, text, ...(from && { since: from }) }] };
}
