import type { KubeObject, OwnerReference } from "@trireme/api";
import { watchCache, type KubeClient, type ResourceInfo, type WatchCache } from "@trireme/kube";

/** What of an object matters for who owns whom. */
export interface GraphObject extends KubeObject {
  metadata: { name: string; namespace?: string; uid: string; resourceVersion?: string; deletionTimestamp?: string; finalizers?: string[]; ownerReferences?: OwnerReference[] };
}

export interface GraphChange {
  object: GraphObject;
  old: GraphObject | undefined;
  deleted: boolean;
}

const CRD = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };

/**
 * The metadata of every object that can be listed, watched and deleted, by uid and by owner. Kinds that come with
 * CRDs are picked up as they come. A kind that cannot be read now is unknown: nothing of it counts as absent.
 */
export class OwnershipGraph implements AsyncDisposable {
  readonly #client: KubeClient;
  readonly #caches = new Map<string, { info: ResourceInfo; cache: WatchCache<GraphObject> }>();
  readonly #byUid = new Map<string, GraphObject>();
  readonly #dependents = new Map<string, Map<string, GraphObject>>();
  readonly #listeners: ((change: GraphChange) => void)[] = [];
  readonly #stop = new AbortController();
  #refreshing: Promise<void> | undefined;
  #again = false;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  async start(): Promise<void> {
    await this.#refresh(false);
    await Promise.all([...this.#caches.values()].map(({ cache }) => cache.waitForSync().catch(() => {})));
    this.#caches.get(keyOf({ ...CRD }))?.cache.on(() => this.refresh());
  }

  /** The kinds that are served may have changed. */
  refresh(): void {
    this.#again = true;
    this.#refreshing ??= this.#refreshUntilDone();
  }

  on(listener: (change: GraphChange) => void): void {
    this.#listeners.push(listener);
  }

  get(uid: string): GraphObject | undefined {
    return this.#byUid.get(uid);
  }

  dependentsOf(uid: string): GraphObject[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  /** Owners that some object names but that are not known: deleted, or not yet seen. */
  unknownOwners(): string[] {
    return [...this.#dependents.keys()].filter((uid) => !this.#byUid.has(uid));
  }

  deleting(): GraphObject[] {
    return [...this.#byUid.values()].filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  }

  /** The kinds that are followed. */
  kinds(): ResourceInfo[] {
    return [...this.#caches.values()].map(({ info }) => info);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#refreshing;
    await Promise.all([...this.#caches.values()].map(({ cache }) => cache[Symbol.asyncDispose]()));
  }

  async #refreshUntilDone(): Promise<void> {
    while (this.#again && !this.#stop.signal.aborted) {
      this.#again = false;
      await this.#refresh(true).catch(() => {});
    }
    this.#refreshing = undefined;
  }

  async #refresh(anew: boolean): Promise<void> {
    const discovery = await this.#client.discovery({ refresh: anew, signal: this.#stop.signal });
    const served = new Map<string, ResourceInfo>();
    for (const info of discovery.resources) {
      const follows = ["list", "watch", "delete"].every((verb) => info.verbs.includes(verb));
      // Events own nothing, and there are many; each kind once, in the version preferred.
      if (follows && info.kind !== "Event" && !served.has(keyOf(info))) served.set(keyOf(info), info);
    }
    for (const [key, info] of served) if (!this.#caches.has(key)) this.#caches.set(key, { info, cache: this.#follow(info) });
    if (discovery.failed.length > 0) return;
    for (const [key, { cache }] of this.#caches) {
      if (served.has(key)) continue;
      this.#caches.delete(key);
      void cache[Symbol.asyncDispose]();
      for (const object of cache.list()) this.#changed({ object, old: object, deleted: true });
    }
  }

  #follow(info: ResourceInfo): WatchCache<GraphObject> {
    const cache = watchCache<GraphObject>(this.#client, info, { metadataOnly: true, transform: essence, backoff: { initialMs: 50, maxMs: 5_000 } });
    cache.on(({ type, object, old }) => this.#changed({ object, old, deleted: type === "deleted" }));
    return cache;
  }

  #changed(change: GraphChange): void {
    const { object, old, deleted } = change;
    const { uid } = object.metadata;
    for (const owner of old?.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
    if (deleted) this.#byUid.delete(uid);
    else {
      this.#byUid.set(uid, object);
      for (const owner of object.metadata.ownerReferences ?? []) {
        const dependents = this.#dependents.get(owner.uid) ?? new Map<string, GraphObject>();
        this.#dependents.set(owner.uid, dependents.set(uid, object));
      }
    }
    for (const listener of this.#listeners) listener(change);
  }
}

function essence({ apiVersion, kind, metadata }: GraphObject): GraphObject {
  const { name, namespace, uid, resourceVersion, deletionTimestamp, finalizers, ownerReferences } = metadata;
  return { apiVersion, kind, metadata: { name, uid, ...(namespace && { namespace }), ...(resourceVersion && { resourceVersion }), ...(deletionTimestamp && { deletionTimestamp }), ...(finalizers && { finalizers }), ...(ownerReferences && { ownerReferences }) } };
}

function keyOf({ group, kind }: { group: string; kind: string }): string {
  return `${group}/${kind}`;
}
