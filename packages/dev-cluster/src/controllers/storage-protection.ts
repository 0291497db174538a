import type { KubeObject } from "@trireme/api";
import { isNotFound } from "@trireme/kube";
import type { Kind } from "../loop/informers.ts";
import { indexBy } from "../loop/index-by.ts";
import { isOver, type Pod } from "../loop/pods.ts";
import { controllerOfKind, POD, type Controller, type ControllerContext } from "./context.ts";

const CLAIM: Kind = { group: "", version: "v1", kind: "PersistentVolumeClaim" };
const VOLUME: Kind = { group: "", version: "v1", kind: "PersistentVolume" };
const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";

/** Claims in use by a pod, and volumes bound to a claim, are not deleted under them: a finalizer holds them until then. */
export function startStorageProtection(ctx: ControllerContext): Controller[] {
  const byClaim = indexBy(ctx.informers.of<Pod>(POD), (pod) => (isOver(pod) ? [] : claimsOf(pod)));
  const claims = controllerOfKind<KubeObject>(ctx, { name: "pvc-protection-controller", kind: CLAIM, visit: (claim, signal) => protect(claim, CLAIM, CLAIM_FINALIZER, () => byClaim.get(keyOf(claim)).length > 0, signal) });
  const volumes = controllerOfKind<KubeObject>(ctx, { name: "pv-protection-controller", kind: VOLUME, visit: (volume, signal) => protect(volume, VOLUME, VOLUME_FINALIZER, () => volume["status"]?.phase === "Bound", signal) });
  ctx.informers.of<Pod>(POD).on(({ object }) => claimsOf(object).forEach((key) => claims.queue.add(key)));
  return [claims, volumes];

  async function protect(object: KubeObject, kind: Kind, finalizer: string, isUsed: () => boolean, signal: AbortSignal): Promise<void> {
    const { uid, resourceVersion, namespace = "", name = "", finalizers = [], deletionTimestamp } = object.metadata;
    const has = finalizers.includes(finalizer);
    const wanted = deletionTimestamp === undefined ? [...new Set([...finalizers, finalizer])] : isUsed() ? finalizers : finalizers.filter((each) => each !== finalizer);
    if (has === wanted.includes(finalizer)) return;
    try {
      await ctx.client.patch({ ...kind, namespace, name }, "merge", { metadata: { uid, resourceVersion, finalizers: wanted } }, { signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }
}

function claimsOf(pod: Pod): string[] {
  return ((pod.spec["volumes"] ?? []) as any[]).flatMap((volume) => {
    const name = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.metadata.name}-${volume.name}`);
    return name ? [`${pod.metadata.namespace}/${name}`] : [];
  });
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
