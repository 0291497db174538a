import type { KubeObject } from "@trireme/api";
import { matchesExpression, matchesLabels } from "../loop/selector.ts";
import type { Pod } from "../loop/pods.ts";

interface Term {
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
  matchFields?: { key: string; operator: string; values?: string[] }[];
}

/** Why the pod may not run on the node, in the scheduler's words after a count; `undefined` where it may. */
export function unfitReason(pod: Pod, node: KubeObject, podsThere: () => number): string | undefined {
  const spec = node["spec"] ?? {};
  if (node.metadata.deletionTimestamp) return "node(s) were being deleted";
  const taint = [...(spec.taints ?? []), ...(spec.unschedulable ? [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] : [])].find((each) => each.effect !== "PreferNoSchedule" && !tolerates(pod, each));
  if (taint) return taint.key === "node.kubernetes.io/unschedulable" ? "node(s) were unschedulable" : `node(s) had untolerated taint {${taint.key}${taint.value ? `: ${taint.value}` : ": "}}`;
  if (!matchesLabels(pod.spec["nodeSelector"], node.metadata.labels) || !affine(pod, node)) return "node(s) didn't match Pod's node affinity/selector";
  if (podsThere() >= Number(node["status"]?.allocatable?.pods ?? 0)) return "Too many pods";
  return undefined;
}

export function tolerates(pod: { spec: Record<string, any> }, taint: { key: string; value?: string; effect: string }): boolean {
  return ((pod.spec["tolerations"] ?? []) as { key?: string; operator?: string; value?: string; effect?: string }[]).some(
    ({ key, operator = "Equal", value = "", effect }) => (!effect || effect === taint.effect) && (!key ? operator === "Exists" : key === taint.key && (operator === "Exists" || value === (taint.value ?? ""))),
  );
}

function affine(pod: Pod, node: KubeObject): boolean {
  const required = pod.spec["affinity"]?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return true;
  return ((required.nodeSelectorTerms ?? []) as Term[]).some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    return matchExpressions.every((each) => matchesExpression(each, node.metadata.labels?.[each.key])) && matchFields.every((each) => matchesExpression(each, each.key === "metadata.name" ? node.metadata.name : undefined));
  });
}
