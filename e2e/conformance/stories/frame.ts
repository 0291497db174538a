import type { Server } from "../server.ts";

/** The observable state of a namespace: what its controllers and kubelets made of it, without names and times of chance. */
export interface Frame {
  namespace: any;
  deployments: Record<string, any>;
  replicaSets: any[];
  statefulSets: Record<string, any>;
  daemonSets: Record<string, any>;
  jobs: Record<string, any>;
  cronJobs: Record<string, any>;
  pods: any[];
  endpoints: Record<string, any>;
  configMaps: Record<string, any>;
  /** What was told about workloads, each sentence once. */
  events: string[];
}

const VOLATILE_WAITS = /^(ErrImagePull|ImagePullBackOff)$/;

export async function frameOf(server: Server, namespace: string): Promise<Frame> {
  const at = (group: string, resource: string): string => `/${group === "v1" ? "api" : "apis"}/${group}/namespaces/${namespace}/${resource}`;
  const list = async (group: string, resource: string): Promise<any[]> => ((await server.ask({ method: "GET", path: at(group, resource) })).body as any)?.items ?? [];
  const { body } = (await server.ask({ method: "GET", path: `/api/v1/namespaces/${namespace}` })) as { body: any };
  const deployments = await list("apps/v1", "deployments");
  const replicaSets = await list("apps/v1", "replicasets");
  const statefulSets = await list("apps/v1", "statefulsets");
  const daemonSets = await list("apps/v1", "daemonsets");
  const jobs = await list("batch/v1", "jobs");
  const cronJobs = await list("batch/v1", "cronjobs");
  const pods = await list("v1", "pods");
  const endpoints = await list("v1", "endpoints");
  const slices = await list("discovery.k8s.io/v1", "endpointslices");
  const configMaps = await list("v1", "configmaps");
  const events = await list("v1", "events");
  return masked({
    namespace: body?.kind === "Namespace" ? { phase: body.status?.phase, conditions: conditionsOf(body.status) } : "gone",
    deployments: byName(deployments, (one) => ({ ...markOf(one), replicas: one.spec.replicas, revision: one.metadata.annotations?.["deployment.kubernetes.io/revision"], status: { ...one.status, conditions: conditionsOf(one.status) } })),
    replicaSets: replicaSets.map((one) => ({ ...markOf(one), owner: ownerOf(one), image: imageOf(one.spec.template), replicas: one.spec.replicas, revision: one.metadata.annotations?.["deployment.kubernetes.io/revision"], status: one.status })).sort(byText),
    statefulSets: byName(statefulSets, (one) => ({ ...markOf(one), replicas: one.spec.replicas, status: { ...one.status, currentRevision: one.status?.currentRevision === one.status?.updateRevision ? "the update's" : "another", updateRevision: undefined } })),
    daemonSets: byName(daemonSets, (one) => ({ ...markOf(one), status: one.status })),
    jobs: byName(jobs, (one) => ({ ...markOf(one), owner: ownerOf(one), suspend: one.spec.suspend, status: { ...one.status, startTime: present(one.status?.startTime), completionTime: present(one.status?.completionTime), conditions: conditionsOf(one.status) } })),
    cronJobs: byName(cronJobs, (one) => ({ ...markOf(one), suspend: one.spec.suspend, status: { active: one.status?.active?.length ?? 0, scheduled: present(one.status?.lastScheduleTime), succeeded: present(one.status?.lastSuccessfulTime) } })),
    pods: pods.map(podOf).sort(byText),
    endpoints: byName(endpoints.filter((one) => one.metadata.name !== "kubernetes"), (one) => ({
      subsets: (one.subsets ?? []).map((subset: any) => ({ ready: subset.addresses?.length ?? 0, notReady: subset.notReadyAddresses?.length ?? 0, ports: subset.ports })),
      slices: slices.filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === one.metadata.name).map((slice) => ({ type: slice.addressType, ports: slice.ports, endpoints: (slice.endpoints ?? []).map((endpoint: any) => JSON.stringify(endpoint.conditions)).sort() })),
    })),
    configMaps: byName(configMaps.filter((one) => one.metadata.name !== "kube-root-ca.crt"), (one) => ({ ...markOf(one), owners: (one.metadata.ownerReferences ?? []).map((owner: any) => `${owner.kind} ${owner.name}`) })),
    events: [...new Set(events.filter((one) => !["Pod", "Node"].includes(one.involvedObject.kind)).map((one) => `${one.involvedObject.kind} ${one.type} ${one.reason}: ${one.message}`))],
  });
}

