import type { Request } from "../call.ts";
import { MERGE } from "../words.ts";
import type { Frame } from "./frame.ts";
import { namespaceOf, type Step, type Story } from "./story.ts";

type Hands = ReturnType<typeof handsIn>;

/** Short words for what people do in a namespace. */
function handsIn(NS: string) {
  const apps = (rest: string): string => `/apis/apps/v1/namespaces/${NS}/${rest}`;
  const batch = (rest: string): string => `/apis/batch/v1/namespaces/${NS}/${rest}`;
  const core = (rest: string): string => `/api/v1/namespaces/${NS}/${rest}`;
  const post = (path: string, body: unknown): Omit<Request, "name"> => ({ method: "POST", path, body });
  const merge = (path: string, body: unknown): Omit<Request, "name"> => ({ method: "PATCH", path, type: MERGE, body });
  const remove = (path: string, body?: unknown): Omit<Request, "name"> => ({ method: "DELETE", path, ...(body !== undefined && { body }) });
  return { NS, apps, batch, core, post, merge, remove };
}

function story(name: string, write: (hands: Hands) => readonly Step[], rest: Partial<Story> = {}): Story {
  return { name, ...rest, steps: write(handsIn(namespaceOf({ name }))) };
}

const pod = (image: string, labels: Record<string, string> = { app: "web" }, spec: Record<string, unknown> = {}): any => ({ metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "main", image, ports: [{ containerPort: 80 }] }], ...spec } });
const deployment = (image: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: pod(image), ...spec } });
const to = (image: string): unknown => ({ spec: { template: { spec: { containers: [{ name: "main", image, ports: [{ containerPort: 80 }] }] } } } });
const job = (script: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" }, spec: { template: { spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers: [{ name: "main", image: "busybox:1", command: ["sh", "-c", script] }] } }, ...spec } });

const web = (frame: Frame): any => frame.deployments["web"];
const available = (frame: Frame, count: number, image?: string): boolean => {
  const { status, replicas } = web(frame) ?? {};
  const newest = frame.replicaSets.filter((set) => set.replicas > 0);
  return replicas === count && (status?.availableReplicas ?? 0) === count && (status?.updatedReplicas ?? 0) === count && (status?.replicas ?? 0) === count && frame.pods.length === count && (image === undefined || newest.every((set) => set.image === image)) && endpointsOf(frame) === count;
};
const endpointsOf = (frame: Frame): number => Object.values(frame.endpoints)[0]?.subsets.reduce((sum: number, one: any) => sum + one.ready, 0) ?? 0;
const condition = (frame: Frame, text: string): boolean => (web(frame)?.status.conditions ?? []).some((one: string) => one.includes(text));
const jobIs = (frame: Frame, text: string): boolean => (frame.jobs["job"]?.status.conditions ?? []).some((one: string) => one.startsWith(text));

const service = (hands: Hands): Omit<Request, "name"> => hands.post(hands.core("services"), { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } });

