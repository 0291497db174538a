import type { KubeObject } from "@trireme/api";
import type { KubeClient, ObjectRef, WatchCache } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import { workQueue } from "../loop/work-queue.ts";

export const INGRESS = { group: "networking.k8s.io", version: "v1", kind: "Ingress" };
export const SERVICE = { group: "", version: "v1", kind: "Service" };

/** Gives Ingresses (of whatever class) and Services of type LoadBalancer their address, as their controllers would. */
export function startLoadBalancers(options: { client: KubeClient; ingresses: WatchCache<KubeObject>; services: WatchCache<KubeObject>; address: string; onError?: (what: string, error: Error) => void }): AsyncDisposable & { start(): void } {
  const { client, ingresses, services, address } = options;
  const queue = workQueue({ name: "load balancer", visit, ...(options.onError && { onError: options.onError }) });
  ingresses.on(({ object }) => queue.add(`Ingress/${object.metadata.namespace}/${object.metadata.name}`));
  services.on(({ object }) => queue.add(`Service/${object.metadata.namespace}/${object.metadata.name}`));

  async function visit(key: string, signal: AbortSignal): Promise<void> {
    const [kind, namespace = "", name = ""] = key.split("/");
    const cache = kind === "Ingress" ? ingresses : services;
    const object = cache.get(namespace, name);
    if (!object || object.metadata.deletionTimestamp) return;
    const wanted = kind === "Ingress" ? [{ ip: address }] : object["spec"]?.type === "LoadBalancer" ? [{ ip: address, ipMode: "VIP" }] : undefined;
    const present = object["status"]?.loadBalancer?.ingress;
    if (isDeepStrictEqual(present, wanted)) return;
    const ref: ObjectRef = { ...(kind === "Ingress" ? INGRESS : SERVICE), namespace, name };
    const body = { metadata: { uid: object.metadata.uid }, status: { loadBalancer: { ingress: wanted ?? null } } };
    cache.observe(await client.patch(ref, "merge", body, { subresource: "status", fieldManager: kind === "Ingress" ? "ingress-controller" : "cloud-controller-manager", signal }));
  }

  return {
    start() {
      for (const { metadata } of ingresses.list()) queue.add(`Ingress/${metadata.namespace}/${metadata.name}`);
      for (const { metadata } of services.list()) queue.add(`Service/${metadata.namespace}/${metadata.name}`);
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}
