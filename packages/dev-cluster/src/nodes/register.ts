import type { KubeObject } from "@trireme/api";
import { isAlreadyExists, isNotFound, type KubeClient, type WatchCache } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime/clock";
import { workQueue, type WorkQueue } from "../loop/work-queue.ts";

export const NODE = { group: "", version: "v1", kind: "Node" };
const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" };
const LEASE_NAMESPACE = "kube-node-lease";
const LEASE_SECONDS = 40;
/** All simulated nodes are this process. */
export const NODE_ADDRESS = "127.0.0.1";

export interface NodeRegistration extends AsyncDisposable {
  registered(): Promise<void>;
}

/** Keeps the Node objects there and Ready, with the leases by which the control plane sees that they live. */
export function registerNodes(client: KubeClient, nodes: WatchCache<KubeObject>, options: { names: readonly string[]; heartbeatMs: number; kubeletPort?: number; onError?: (what: string, error: Error) => void }): NodeRegistration {
  const names = new Set(options.names);
  const first = new Map(options.names.map((name) => [name, Promise.withResolvers<void>()]));
  const queue: WorkQueue = workQueue({ name: "node", visit, ...(options.onError && { onError: options.onError }) });
  nodes.on(({ object }) => names.has(object.metadata.name!) && queue.add(object.metadata.name!));
  for (const name of names) queue.add(name);

  async function visit(name: string, signal: AbortSignal): Promise<number | void> {
    const found = nodes.get("", name) ?? (await created(client, name, signal));
    nodes.observe(found);
    if (!isHealthy(found, options.kubeletPort)) {
      nodes.observe(await client.patch({ ...NODE, namespace: "", name }, "strategic", { status: nodeStatus(found, options.kubeletPort) }, { subresource: "status", fieldManager: "kubelet", signal }));
    }
    first.get(name)?.resolve();
    if (options.heartbeatMs <= 0) return undefined;
    await renewLease(client, name, found.metadata.uid!, signal);
    return options.heartbeatMs;
  }

  return {
    registered: async () => void (await Promise.all([...first.values()].map(({ promise }) => promise))),
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}

async function created(client: KubeClient, name: string, signal: AbortSignal): Promise<KubeObject> {
  const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64", "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64" };
  try {
    return await client.create({ apiVersion: "v1", kind: "Node", metadata: { name, labels, annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" } }, spec: {} }, { signal });
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
    return client.get({ ...NODE, namespace: "", name }, { signal });
  }
}

function isHealthy(node: KubeObject, kubeletPort: number | undefined): boolean {
  if (kubeletPort !== undefined && node["status"]?.daemonEndpoints?.kubeletEndpoint?.Port !== kubeletPort) return false;
  return (node["status"]?.conditions ?? []).some((condition: any) => condition.type === "Ready" && condition.status === "True") && node["status"]?.capacity?.pods !== undefined;
}

function nodeStatus(node: KubeObject, kubeletPort: number | undefined): Record<string, any> {
  const now = rfc3339(Date.now());
  const capacity = { cpu: "64", memory: "256Gi", "ephemeral-storage": "1Ti", "hugepages-1Gi": "0", "hugepages-2Mi": "0", pods: "10000" };
  const condition = (type: string, status: string, reason: string, message: string) => ({ type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now });
  return {
    addresses: [
      { type: "InternalIP", address: NODE_ADDRESS },
      { type: "Hostname", address: node.metadata.name },
    ],
    ...(kubeletPort !== undefined && { daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } }),
    capacity,
    allocatable: capacity,
    ...(kubeletPort !== undefined && { declaredFeatures: ["ExtendWebSocketsToKubelet"] }),
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ],
    nodeInfo: {
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      bootID: node.metadata.uid,
      containerRuntimeVersion: "simulated://1.0.0",
      kernelVersion: "0.0.0-simulated",
      kubeProxyVersion: "",
      kubeletVersion: "v1.36.0-simulated",
      machineID: node.metadata.uid,
      operatingSystem: "linux",
      osImage: "simulated node: containers are not executed",
      systemUUID: node.metadata.uid,
    },
  };
}

/** Without this the node lifecycle controller of a real control plane takes the node for dead after 40 s. */
async function renewLease(client: KubeClient, name: string, uid: string, signal: AbortSignal): Promise<void> {
  const renewTime = new Date().toISOString().replace("Z", "000Z");
  const ref = { ...LEASE, namespace: LEASE_NAMESPACE, name };
  try {
    await client.patch(ref, "merge", { spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime } }, { signal });
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
    const metadata = { namespace: LEASE_NAMESPACE, name, ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] };
    // The namespace itself may not be there yet on a young cluster: the next heartbeat tries again.
    await client.create({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime } }, { signal }).catch((error: unknown) => {
      if (!isNotFound(error) && !isAlreadyExists(error)) throw error;
    });
  }
}
