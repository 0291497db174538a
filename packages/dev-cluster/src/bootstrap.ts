import { randomUUID } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { timestamp, type ApiContext } from "./server/context.ts";

/** Puts in place what every cluster has from its first moment, where it is missing. */
export function bootstrap(ctx: ApiContext, objects: readonly { bucket: string; object: KubeObject }[]): void {
  for (const { bucket, object } of objects) {
    const { namespace, name } = object.metadata;
    const key = namespace ? `${namespace}/${name}` : name!;
    if (ctx.store.get(bucket, key)) continue;
    ctx.store.put(bucket, key, { ...object, metadata: { ...object.metadata, uid: randomUUID(), creationTimestamp: timestamp(ctx.now()) } });
  }
}

/** The namespaces that the server itself creates, and the service that it is reached by. */
export function systemObjects(): { bucket: string; object: KubeObject }[] {
  const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"].map((name) => ({
    bucket: "namespaces",
    object: { kind: "Namespace", apiVersion: "v1", metadata: { name, labels: { "kubernetes.io/metadata.name": name } }, spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } },
  }));
  const kubernetes: KubeObject = {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name: "kubernetes", namespace: "default", labels: { component: "apiserver", provider: "kubernetes" } },
    spec: { ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }], clusterIP: "10.96.0.1", clusterIPs: ["10.96.0.1"], type: "ClusterIP", sessionAffinity: "None", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack", internalTrafficPolicy: "Cluster" },
    status: { loadBalancer: {} },
  };
  const priorities = [
    { name: "system-cluster-critical", value: 2_000_000_000, description: "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary." },
    { name: "system-node-critical", value: 2_000_001_000, description: "Used for system critical pods that must not be moved from their current node." },
  ].map(({ name, value, description }) => ({
    bucket: "priorityclasses.scheduling.k8s.io",
    object: { kind: "PriorityClass", apiVersion: "scheduling.k8s.io/v1", metadata: { name, generation: 1 }, value, description, preemptionPolicy: "PreemptLowerPriority" } as KubeObject,
  }));
  return [...namespaces, ...priorities, { bucket: "services", object: kubernetes }];
}
