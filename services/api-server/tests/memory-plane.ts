import { randomUUID } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { applyJsonPatch } from "@trireme/gitops";
import { KubeError, type CacheEvent, type KubeClient, type WatchCache } from "@trireme/kube";
import type { ControlPlane } from "../src/state/control-plane.ts";
import { mergePatched } from "../src/handlers/application/merge-patch.ts";

/** A control plane's cluster in memory: what is written is seen by the caches at once. Writes keep Kubernetes' rules on names and versions. */
export function memoryPlane(objects: readonly KubeObject[] = []): ControlPlane & { writes: string[]; cacheOf(kind: string): WatchCache<any> } {
  const store = new Map<string, KubeObject>();
  const listeners = new Map<string, Set<(event: CacheEvent<any>) => void>>();
  const writes: string[] = [];
  let version = 0;
  const keyOf = (kind: string, namespace: string, name: string) => `${kind}/${namespace}/${name}`;
  const tell = (type: CacheEvent["type"], object: KubeObject, old?: KubeObject) => {
    for (const listener of listeners.get(object.kind) ?? []) listener({ type, object, ...(old && { old }) });
  };
  const put = (object: KubeObject, type: "added" | "modified") => {
    const kept = { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? "argocd", resourceVersion: String(++version), uid: object.metadata.uid ?? randomUUID() } };
    const key = keyOf(kept.kind, kept.metadata.namespace, kept.metadata.name!);
    const old = store.get(key);
    store.set(key, kept);
    tell(type, kept, old);
    return kept;
  };
  const fail = (code: number, reason: string, message: string) => new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code, reason, message }, { cluster: "memory", method: "", path: "" });
  const found = (ref: { kind: string; namespace?: string; name: string }) => store.get(keyOf(ref.kind, ref.namespace ?? "", ref.name));
  const must = (ref: { kind: string; namespace?: string; name: string }) => {
    const object = found(ref);
    if (object === undefined) throw fail(404, "NotFound", `${ref.kind} ${JSON.stringify(ref.name)} not found`);
    return object;
  };
  for (const object of objects) put(object, "added");

  const client = {
    cluster: "https://kubernetes.default.svc",
    find: async (ref: any) => found(ref),
    get: async (ref: any) => must(ref),
    list: async ({ kind }: any, { namespace }: { namespace?: string } = {}) => ({ apiVersion: "v1", kind: `${kind}List`, metadata: { resourceVersion: String(version) }, items: [...store.values()].filter((object) => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace)) }),
    async create(object: KubeObject, options: { dryRun?: boolean } = {}) {
      if (found({ kind: object.kind, namespace: object.metadata.namespace ?? "argocd", name: object.metadata.name! })) throw fail(409, "AlreadyExists", `${object.kind} ${JSON.stringify(object.metadata.name)} already exists`);
      if (options.dryRun) return object;
      writes.push(`create ${object.kind} ${object.metadata.name}`);
      return put({ ...object, metadata: { ...object.metadata, creationTimestamp: "2026-01-01T00:00:00Z" } }, "added");
    },
    async update(object: KubeObject, options: { dryRun?: boolean } = {}) {
      const current = must({ kind: object.kind, namespace: object.metadata.namespace ?? "argocd", name: object.metadata.name! });
      if (object.metadata.resourceVersion !== current.metadata.resourceVersion) throw fail(409, "Conflict", "the object has been modified");
      if (options.dryRun) return object;
      writes.push(`update ${object.kind} ${object.metadata.name}`);
      return put(object, "modified");
    },
    async patch(ref: any, type: string, body: any, options: { subresource?: string; dryRun?: boolean } = {}) {
      const current = must(ref);
      const patched = (): KubeObject => (type === "json" ? applyJsonPatch(current, body) : mergePatched(structuredClone(current), body)) as KubeObject;
      if (body.metadata?.resourceVersion !== undefined && body.metadata.resourceVersion !== current.metadata.resourceVersion) throw fail(409, "Conflict", "the object has been modified");
      if (options.dryRun) return patched();
      writes.push(`patch ${ref.kind}${options.subresource === undefined ? "" : `/${options.subresource}`} ${ref.name}`);
      return put(patched(), "modified");
    },
    async delete(ref: any) {
      const object = must(ref);
      writes.push(`delete ${ref.kind} ${ref.name}`);
      if (object.metadata.finalizers?.length) return put({ ...object, metadata: { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }, "modified");
      store.delete(keyOf(ref.kind, ref.namespace ?? "", ref.name));
      tell("deleted", object);
      return object;
    },
    discovery: async () => ({ resources: [{ group: "apps", version: "v1", kind: "Deployment", resource: "deployments", namespaced: true, verbs: [], subresources: [] }], failed: [], find: () => undefined, serverVersion: { major: "1", minor: "36", gitVersion: "v1.36.3" } }),
    as: () => client,
    close: async () => undefined,
  } as unknown as KubeClient;

  const cacheOf = (kind: string): WatchCache<any> => ({
    synced: true,
    waitForSync: async () => undefined,
    failure: undefined,
    get: (namespace, name) => found({ kind, namespace, name }),
    list: () => [...store.values()].filter((object) => object.kind === kind),
    on(listener) {
      const set = listeners.get(kind) ?? new Set();
      listeners.set(kind, set.add(listener));
      return () => set.delete(listener);
    },
    observe: () => undefined,
    observeDeleted: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  });
  return { namespace: "argocd", client, applications: cacheOf("Application"), projects: cacheOf("AppProject"), secrets: cacheOf("Secret"), configMaps: cacheOf("ConfigMap"), leases: cacheOf("Lease"), cacheOf, writes, [Symbol.asyncDispose]: async () => undefined };
}
