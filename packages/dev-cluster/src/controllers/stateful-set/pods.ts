import type { KubeObject } from "@trireme/api";
import type { Pod } from "../../loop/pods.ts";
import { podFrom, type PodTemplate } from "../pods.ts";
import { REVISION_LABEL, STATEFUL_SET, type StatefulSet } from "./types.ts";

/** Number at the end of a pod's name; `undefined` for names that are not this set's. */
export function ordinalOf(set: StatefulSet, pod: KubeObject): number | undefined {
  const match = /^(.*)-(0|[1-9][0-9]*)$/.exec(pod.metadata.name ?? "");
  return match && match[1] === set.metadata.name ? Number(match[2]) : undefined;
}

/** The pod with its lasting identity: name, host name, and volumes of its own. */
export function podAt(set: StatefulSet, ordinal: number, template: PodTemplate, revision: string): Pod {
  const pod = podFrom(template, set, STATEFUL_SET);
  const name = `${set.metadata.name}-${ordinal}`;

  pod.metadata.name = name;
  pod.metadata.labels = { ...pod.metadata.labels, [REVISION_LABEL]: revision, "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": String(ordinal) };
  pod.spec["hostname"] = name;
  if (set.spec.serviceName) pod.spec["subdomain"] = set.spec.serviceName;
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template) => ({ name: template.metadata.name!, persistentVolumeClaim: { claimName: claimName(set, template, ordinal) } }));
  const others = ((pod.spec["volumes"] ?? []) as { name: string }[]).filter((volume) => !claims.some((claim) => claim.name === volume.name));
  if (claims.length > 0) pod.spec["volumes"] = [...claims, ...others];
  return pod;
}

export function claimsAt(set: StatefulSet, ordinal: number): KubeObject[] {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: claimName(set, { metadata } as KubeObject, ordinal), namespace: set.metadata.namespace!, labels: { ...metadata.labels, ...set.spec.selector.matchLabels }, ...(metadata.annotations && { annotations: metadata.annotations }) },
    spec: structuredClone(spec),
  }));
}

function claimName(set: StatefulSet, template: KubeObject, ordinal: number): string {
  return `${template.metadata.name}-${set.metadata.name}-${ordinal}`;
}
