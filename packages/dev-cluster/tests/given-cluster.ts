import { setTimeout as pause } from "node:timers/promises";
import type { KubeObject } from "@trireme/api";
import { createKubeClient, loadKubeconfig, watchCache, type KubeClient } from "@trireme/kube";
import type { TestingDoor } from "../src/testing/door.ts";
import { startNodes } from "../src/nodes/index.ts";
import { adminConnection, startWholeCluster, type WholeClusterOptions } from "../src/whole-cluster.ts";

type Kind = { group: string; version: string; kind: string };

export const KINDS = {
  Pod: { group: "", version: "v1", kind: "Pod" },
  Service: { group: "", version: "v1", kind: "Service" },
  Namespace: { group: "", version: "v1", kind: "Namespace" },
  Endpoints: { group: "", version: "v1", kind: "Endpoints" },
  ConfigMap: { group: "", version: "v1", kind: "ConfigMap" },
  Secret: { group: "", version: "v1", kind: "Secret" },
  ServiceAccount: { group: "", version: "v1", kind: "ServiceAccount" },
  PersistentVolumeClaim: { group: "", version: "v1", kind: "PersistentVolumeClaim" },
  PersistentVolume: { group: "", version: "v1", kind: "PersistentVolume" },
  Node: { group: "", version: "v1", kind: "Node" },
  EndpointSlice: { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" },
  Deployment: { group: "apps", version: "v1", kind: "Deployment" },
  ReplicaSet: { group: "apps", version: "v1", kind: "ReplicaSet" },
  StatefulSet: { group: "apps", version: "v1", kind: "StatefulSet" },
  DaemonSet: { group: "apps", version: "v1", kind: "DaemonSet" },
  ControllerRevision: { group: "apps", version: "v1", kind: "ControllerRevision" },
  Job: { group: "batch", version: "v1", kind: "Job" },
  CronJob: { group: "batch", version: "v1", kind: "CronJob" },
  Ingress: { group: "networking.k8s.io", version: "v1", kind: "Ingress" },
} as const satisfies Record<string, Kind>;

/** Kubeconfig of a real control plane to play the same tests on: there the controllers are its own, the nodes ours. */
export const REAL = process.env["TRIREME_TEST_KUBECONFIG"];

/** A real garbage collector looks for new kinds every half minute only. */
const WAIT_MS = REAL === undefined ? 25_000 : 60_000;

/** `it` for what only the embedded cluster has: counted requests. */
export const itOnDevCluster = REAL === undefined ? it : it.skip;

interface Started {
  client: KubeClient;
  caData: string;
  /** Absent on a real control plane. */
  requests: TestingDoor | undefined;
  stop(): Promise<void>;
}

async function started(options: WholeClusterOptions): Promise<Started> {
  if (REAL === undefined) {
    const cluster = await startWholeCluster(options);
    const client = createKubeClient({ connection: adminConnection(cluster) });
    return { client, caData: cluster.caData, requests: cluster.requests, stop: () => client.close().then(() => cluster.stop()) };
  }
  const connection = await loadKubeconfig(REAL);
  const client = createKubeClient({ connection });
  const nodes = await startNodes(client, { ...options.nodes, serveKubelet: true, ...(options.onError && { onError: options.onError }) });
  return { client, caData: connection.tls!.ca!, requests: undefined, stop: async () => {
      await nodes[Symbol.asyncDispose]();
      await client.close();
    },
  };
}

/** A whole cluster in this process, with the few verbs that tests of its controllers and nodes speak in. */
export async function givenCluster(options: WholeClusterOptions = {}) {
  const problems: string[] = [];
  const cluster = await started({ ...options, onError: (what, error) => problems.push(`${what}: ${error.message}`) });
  const { client } = cluster;
  const ref = (kind: Kind, name: string, namespace: string) => ({ ...kind, name, namespace });

  return {
    cluster,
    client,
    /** What controllers and nodes complained about. */
    problems,
    create: <T extends KubeObject>(object: Record<string, unknown>) => client.create(object as unknown as T),
    find: (kind: Kind, name: string, namespace = "default") => client.find(ref(kind, name, namespace)),
    patch: (kind: Kind, name: string, body: unknown, namespace = "default") => client.patch(ref(kind, name, namespace), kind.kind === "Ingress" ? "merge" : "strategic", body),
    delete: (kind: Kind, name: string, propagationPolicy: "Foreground" | "Background" | "Orphan" = "Background", namespace = "default") => client.delete(ref(kind, name, namespace), { propagationPolicy }),
    list: async (kind: Kind, labels: Record<string, string> = {}, namespace = "default") => (await client.list(kind, { namespace, labelSelector: Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(",") })).items,

    /** Waits until the object says yes; fails with what it last was. */
    async becomes(kind: Kind, name: string, check: (object: any) => unknown, namespace = "default"): Promise<any> {
      return settle(client, kind, { namespace, fieldSelector: `metadata.name=${name}` }, `${kind.kind} ${name}`, ([object]) => (object !== undefined && check(object) ? object : undefined));
    },
    /** A definition is Established a moment before a real server has its kind in discovery, and answers for it. */
    async serves(kind: Kind): Promise<void> {
      for (const deadline = Date.now() + WAIT_MS; (await client.discovery({ refresh: true })).find(kind) === undefined; ) {
        if (Date.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s for ${kind.kind} to be served`);
        await pause(50);
      }
    },
    async isGone(kind: Kind, name: string, namespace = "default"): Promise<void> {
      await settle(client, kind, { namespace, fieldSelector: `metadata.name=${name}` }, `${kind.kind} ${name} to be gone`, (objects) => (objects.length === 0 ? true : undefined));
    },
    async all(kind: Kind, labels: Record<string, string>, check: (objects: any[]) => unknown, namespace = "default"): Promise<any[]> {
      const labelSelector = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(",");
      return settle(client, kind, { namespace, labelSelector }, `${kind.kind}s with ${labelSelector}`, (objects) => (check(objects) ? objects : undefined));
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop();
    },
  };
}

async function settle<R>(client: KubeClient, kind: Kind, selection: { namespace?: string; labelSelector?: string; fieldSelector?: string }, what: string, check: (objects: any[]) => R | undefined): Promise<R> {
  const { namespace, ...rest } = selection;
  await using cache = watchCache(client, kind, { ...rest, ...(namespace && { namespace }) });
  await cache.waitForSync();
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  const look = () => {
    const result = check(cache.list());
    if (result !== undefined) resolve(result);
  };
  cache.on(look);
  look();
  const timer = setTimeout(() => reject(new Error(`waited ${WAIT_MS / 1000} s for ${what}; last seen: ${JSON.stringify(cache.list().map(({ metadata, ...object }) => ({ name: metadata.name, status: object["status"] })))}`)), WAIT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** A Deployment of one container. */
export function aDeployment(name: string, options: { image?: string; spec?: Record<string, unknown>; pod?: Record<string, unknown>; container?: Record<string, unknown>; namespace?: string } = {}) {
  const { image = "web:1", namespace = "default" } = options;
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: aTemplate(name, { image, ...options }), ...options.spec } };
}

export function aTemplate(name: string, options: { image?: string; pod?: Record<string, unknown>; container?: Record<string, unknown> } = {}) {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: options.image ?? "web:1", ...options.container }], ...options.pod } };
}

export function aJob(name: string, script: string, options: { spec?: Record<string, unknown>; restartPolicy?: string } = {}) {
  const container = { name: "main", image: "busybox:1", command: ["sh", "-c", script] };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace: "default" }, spec: { template: { spec: { restartPolicy: options.restartPolicy ?? "Never", containers: [container] } }, ...options.spec } };
}

export const conditionIs = (type: string, status: string, reason?: string) => (object: any) => object.status?.conditions?.some((condition: any) => condition.type === type && condition.status === status && (reason === undefined || condition.reason === reason));

export const isRolledOut = (deployment: any) => {
  const { status = {}, spec, metadata } = deployment;
  return status.observedGeneration === metadata.generation && status.updatedReplicas === spec.replicas && status.replicas === spec.replicas && status.availableReplicas === spec.replicas;
};
