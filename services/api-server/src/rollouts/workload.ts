import type { KubeObject } from "@trireme/api";
import type { ObjectRef } from "@trireme/kube";
import { invalid } from "../errors.ts";
import { DEPLOYMENT } from "../state/resources.ts";

/** What holds the pod template: the Rollout, or the workload of one of these kinds that it refers to. */
export function workloadOf(rollout: KubeObject, ref: ObjectRef, kinds: readonly string[]): ObjectRef {
  const workload = rollout["spec"]?.workloadRef;
  if (workload === undefined) return ref;
  if (!kinds.includes(workload.kind)) throw invalid(`workload of type ${workload.kind} is not supported`);
  const known = workload.kind === "PodTemplate" ? { group: "", version: "v1", kind: "PodTemplate" } : { ...DEPLOYMENT, kind: workload.kind as string };
  return { ...known, namespace: ref.namespace ?? "", name: workload.name as string };
}
