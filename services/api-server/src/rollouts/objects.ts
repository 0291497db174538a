import type { KubeObject, ObjectMeta } from "@trireme/api";

/** What a namespace holds of Rollouts and of all that is below them. */
export interface RolloutObjects {
  rollouts: readonly KubeObject[];
  replicaSets: readonly KubeObject[];
  pods: readonly KubeObject[];
  analysisRuns: readonly KubeObject[];
  experiments: readonly KubeObject[];
  deployments: readonly KubeObject[];
}

export const REVISION = "rollout.argoproj.io/revision";
export const HASH = "rollouts-pod-template-hash";

export function ownedBy(uid: string | undefined): (object: KubeObject) => boolean {
  return (object) => uid !== undefined && (object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

export function revisionOf(object: KubeObject): number {
  const text = object.metadata.annotations?.[REVISION] ?? "";
  return /^-?\d+$/.test(text) ? Number(text) : 0;
}

/** What is told of an object that only stands in a tree. */
export function briefly({ name, namespace, creationTimestamp, uid }: ObjectMeta): object {
  return { name, namespace, uid, creationTimestamp };
}

/** Older first. */
export function byCreation(a: KubeObject, b: KubeObject): number {
  return (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? "");
}

/** By character codes, as Go compares. */
export function byText(a: string | undefined, b: string | undefined): number {
  return (a ?? "") < (b ?? "") ? -1 : (a ?? "") > (b ?? "") ? 1 : 0;
}

/** A pod template's images, sidecars of the start apart. */
export const imagesOf = (containers: unknown): { name: string; image: string }[] => (Array.isArray(containers) ? containers.map(({ name, image }) => ({ name, image: image ?? "" })) : []);