export const stories: readonly Story[] = [
  story("rollout", (h) => [
    { name: "created", requests: [service(h), h.post(h.apps("deployments"), deployment("web:1"))], done: (f) => available(f, 3, "web:1") },
    { name: "another image", requests: [h.merge(h.apps("deployments/web"), to("web:2"))], done: (f) => available(f, 3, "web:2") },
    { name: "scaled up", requests: [h.merge(h.apps("deployments/web"), { spec: { replicas: 5 } })], done: (f) => available(f, 5) },
    { name: "scaled to nothing", requests: [h.merge(h.apps("deployments/web/scale"), { spec: { replicas: 0 } })], done: (f) => available(f, 0) },
    { name: "scaled again", requests: [h.merge(h.apps("deployments/web"), { spec: { replicas: 2 } })], done: (f) => available(f, 2) },
    { name: "undone", requests: [h.merge(h.apps("deployments/web"), to("web:1"))], done: (f) => available(f, 2, "web:1") },
    { name: "a label", requests: [h.merge(h.apps("deployments/web"), { metadata: { annotations: { note: "x" } } })], done: (f) => available(f, 2) },
    { name: "deleted", requests: [h.remove(h.apps("deployments/web"), { propagationPolicy: "Background" })], done: (f) => web(f) === undefined && f.replicaSets.length === 0 && f.pods.length === 0 && endpointsOf(f) === 0 },
  ]),
  story("failed image", (h) => [
    { name: "created", requests: [service(h), h.post(h.apps("deployments"), deployment("web:1", { progressDeadlineSeconds: 3 }))], done: (f) => available(f, 3) },
    { name: "an image that cannot be pulled, past its deadline", requests: [h.merge(h.apps("deployments/web"), to("web:broken"))], done: (f) => condition(f, "ProgressDeadlineExceeded") },
    { name: "undone", requests: [h.merge(h.apps("deployments/web"), to("web:1"))], done: (f) => available(f, 3, "web:1") },
    // A container that crashes at once is ready for a moment: only time makes it count.
    { name: "an image that crashes", requests: [h.merge(h.apps("deployments/web"), { spec: { minReadySeconds: 60, progressDeadlineSeconds: 61, template: { spec: { containers: [{ name: "main", image: "web:crash", ports: [{ containerPort: 80 }] }] } } } })], done: (f) => web(f).status.unavailableReplicas === 1 && f.pods.some((one) => JSON.stringify(one).includes("crashes")) },
    { name: "mended", requests: [h.merge(h.apps("deployments/web"), { spec: { minReadySeconds: 0, template: { spec: { containers: [{ name: "main", image: "web:2", ports: [{ containerPort: 80 }] }] } } } })], done: (f) => available(f, 3, "web:2") },
  ]),
  story("pause", (h) => [
    { name: "created", requests: [service(h), h.post(h.apps("deployments"), deployment("web:1", { replicas: 2 }))], done: (f) => available(f, 2) },
    { name: "paused", requests: [h.merge(h.apps("deployments/web"), { spec: { paused: true } })], done: (f) => condition(f, "DeploymentPaused") },
    { name: "changed while paused", requests: [h.merge(h.apps("deployments/web"), to("web:2"))], done: (f) => web(f).status.observedGeneration === 3 && (web(f).status.updatedReplicas ?? 0) === 0 },
    { name: "scaled while paused", requests: [h.merge(h.apps("deployments/web"), { spec: { replicas: 3 } })], done: (f) => web(f).status.availableReplicas === 3 && endpointsOf(f) === 3 },
    { name: "resumed", requests: [h.merge(h.apps("deployments/web"), { spec: { paused: null } })], done: (f) => available(f, 3, "web:2") },
  ]),
  story("recreate", (h) => [
    { name: "created", requests: [service(h), h.post(h.apps("deployments"), deployment("web:1", { replicas: 2, strategy: { type: "Recreate" } }))], done: (f) => available(f, 2) },
    { name: "another image", requests: [h.merge(h.apps("deployments/web"), to("web:2"))], done: (f) => available(f, 2, "web:2") },
    { name: "history of one", requests: [h.merge(h.apps("deployments/web"), { spec: { revisionHistoryLimit: 0 } })], done: (f) => f.replicaSets.length === 1 && available(f, 2) },
  ]),
  story("replica set", (h) => {
    const set = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "rs" }, spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: pod("web:1") } };
    const ready = (f: Frame, count: number): boolean => f.replicaSets[0]?.status.availableReplicas === count && f.pods.length === count;
    return [
      { name: "created", requests: [h.post(h.apps("replicasets"), set)], done: (f) => ready(f, 2) },
      { name: "its pods gone", requests: [h.remove(`${h.core("pods")}?labelSelector=app%3Dweb`)], done: (f) => ready(f, 2) && f.replicaSets[0].status.observedGeneration === 1 },
      { name: "scaled down", requests: [h.merge(h.apps("replicasets/rs"), { spec: { replicas: 1 } })], done: (f) => ready(f, 1) },
      { name: "orphaned", requests: [h.remove(h.apps("replicasets/rs"), { propagationPolicy: "Orphan" })], done: (f) => f.replicaSets.length === 0 && f.pods.length === 1 && f.pods[0].owner === undefined },
      { name: "adopted", requests: [h.post(h.apps("replicasets"), { ...set, spec: { ...set.spec, replicas: 1 } })], done: (f) => ready(f, 1) && f.pods[0].owner === "ReplicaSet rs" },
      { name: "in the foreground", requests: [h.remove(h.apps("replicasets/rs"), { propagationPolicy: "Foreground" })], done: (f) => f.replicaSets.length === 0 && f.pods.length === 0 },
    ];
  }),
  story("stateful set", (h) => {
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "db" }, spec: { serviceName: "db", replicas: 2, selector: { matchLabels: { app: "db" } }, template: pod("db:1", { app: "db" }) } };
    const at = (f: Frame, count: number, updated: number): boolean => {
      const { status } = f.statefulSets["db"] ?? {};
      return status?.availableReplicas === count && status.replicas === count && (status.updatedReplicas ?? 0) === updated && f.pods.length === count && f.pods.every((one) => one.ready === "True");
    };
    return [
      { name: "created", requests: [h.post(h.core("services"), { apiVersion: "v1", kind: "Service", metadata: { name: "db" }, spec: { clusterIP: "None", selector: { app: "db" }, ports: [{ port: 80 }] } }), h.post(h.apps("statefulsets"), set)], done: (f) => at(f, 2, 2) && endpointsOf(f) === 2 },
      { name: "scaled", requests: [h.merge(h.apps("statefulsets/db"), { spec: { replicas: 3 } })], done: (f) => at(f, 3, 3) && endpointsOf(f) === 3 },
      { name: "updated in part", requests: [h.merge(h.apps("statefulsets/db"), { spec: { updateStrategy: { rollingUpdate: { partition: 2 } }, template: { spec: { containers: [{ name: "main", image: "db:2", ports: [{ containerPort: 80 }] }] } } } })], done: (f) => at(f, 3, 1) && endpointsOf(f) === 3 },
      { name: "updated as a whole", requests: [h.merge(h.apps("statefulsets/db"), { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } })], done: (f) => at(f, 3, 3) && f.statefulSets["db"].status.currentRevision === "the update's" && endpointsOf(f) === 3 },
      { name: "an image that cannot be pulled", requests: [h.merge(h.apps("statefulsets/db"), { spec: { template: { spec: { containers: [{ name: "main", image: "db:broken", ports: [{ containerPort: 80 }] }] } } } })], done: (f) => f.pods.some((one) => JSON.stringify(one).includes("cannot be pulled")) && f.statefulSets["db"].status.availableReplicas === 2 },
      { name: "deleted", requests: [h.remove(h.apps("statefulsets/db"), { propagationPolicy: "Foreground" })], done: (f) => f.statefulSets["db"] === undefined && f.pods.length === 0 && endpointsOf(f) === 0 },
    ];
  }),
  story("daemon set", (h) => {
    const set = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "ds" }, spec: { selector: { matchLabels: { app: "ds" } }, template: pod("ds:1", { app: "ds" }) } };
    const done = (f: Frame, generation: number): boolean => f.daemonSets["ds"]?.status.numberAvailable === 1 && f.daemonSets["ds"].status.observedGeneration === generation && f.daemonSets["ds"].status.updatedNumberScheduled === 1 && f.pods.length === 1;
    return [
      { name: "created", requests: [h.post(h.apps("daemonsets"), set)], done: (f) => done(f, 1) },
      { name: "another image", requests: [h.merge(h.apps("daemonsets/ds"), { spec: { template: { spec: { containers: [{ name: "main", image: "ds:2", ports: [{ containerPort: 80 }] }] } } } })], done: (f) => done(f, 2) && f.pods[0].image === "ds:2" },
      { name: "nowhere", requests: [h.merge(h.apps("daemonsets/ds"), { spec: { template: { spec: { nodeSelector: { none: "such" } } } } })], done: (f) => f.pods.length === 0 && f.daemonSets["ds"].status.desiredNumberScheduled === 0 && f.daemonSets["ds"].status.currentNumberScheduled === 0 },
    ];
  }),
  story("job", (h) => [
    { name: "three completions, two at a time", requests: [h.post(h.batch("jobs"), job("echo done", { completions: 3, parallelism: 2 }))], done: (f) => jobIs(f, "Complete=True") && f.jobs["job"].status.succeeded === 3 },
    { name: "deleted", requests: [h.remove(h.batch("jobs/job"), { propagationPolicy: "Background" })], done: (f) => f.jobs["job"] === undefined && f.pods.length === 0 },
    { name: "suspended from the start", requests: [h.post(h.batch("jobs"), job("echo done", { suspend: true }))], done: (f) => jobIs(f, "Suspended=True") },
    { name: "resumed", requests: [h.merge(h.batch("jobs/job"), { spec: { suspend: false } })], done: (f) => jobIs(f, "Complete=True") },
    { name: "deleted again", requests: [h.remove(h.batch("jobs/job"), { propagationPolicy: "Foreground" })], done: (f) => f.jobs["job"] === undefined && f.pods.length === 0 },
    { name: "an index each", requests: [h.post(h.batch("jobs"), job("echo done", { completions: 2, parallelism: 2, completionMode: "Indexed" }))], done: (f) => jobIs(f, "Complete=True") },
  ]),
  story("failed job", (h) => [
    { name: "no more tries", requests: [h.post(h.batch("jobs"), job("exit 3", { backoffLimit: 0 }))], done: (f) => jobIs(f, "Failed=True") },
    { name: "deleted", requests: [h.remove(h.batch("jobs/job"), { propagationPolicy: "Background" })], done: (f) => f.jobs["job"] === undefined && f.pods.length === 0 },
    { name: "past its deadline", requests: [h.post(h.batch("jobs"), job("sleep 600", { activeDeadlineSeconds: 1 }))], done: (f) => jobIs(f, "Failed=True") && f.pods.length === 0 },
    { name: "deleted again", requests: [h.remove(h.batch("jobs/job"), { propagationPolicy: "Background" })], done: (f) => f.jobs["job"] === undefined && f.pods.length === 0 },
    { name: "gone after its time", requests: [h.post(h.batch("jobs"), job("echo done", { ttlSecondsAfterFinished: 1 }))], done: (f) => f.jobs["job"] === undefined && f.pods.length === 0 && f.events.some((one) => one.includes("Completed")) },
  ]),
  story("job that is tried again", (h) => [{ name: "one more try", requests: [h.post(h.batch("jobs"), job("exit 1", { backoffLimit: 1 }))], done: (f) => jobIs(f, "Failed=True") && f.pods.length === 2 }], { slow: true }),
  story("cron job", (h) => [
    { name: "its first run", requests: [h.post(h.batch("cronjobs"), { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "cron" }, spec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1", command: ["true"] }] } } } } } })], done: (f) => f.cronJobs["cron"]?.status.succeeded === true && f.cronJobs["cron"].status.active === 0 && f.pods.length === 1 && f.events.some((one) => one.includes("SawCompletedJob")) },
    { name: "suspended", requests: [h.merge(h.batch("cronjobs/cron"), { spec: { suspend: true } })], done: (f) => f.cronJobs["cron"].suspend === true },
  ], { slow: true }),
  story("owners", (h) => {
    const map = (name: string, rest: Record<string, unknown> = {}): unknown => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...rest } });
    const owned = (name: string, uid: string, rest: Record<string, unknown> = {}): Omit<Request, "name"> => h.post(h.core("configmaps"), map(name, { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: uid, uid: `{{${uid}}}`, ...rest }] }));
    const parent = (name: string): Omit<Request, "name"> => ({ ...h.post(h.core("configmaps"), map(name)), keep: { [name]: "metadata.uid" } });
    const left = (f: Frame): string => Object.keys(f.configMaps).sort().join();
    return [
      { name: "three families", requests: [parent("background"), owned("b-child", "background"), parent("foreground"), owned("f-child", "foreground", { blockOwnerDeletion: true }), parent("orphan"), owned("o-child", "orphan")], done: (f) => Object.keys(f.configMaps).length === 6 },
      { name: "in the background", requests: [h.remove(h.core("configmaps/background"), { propagationPolicy: "Background" })], done: (f) => left(f) === "f-child,foreground,o-child,orphan" },
      { name: "in the foreground, held by its child", requests: [h.merge(h.core("configmaps/f-child"), { metadata: { finalizers: ["test.dev/hold"] } }), h.remove(h.core("configmaps/foreground"), { propagationPolicy: "Foreground" })], done: (f) => f.configMaps["f-child"]?.deleted === true && f.configMaps["foreground"]?.deleted === true },
      { name: "let go", requests: [h.merge(h.core("configmaps/f-child"), { metadata: { finalizers: null } })], done: (f) => left(f) === "o-child,orphan" },
      { name: "orphaned", requests: [h.remove(h.core("configmaps/orphan"), { propagationPolicy: "Orphan" })], done: (f) => left(f) === "o-child" && f.configMaps["o-child"].owners.length === 0 },
      { name: "of an owner that never was", requests: [h.post(h.core("configmaps"), map("lost", { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "nobody", uid: "11111111-2222-3333-4444-555555555555" }] }))], done: (f) => left(f) === "o-child" },
    ];
  }),
  story("the end of a namespace", (h) => [
    { name: "lived in", requests: [h.post(h.core("configmaps"), { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", finalizers: ["test.dev/hold"] } }), h.post(h.apps("deployments"), deployment("web:1", { replicas: 1 }))], done: (f) => web(f)?.status.availableReplicas === 1 },
    { name: "ending", requests: [h.remove(`/api/v1/namespaces/${h.NS}`)], done: (f) => f.namespace.phase === "Terminating" && f.pods.length === 0 && f.replicaSets.length === 0 && f.namespace.conditions.some((one: string) => one.startsWith("NamespaceFinalizersRemaining=True")) },
    { name: "let go", requests: [h.merge(h.core("configmaps/held"), { metadata: { finalizers: null } })], done: (f) => f.namespace === "gone" },
  ]),
];
