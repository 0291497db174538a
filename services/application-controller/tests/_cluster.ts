import { gvkOf, keyOf, keyText, parseApiVersion, type KubeObject } from "@trireme/api";
import { applyJsonMergePatch, applyStrategicMergePatch, openApiSchemas, serverSideApply } from "@trireme/gitops";
import { KubeError, type KubeClient, type ObjectRef, type PatchType, type ResourceInfo, type WatchEvent } from "@trireme/kube";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";

const CLUSTER = "https://kubernetes.default.svc";
const KINDS: [string, string, string, boolean][] = [
  ["argoproj.io/v1alpha1", "Application", "applications", true],
  ["argoproj.io/v1alpha1", "AppProject", "appprojects", true],
  ["argoproj.io/v1alpha1", "Rollout", "rollouts", true],
  ["argoproj.io/v1alpha1", "AnalysisRun", "analysisruns", true],
  ["apps/v1", "ReplicaSet", "replicasets", true],
  ["v1", "Pod", "pods", true],
  ["v1", "ConfigMap", "configmaps", true],
  ["v1", "Secret", "secrets", true],
  ["v1", "Service", "services", true],
  ["v1", "Namespace", "namespaces", false],
  ["v1", "Event", "events", true],
  ["batch/v1", "Job", "jobs", true],
  ["apps/v1", "Deployment", "deployments", true],
  ["apps/v1", "ReplicaSet", "replicasets", true],
  ["v1", "Pod", "pods", true],
  ["trireme.dev/v1alpha1", "Release", "releases", true],
  ["coordination.k8s.io/v1", "Lease", "leases", true],
];

const SCHEMAS = openApiSchemas(kubernetesSchemas);

export interface Write {
  method: "create" | "update" | "patch" | "delete";
  kind: string;
  name: string;
}

/** As much of an API server as the controller asks of one, in memory, with every write written down. */
export class TestCluster implements KubeClient {
  readonly cluster = CLUSTER;
  readonly writes: Write[] = [];
  readonly reads: string[] = [];
  /** Called before each write; throwing refuses it. */
  beforeWrite: (write: Write) => void | Promise<void> = () => undefined;
  /** Called when a write is done and its sender does not know yet; throwing keeps the answer from it. */
  afterWrite: (write: Write) => void = () => undefined;
  readonly #objects = new Map<string, KubeObject>();
  readonly #log: { version: number; event: WatchEvent }[] = [];
  readonly #listeners = new Set<() => void>();
  #version = 1;

  /** What somebody else does to the cluster: not counted. */
  put(object: KubeObject): KubeObject {
    return this.#store(object);
  }

