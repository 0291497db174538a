import type { KubeObject } from "@trireme/api";
import { watchCache, type KubeClient } from "@trireme/kube";
import { eventRecorder } from "../loop/events.ts";
import { asManager } from "../loop/field-manager.ts";
import { Informers } from "../loop/informers.ts";
import type { Pod } from "../loop/pods.ts";
import { Kubelet, POD } from "./kubelet.ts";
import { startKubeletServer } from "./kubelet-server.ts";
import { INGRESS, SERVICE, startLoadBalancers } from "./load-balancers.ts";
import type { NodesOptions } from "./options.ts";
import type { PodExec } from "./exec/pod-exec.ts";
import type { PodLogs } from "./pod-logs.ts";
import { NODE, NODE_ADDRESS, registerNodes } from "./register.ts";
import { keysOnly, Requirements } from "./requirements.ts";
import { startScheduler } from "./scheduler.ts";
import { CLAIM, startVolumes, VOLUME } from "./volumes.ts";

export { breakageOf, type Breakage, type NodesOptions } from "./options.ts";
export type { PodLogRequest, PodLogs } from "./pod-logs.ts";

/** Running nodes. The same object gives the API server the pods' logs, and commands in them, where both are one process. */
export interface Nodes extends PodLogs, PodExec, AsyncDisposable {}

/**
 * Everything that makes things run and that a control plane does not bring itself: kubelets that simulate
 * containers, scheduling, addresses for Ingresses and load balancers, volumes. Plain API clients, for the dev
 * cluster and a real control plane alike. Resolves once the nodes are registered and the caches known.
 */
export async function startNodes(given: KubeClient, options: NodesOptions = {}): Promise<Nodes> {
  const client = asManager(given, "kubelet");
  const onError = options.onError && { onError: options.onError };
  const names = Array.from({ length: options.nodes ?? 1 }, (_, index) => `${options.namePrefix ?? "node"}-${index + 1}`);
  await using stack = new AsyncDisposableStack();

  const informers = stack.use(new Informers(client));
  const pods = informers.of<Pod>(POD);
  const nodes = informers.of(NODE);
  const claims = informers.of(CLAIM);
  const volumes = informers.of(VOLUME);
  const services = informers.of(SERVICE);
  const ingresses = informers.of(INGRESS);
  const configMaps = stack.use(watchCache<KubeObject>(client, { group: "", version: "v1", kind: "ConfigMap" }, { transform: keysOnly }));
  const secrets = stack.use(watchCache<KubeObject>(client, { group: "", version: "v1", kind: "Secret" }, { transform: keysOnly }));
  await Promise.all([informers.synced(), configMaps.waitForSync(), secrets.waitForSync()]);

  const settings = { brokenImages: options.brokenImages ?? [], startMs: options.startMs ?? 0, readyMs: options.readyMs ?? 0, backoffMs: options.backoffMs ?? 10_000 };
  const addresses = new Set(names);
  const kubelet = stack.use(
    new Kubelet({ client, pods, requirements: new Requirements(configMaps, secrets), events: eventRecorder(client, "kubelet", options.events), nodeAddress: (name) => (addresses.has(name) ? NODE_ADDRESS : undefined), settings, ...onError }),
  );
  const server = options.serveKubelet ? stack.use(await startKubeletServer(kubelet)) : undefined;
  const registration = stack.use(registerNodes(client, nodes, { names, heartbeatMs: options.heartbeatMs ?? 10_000, ...(server && { kubeletPort: server.port }), ...onError }));
  const scheduler = stack.use(startScheduler({ client, pods, nodes, claims, events: eventRecorder(asManager(given, "kube-scheduler"), "default-scheduler", options.events), ...onError }));
  const loadBalancers = stack.use(startLoadBalancers({ client, ingresses, services, address: options.loadBalancerAddress ?? "127.0.0.1", ...onError }));
  const binding = stack.use(startVolumes({ client: asManager(given, "kube-controller-manager"), claims, volumes, ...onError }));
  await registration.registered();
  for (const part of [kubelet, scheduler, loadBalancers, binding]) part.start();

  const running = stack.move();
  return { podLogs: (request) => kubelet.podLogs(request), podExec: (request) => kubelet.podExec(request), [Symbol.asyncDispose]: () => running.disposeAsync() };
}
