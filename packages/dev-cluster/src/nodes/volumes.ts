import type { KubeObject } from "@trireme/api";
import { isAlreadyExists, isNotFound, type KubeClient, type WatchCache } from "@trireme/kube";
import { workQueue } from "../loop/work-queue.ts";

export const CLAIM = { group: "", version: "v1", kind: "PersistentVolumeClaim" };
export const VOLUME = { group: "", version: "v1", kind: "PersistentVolume" };
export const PROVISIONER = "trireme.dev/simulated";

/** Answers each claim with a volume of its own and binds the two; a volume whose claim is gone goes with it. */
export function startVolumes(options: { client: KubeClient; claims: WatchCache<KubeObject>; volumes: WatchCache<KubeObject>; onError?: (what: string, error: Error) => void }): AsyncDisposable & { start(): void } {
  const { client, claims, volumes } = options;
  const queue = workQueue({ name: "volume binding", visit, ...(options.onError && { onError: options.onError }) });
  const keyOf = (kind: string, { metadata }: KubeObject) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
  claims.on(({ type, object }) => {
    queue.add(keyOf("claim", object));
    if (type === "deleted" && object["spec"]?.volumeName) queue.add(`volume//${object["spec"].volumeName}`);
  });
  volumes.on(({ object }) => {
    queue.add(keyOf("volume", object));
    const claim = object["spec"]?.claimRef;
    if (claim) queue.add(`claim/${claim.namespace}/${claim.name}`);
  });

  async function visit(key: string, signal: AbortSignal): Promise<void> {
    const [kind, namespace = "", name = ""] = key.split("/");
    const object = (kind === "claim" ? claims : volumes).get(namespace, name);
    if (!object) return;
    if (kind === "volume") return settle(object, signal);
    if (!object.metadata.deletionTimestamp) await bind(object, signal);
  }

  async function bind(claim: KubeObject, signal: AbortSignal): Promise<void> {
    if (claim["status"]?.phase === "Bound") return;
    const { namespace = "", name = "", uid } = claim.metadata;
    const volume = existing(claim) ?? (await provisioned(claim, signal));
    if (!volume) return;
    const volumeName = volume.metadata.name!;
    const bound = claim["spec"].volumeName === volumeName;
    const ref = { ...CLAIM, namespace, name };
    if (!bound) {
      const annotations = { "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes" };
      claims.observe(await client.patch(ref, "merge", { metadata: { uid, annotations }, spec: { volumeName } }, { signal }));
    }
    const status = { phase: "Bound", accessModes: volume["spec"].accessModes, capacity: volume["spec"].capacity };
    claims.observe(await client.patch(ref, "merge", { metadata: { uid }, status }, { subresource: "status", signal }));
  }

  /** A volume that is this claim's already, or a free one that it names or that is large enough and of its class. */
  function existing(claim: KubeObject): KubeObject | undefined {
    const { uid, namespace, name } = claim.metadata;
    const { volumeName, storageClassName } = claim["spec"];
    const all = volumes.list().filter((volume) => !volume.metadata.deletionTimestamp);
    const own = all.find((volume) => volume["spec"].claimRef?.uid === uid);
    if (own || !volumeName) return own;
    const named = all.find((volume) => volume.metadata.name === volumeName);
    const holder = named?.["spec"].claimRef;
    const free = !holder || (holder.namespace === namespace && holder.name === name && (!holder.uid || holder.uid === uid));
    return named && free && (named["spec"].storageClassName ?? "") === (storageClassName ?? "") ? named : undefined;
  }

  async function provisioned(claim: KubeObject, signal: AbortSignal): Promise<KubeObject | undefined> {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const { volumeName, storageClassName, accessModes, resources, volumeMode } = claim["spec"];
    // An empty class, or a volume by name, asks for one that somebody else makes.
    if (volumeName || storageClassName === "") return undefined;
    const volume: KubeObject = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `pvc-${uid}`, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
      spec: {
        accessModes,
        capacity: { storage: resources?.requests?.storage ?? "1Gi" },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid, resourceVersion },
        hostPath: { path: `/var/lib/simulated/${uid}`, type: "" },
        persistentVolumeReclaimPolicy: "Delete",
        ...(storageClassName !== undefined && { storageClassName }),
        volumeMode: volumeMode ?? "Filesystem",
      },
    };
    try {
      const created = await client.create(volume, { signal });
      volumes.observe(created);
      return created;
    } catch (thrown) {
      if (!isAlreadyExists(thrown)) throw thrown;
      return client.get({ ...VOLUME, namespace: "", name: volume.metadata.name! }, { signal });
    }
  }

  async function settle(volume: KubeObject, signal: AbortSignal): Promise<void> {
    const { claimRef, persistentVolumeReclaimPolicy } = volume["spec"];
    const claim = claimRef && claims.get(claimRef.namespace, claimRef.name);
    const phase = !claimRef ? "Available" : claim?.metadata.uid === claimRef.uid ? "Bound" : "Released";
    const ref = { ...VOLUME, namespace: "", name: volume.metadata.name! };
    // First the word, then the deed: a volume that counts as bound is protected from deletion.
    if (volume["status"]?.phase !== phase) volumes.observe(await client.patch(ref, "merge", { metadata: { uid: volume.metadata.uid }, status: { phase } }, { subresource: "status", signal }));
    const ours = volume.metadata.annotations?.["pv.kubernetes.io/provisioned-by"] === PROVISIONER;
    if (phase !== "Released" || persistentVolumeReclaimPolicy !== "Delete" || !ours || volume.metadata.deletionTimestamp) return;
    try {
      await client.delete(ref, { preconditions: { uid: volume.metadata.uid! }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  return {
    start() {
      for (const claim of claims.list()) queue.add(keyOf("claim", claim));
      for (const volume of volumes.list()) queue.add(keyOf("volume", volume));
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}
