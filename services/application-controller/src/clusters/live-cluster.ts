import { keyOf, parseApiVersion, type ClusterId, type GroupKind, type KubeObject, type ObjectKey } from "@trireme/api";
import type { TrackingSettings } from "@trireme/gitops";
import { watchCache, type CacheEvent, type Discovery, type KubeClient, type WatchCache } from "@trireme/kube";
import { AppError, asAppError, Code, type Logger } from "@trireme/runtime";
import { ObjectIndex } from "./object-index.ts";
import { redacted } from "./redact.ts";

export interface LiveEvent {
  cluster: ClusterId;
  type: CacheEvent["type"];
  object: KubeObject;
  old: KubeObject | undefined;
}

export interface LiveClusterOptions {
  cluster: ClusterId;
  client: KubeClient;
  /** Only these namespaces are watched; empty: all. */
  namespaces: readonly string[];
  clusterResources: boolean;
  tracking(): TrackingSettings;
  redact(value: Uint8Array): string;
  onEvent(event: LiveEvent): void;
  /** A kind's cache became current, or lost its connection. */
  onState(): void;
  syncTimeoutMs: number;
  log: Logger;
}

/** Whom a tree needs below what is managed. */
const CHILDREN: readonly GroupKind[] = [
  { group: "apps", kind: "ReplicaSet" },
  { group: "", kind: "Pod" },
  { group: "", kind: "Endpoints" },
  { group: "discovery.k8s.io", kind: "EndpointSlice" },
  { group: "", kind: "Node" },
];

/** Kinds that only come below certain others. */
const BELOW: Record<string, readonly GroupKind[]> = {
  "apps/StatefulSet": [{ group: "apps", kind: "ControllerRevision" }, { group: "", kind: "PersistentVolumeClaim" }],
  "apps/DaemonSet": [{ group: "apps", kind: "ControllerRevision" }],
  "batch/CronJob": [{ group: "batch", kind: "Job" }],
  "argoproj.io/Rollout": [{ group: "argoproj.io", kind: "AnalysisRun" }, { group: "argoproj.io", kind: "Experiment" }, { group: "batch", kind: "Job" }],
  "argoproj.io/Experiment": [{ group: "argoproj.io", kind: "AnalysisRun" }, { group: "batch", kind: "Job" }],
  "argoproj.io/AnalysisRun": [{ group: "batch", kind: "Job" }],
};

/** A connection that is away for so long makes what was read through it unknown. */
const STALE_MS = 60_000;
/** As long as a definition may take to be served. */
const ESTABLISHED_MS = 3_000;
const WORKLOADS = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet", "argoproj.io/Rollout"];

/**
 * One destination cluster, as far as applications need it: kinds are listed when the first application brings them,
 * and watched from then on. Secrets enter redacted. What could not be read throws; it is never missing.
 */
export class LiveCluster implements AsyncDisposable {
  readonly client: KubeClient;
  readonly id: ClusterId;
  readonly #options: LiveClusterOptions;
  readonly #caches = new Map<string, WatchCache[]>();
  readonly #index: ObjectIndex;
  readonly #waiting = new Set<() => void>();
  #discovery: Discovery | undefined;
  /** Why the cluster could not be asked what it serves. */
  #unreachable: string | undefined;
  #refreshed = 0;
  lastSync = 0;

  constructor(options: LiveClusterOptions) {
    this.#options = options;
    this.#index = new ObjectIndex(options.tracking, this);
    this.client = options.client;
    this.id = options.cluster;
  }