  peek(kind: string, namespace: string, name: string): KubeObject | undefined {
    return [...this.#objects.values()].find((object) => object.kind === kind && (object.metadata.namespace ?? "") === namespace && object.metadata.name === name);
  }

  all(kind: string): KubeObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind);
  }

  /** Resolves once something is true of the cluster. */
  async until<T>(what: string, holds: () => T | undefined | false, timeoutMs = 5000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const value = holds();
      if (value !== undefined && value !== false) return value;
      if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s; ${JSON.stringify(this.all("Application").map((app) => app["status"]))}`);
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#listeners.delete(done);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(done, 100);
        this.#listeners.add(done);
      });
    }
  }

  async discovery() {
    const resources: ResourceInfo[] = KINDS.map(([apiVersion, kind, resource, namespaced]) => ({ ...parseApiVersion(apiVersion), kind, resource, namespaced, verbs: ["get", "list", "watch"], subresources: [] }));
    return { resources, failed: [], serverVersion: { major: "1", minor: "36", gitVersion: "v1.36.3" }, find: (wanted: { group: string; kind: string; version?: string }) => resources.find((info) => info.group === wanted.group && info.kind === wanted.kind && (wanted.version === undefined || wanted.version === info.version)) };
  }

  openapi() {
    return Promise.resolve({ components: { schemas: kubernetesSchemas } });
  }

  async get<T extends KubeObject>(ref: ObjectRef): Promise<T> {
    const found = await this.find<T>(ref);
    if (found === undefined) throw this.#error(404, "NotFound", `${ref.kind} "${ref.name}" not found`);
    return found;
  }

  find<T extends KubeObject>(ref: ObjectRef): Promise<T | undefined> {
    this.reads.push(keyText(ref));
    return Promise.resolve(structuredClone(this.#objects.get(keyText(ref))) as T | undefined);
  }

  list<T extends KubeObject>(gvk: { group: string; kind: string }, options: { namespace?: string; fieldSelector?: string } = {}) {
    const items = [...this.#objects.values()].filter((object) => matches(object, gvk, options)).map((object) => structuredClone(object) as T);
    return Promise.resolve({ apiVersion: "v1", kind: "List", metadata: { resourceVersion: String(this.#version) }, items });
  }

  async *watch<T extends KubeObject>(gvk: { group: string; kind: string }, options: { namespace?: string; fieldSelector?: string; resourceVersion?: string; signal?: AbortSignal }): AsyncIterable<WatchEvent<T>> {
    let seen = Number(options.resourceVersion ?? 0);
    for (;;) {
      for (const { version, event } of this.#log) {
        if (version <= seen) continue;
        seen = version;
        if (event.type !== "ERROR" && event.type !== "BOOKMARK" && matches(event.object, gvk, options)) yield structuredClone(event) as WatchEvent<T>;
      }
      if (options.signal?.aborted === true) throw options.signal.reason;
      if (this.#log.some(({ version }) => version > seen)) continue;
      await new Promise<void>((resolve, reject) => {
        const wake = () => {
          this.#listeners.delete(wake);
          resolve();
        };
        this.#listeners.add(wake);
        options.signal?.addEventListener("abort", () => reject(options.signal!.reason as Error), { once: true });
      });
    }
  }

  async create<T extends KubeObject>(object: T): Promise<T> {
    await this.#note("create", object.kind, object.metadata.name ?? "");
    if (this.#objects.has(keyText(keyOf(object)))) throw this.#error(409, "AlreadyExists", `${object.kind} "${object.metadata.name}" already exists`);
    return this.#answer("create", object, this.#store(object)) as T;
  }

  async update<T extends KubeObject>(object: T): Promise<T> {
    await this.#note("update", object.kind, object.metadata.name ?? "");
    this.#check(this.#objects.get(keyText(keyOf(object))), object.metadata.resourceVersion);
    return this.#answer("update", object, this.#store(object)) as T;
  }

  async patch<T extends KubeObject>(ref: ObjectRef, type: PatchType, body: any): Promise<T> {
    await this.#note("patch", ref.kind, ref.name);
    const live = this.#objects.get(keyText(ref));
    const schema = SCHEMAS.schemaOf(live === undefined ? { group: ref.group, kind: ref.kind, version: ref.version ?? "v1" } : gvkOf(live));
    if (type === "apply") return this.#store(serverSideApply({ live, config: body, manager: "argocd-controller", force: true, now: new Date().toISOString(), schema }).object) as T;
    if (live === undefined) throw this.#error(404, "NotFound", `${ref.kind} "${ref.name}" not found`);
    this.#check(live, body.metadata?.resourceVersion);
    return this.#answer("patch", live, this.#store((type === "strategic" ? applyStrategicMergePatch(live, body, schema) : applyJsonMergePatch(live, body)) as KubeObject)) as T;
  }

  async delete(ref: ObjectRef): Promise<KubeObject> {
    await this.#note("delete", ref.kind, ref.name);
    const live = this.#objects.get(keyText(ref));
    if (live === undefined) throw this.#error(404, "NotFound", `${ref.kind} "${ref.name}" not found`);
    return this.#answer("delete", live, this.#store({ ...live, metadata: { ...live.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }));
  }

  raw(): never {
    throw new Error("not asked for here");
  }

  as(): KubeClient {
    return this;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer(method: Write["method"], { kind, metadata }: KubeObject, stored: KubeObject): KubeObject {
    this.afterWrite({ method, kind, name: metadata.name ?? "" });
    return stored;
  }

  async #note(method: Write["method"], kind: string, name: string): Promise<void> {
    const write = { method, kind, name };
    await this.beforeWrite(write);
    if (kind !== "Event" && kind !== "Lease") this.writes.push(write);
  }

  #check(live: KubeObject | undefined, version: string | undefined): void {
    if (version !== undefined && live?.metadata.resourceVersion !== version) throw this.#error(409, "Conflict", "the object has been modified");
  }

  #store(object: KubeObject): KubeObject {
    const id = keyText(keyOf(object));
    const before = this.#objects.get(id);
    const version = ++this.#version;
    const stored = structuredClone({ ...object, metadata: { ...object.metadata, uid: before?.metadata.uid ?? `uid-${version}`, resourceVersion: String(version), creationTimestamp: before?.metadata.creationTimestamp ?? "2026-01-01T00:00:00Z" } });
    const isGone = stored.metadata.deletionTimestamp !== undefined && (stored.metadata.finalizers?.length ?? 0) === 0;
    if (isGone) this.#objects.delete(id);
    else this.#objects.set(id, stored);
    this.#log.push({ version, event: { type: isGone ? "DELETED" : before === undefined ? "ADDED" : "MODIFIED", object: stored } });
    for (const listener of [...this.#listeners]) listener();
    return structuredClone(stored);
  }

  #error(code: number, reason: string, message: string): KubeError {
    return new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code, reason, message }, { cluster: CLUSTER, method: "GET", path: "" });
  }
}

function matches(object: KubeObject, gvk: { group: string; kind: string }, options: { namespace?: string; fieldSelector?: string }): boolean {
  const { group, kind } = gvkOf(object);
  const name = options.fieldSelector?.replace("metadata.name=", "");
  return group === gvk.group && kind === gvk.kind && (options.namespace === undefined || object.metadata.namespace === options.namespace) && (name === undefined || object.metadata.name === name);
}