function podOf(pod: any): unknown {
  const containers = (pod.status?.containerStatuses ?? []).map(({ name, ready, state = {} }: any) => {
    const { waiting, terminated, running } = state;
    if (waiting && VOLATILE_WAITS.test(waiting.reason)) return { name, ready, state: "cannot be pulled" };
    // A container that crashes for ever is in any of these at any time.
    if (pod.spec.restartPolicy !== "Never" && (waiting?.reason === "CrashLoopBackOff" || terminated?.exitCode > 0 || (running && crashes(pod)))) return { name, state: "crashes" };
    return { name, ready, state: running ? "running" : terminated ? `${terminated.reason} ${terminated.exitCode}` : waiting?.reason };
  });
  return { ...markOf(pod), owner: ownerOf(pod), ...(ownerOf(pod)?.startsWith("StatefulSet") && { name: pod.metadata.name }), image: imageOf(pod), phase: pod.status?.phase, ready: (pod.status?.conditions ?? []).find((one: any) => one.type === "Ready" && !crashes(pod))?.status, containers, index: pod.metadata.annotations?.["batch.kubernetes.io/job-completion-index"] };
}

function crashes(pod: any): boolean {
  return (pod.status?.containerStatuses ?? []).some((one: any) => one.restartCount > 0 || one.lastState?.terminated) || /crash/.test(imageOf(pod) ?? "");
}

function markOf({ metadata }: any): Record<string, unknown> {
  return { ...(metadata.deletionTimestamp && { deleted: true }), ...(metadata.finalizers?.length && { finalizers: metadata.finalizers }) };
}

function conditionsOf(status: any): string[] {
  return ((status?.conditions ?? []) as any[]).map(({ type, status: value, reason = "", message = "" }) => `${type}=${value} ${reason}: ${message}`).sort();
}

function ownerOf({ metadata }: any): string | undefined {
  const owner = (metadata.ownerReferences ?? []).find((one: any) => one.controller);
  return owner && `${owner.kind} ${owner.name}`;
}

function imageOf({ spec }: any): string | undefined {
  return spec?.containers?.[0]?.image;
}

function present(value: unknown): true | undefined {
  return value === undefined ? undefined : true;
}

function byName(list: readonly any[], read: (one: any) => unknown): Record<string, any> {
  return Object.fromEntries(list.map((one) => [one.metadata.name, read(one)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(masked(a)) < JSON.stringify(masked(b)) ? -1 : 1;
}

/** Hashes, random suffixes, and the minute in a cron job's jobs. */
function masked<T>(value: T): T {
  const text = JSON.stringify(value)
    .replaceAll(/\b([a-z]+(?:-[a-z]+)*)-[a-f0-9]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1-<hash>-<random>")
    .replaceAll(/\b([a-z]+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1-<hash>-<random>")
    .replaceAll(/\b([a-z]+)-(?=[a-z0-9]*\d)[bcdfghjklmnpqrstvwxz0-9]{8,10}\b/g, "$1-<hash>")
    .replaceAll(/\bjob-(\d)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "job-$1-<random>")
    .replaceAll(/\b(job|cron|web|ds|rs)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1-<random>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>");
  const copy = JSON.parse(text) as any;
  if (Array.isArray(copy?.events)) copy.events = [...new Set(copy.events)].sort();
  return copy as T;
}