  /** What the cluster serves; asked again when a kind is wanted that it did not serve before. */
  async discovery(options: { refresh?: boolean; signal?: AbortSignal } = {}): Promise<Discovery> {
    const signal = options.signal ?? AbortSignal.timeout(this.#options.syncTimeoutMs);
    try {
      this.#discovery = await this.client.discovery({ ...(options.refresh === true && { refresh: true }), signal });
      this.#unreachable = undefined;
      return this.#discovery;
    } catch (error) {
      this.#unreachable = asAppError(error).message;
      throw error;
    }
  }

  /** `undefined` for a kind that is not served. Throws while nothing is known of its group. */
  isNamespaced(kind: GroupKind): boolean | undefined {
    return this.#discovery?.find(kind)?.namespaced;
  }

  get known(): Discovery | undefined {
    return this.#discovery;
  }

  /**
   * Makes sure that these kinds are listed and watched. Kinds that the cluster does not serve have no objects;
   * any other failure throws with the cluster's reason.
   */
  async ensure(kinds: Iterable<GroupKind>, signal: AbortSignal): Promise<void> {
    let discovery = this.#discovery ?? (await this.discovery({ signal }));
    const managed = [...kinds];
    const below = managed.flatMap((kind) => BELOW[`${kind.group}/${kind.kind}`] ?? []);
    const wanted = new Map([...managed, ...below, ...CHILDREN].map((kind) => [`${kind.group}/${kind.kind}`, kind]));
    const missing = [...wanted.values()].filter((kind) => !this.#caches.has(`${kind.group}/${kind.kind}`));
    if (missing.some((kind) => !CHILDREN.includes(kind) && discovery.find(kind) === undefined) && Date.now() - this.#refreshed > 10_000) {
      this.#refreshed = Date.now();
      discovery = await this.discovery({ refresh: true, signal });
    }
    for (const kind of missing) this.#open(kind, discovery);
    const waiting: Promise<void>[] = [];
    const compared = new Set(managed.map((kind) => `${kind.group}/${kind.kind}`));
    for (const [id, kind] of wanted) {
      for (const cache of this.#caches.get(id) ?? []) {
        // What only the tree shows may be refused or late; nothing is decided by it.
        if (!compared.has(id)) waiting.push(cache.synced ? Promise.resolve() : this.#synced(cache, kind, signal).catch(() => undefined));
        else if (!cache.synced) waiting.push(this.#synced(cache, kind, signal));
        else if (cache.failure !== undefined && Date.now() - cache.failure.since > STALE_MS) throw unreachable(this.id, kind, cache.failure.message);
      }
    }
    if (waiting.length > 0) await Promise.all(waiting);
    this.lastSync ||= Date.now();
  }

  /** As `ensure`, for kinds that only trees show: what cannot be read of them is left out. */
  async watchForTree(kinds: readonly GroupKind[], signal: AbortSignal): Promise<void> {
    const discovery = this.#discovery ?? (await this.discovery({ signal }));
    await Promise.all(
      kinds.map(async (kind) => {
        const id = `${kind.group}/${kind.kind}`;
        if (!this.#caches.has(id)) this.#open(kind, discovery);
        await Promise.all((this.#caches.get(id) ?? []).map((cache) => (cache.synced ? undefined : this.#synced(cache, kind, signal).catch(() => undefined))));
      }),
    );
  }

  get(key: ObjectKey): KubeObject | undefined {
    for (const cache of this.#caches.get(`${key.group}/${key.kind}`) ?? []) {
      const found = cache.get(key.namespace, key.name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Objects that carry an application's mark, by key. */
  tracked(instance: string): ReadonlyMap<string, KubeObject> {
    return this.#index.tracked(instance);
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#index.byUid(uid);
  }

  childrenOf(object: KubeObject): KubeObject[] {
    return this.#index.childrenOf(object);
  }

  list(kind: GroupKind): KubeObject[] {
    return (this.#caches.get(`${kind.group}/${kind.kind}`) ?? []).flatMap((cache) => cache.list());
  }

  /** An object that was read past the caches, as it would stand in them. */
  redact(object: KubeObject): KubeObject {
    return redacted(object, this.#options.redact);
  }

  /** An own write's answer; its echo is dropped. Returns the object as it entered. */
  observe(object: KubeObject): KubeObject {
    const kept = redacted(object, this.#options.redact);
    const { group } = parseApiVersion(object.apiVersion);
    for (const cache of this.#caches.get(`${group}/${object.kind}`) ?? []) {
      if (this.#options.namespaces.length === 0 || this.#options.namespaces.includes(object.metadata.namespace ?? "") || !object.metadata.namespace) cache.observe(object);
    }
    return kept;
  }

  observeDeleted(object: KubeObject): void {
    const { group } = parseApiVersion(object.apiVersion);
    for (const cache of this.#caches.get(`${group}/${object.kind}`) ?? []) cache.observeDeleted(object);
  }

  /** Resolves once an object that was deleted is gone, or was made anew. */
  async gone(object: KubeObject, signal: AbortSignal): Promise<void> {
    await this.#until((current) => current === undefined || current.metadata.uid !== object.metadata.uid, object, signal);
  }

  /** Waits until a definition that was applied is served, as long as Argo CD does; then its kind is asked for anew. */
  async established(definition: KubeObject, signal: AbortSignal): Promise<void> {
    const isServed = (current: KubeObject | undefined) => (current?.["status"]?.conditions ?? []).some((condition: { type: string; status: string }) => condition.type === "Established" && condition.status === "True");
    await this.#until(isServed, definition, AbortSignal.any([signal, AbortSignal.timeout(ESTABLISHED_MS)])).catch(() => this.#options.log.warn({ crd: definition.metadata.name }, "definition is not established yet"));
    await this.discovery({ refresh: true, signal });
  }

  /** Waits shortly for controllers to have seen what was applied, so that one status can say both. */
  async observedGenerations(keys: readonly ObjectKey[], waitMs: number, signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    // A Rollout's is text.
    const seen = (object: KubeObject | undefined) => object === undefined || Number(object["status"]?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
    const workloads = keys.filter((key) => WORKLOADS.includes(`${key.group}/${key.kind}`)).flatMap((key) => this.get(key) ?? []);
    await Promise.all(workloads.map((object) => this.#until(seen, object, until).catch(() => undefined)));
  }

  #until(holds: (current: KubeObject | undefined) => boolean, object: KubeObject, signal: AbortSignal): Promise<void> {
    const key = keyOf(object);
    if (holds(this.get(key))) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => holds(this.get(key)) && resolve();
    const fail = () => reject(new AppError(`${key.kind} ${key.namespace}/${key.name} on ${this.id} did not change in time`, { reason: "DeadlineExceeded", code: Code.DeadlineExceeded, retry: "later", cause: signal.reason }));
    this.#waiting.add(check);
    signal.addEventListener("abort", fail, { once: true });
    if (signal.aborted) fail();
    return promise.finally(() => {
      this.#waiting.delete(check);
      signal.removeEventListener("abort", fail);
    });
  }

  /** Why some kind is not current; undefined when all are. */
  get failure(): string | undefined {
    if (this.#unreachable !== undefined) return this.#unreachable;
    for (const caches of this.#caches.values()) for (const cache of caches) if (cache.failure !== undefined) return cache.failure.message;
    return undefined;
  }

  get counts(): { resources: number; kinds: number } {
    return { resources: this.#index.size, kinds: this.#caches.size };
  }

  /** Forgets every index entry that a changed tracking method would read differently. */
  reindex(): void {
    this.#index.reread();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#caches.values()].flat().map((cache) => cache[Symbol.asyncDispose]()));
    await this.client.close();
  }

  #open(kind: GroupKind, discovery: Discovery): void {
    let info;
    try {
      info = discovery.find(kind);
    } catch (error) {
      if (CHILDREN.includes(kind)) return;
      throw error;
    }
    if (info === undefined || !info.verbs.includes("list") || !info.verbs.includes("watch")) return;
    const { namespaces, clusterResources, redact } = this.#options;
    if (namespaces.length > 0 && !info.namespaced && !clusterResources) return;
    const places = namespaces.length > 0 && info.namespaced ? namespaces : [undefined];
    const managed = !CHILDREN.some((child) => child.group === kind.group && child.kind === kind.kind);
    // In whatever version the cluster prefers at the time: a CRD may change its versions while it is watched.
    const caches = places.map((namespace) => {
      const cache = watchCache<KubeObject>(this.client, { group: info.group, kind: info.kind }, {
        ...(namespace !== undefined && { namespace }),
        transform: (object) => {
          if (!managed) delete object.metadata.managedFields;
          return redacted(object, redact);
        },
        onState: () => this.#options.onState(),
      });
      cache.on((event) => this.#changed(event));
      return cache;
    });
    this.#caches.set(`${kind.group}/${kind.kind}`, caches);
  }

  async #synced(cache: WatchCache, kind: GroupKind, signal: AbortSignal): Promise<void> {
    // A list that was refused will be refused again: say so at once, and go on trying behind the answer.
    if (cache.failure !== undefined) throw unreachable(this.id, kind, cache.failure.message);
    const timeout = AbortSignal.timeout(this.#options.syncTimeoutMs);
    try {
      await cache.waitForSync(AbortSignal.any([signal, timeout]));
    } catch (error) {
      throw unreachable(this.id, kind, asAppError(error).message);
    }
  }

  #changed(event: CacheEvent): void {
    const { object, old, type } = event;
    if (type === "deleted") this.#index.remove(object, old);
    else this.#index.put(object, old);
    for (const check of this.#waiting) check();
    this.#options.onEvent({ cluster: this.id, type, object, old });
  }

  statefulSetsIn(namespace: string): KubeObject[] {
    return this.list({ group: "apps", kind: "StatefulSet" }).filter((set) => set.metadata.namespace === namespace);
  }
}

function unreachable(cluster: ClusterId, kind: GroupKind, why: string): AppError {
  return new AppError(`cannot read ${kind.kind}${kind.group === "" ? "" : `.${kind.group}`} on ${cluster}: ${why}`, { reason: "ClusterUnreadable", code: Code.Unavailable, retry: "later" });
}
