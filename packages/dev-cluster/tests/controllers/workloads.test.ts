import { aJob, aTemplate, conditionIs, givenCluster, KINDS } from "../given-cluster.ts";

const { ControllerRevision, CronJob, DaemonSet, Endpoints, EndpointSlice, Job, Node, PersistentVolumeClaim, Pod, Service, StatefulSet } = KINDS;

let it_: Awaited<ReturnType<typeof givenCluster>>;
beforeAll(async () => {
  it_ = await givenCluster({ nodes: { nodes: 3, brokenImages: ["broken", "flaky=unready"] } });
});
afterAll(async () => {
  expect(it_.problems).toEqual([]);
  await it_[Symbol.asyncDispose]();
});

const aStatefulSet = (name: string, spec: Record<string, unknown> = {}) => ({ apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name, namespace: "default" }, spec: { serviceName: name, replicas: 3, selector: { matchLabels: { app: name } }, template: aTemplate(name), ...spec } });

describe("a StatefulSet", () => {
  it("starts its pods in order, each with a volume of its own", async () => {
    const it = it_;
    const claim = { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } };
    await it.create(aStatefulSet("db", { volumeClaimTemplates: [claim] }));
    const { status } = await it.becomes(StatefulSet, "db", (set) => set.status?.availableReplicas === 3);
    expect(status).toEqual({ observedGeneration: 1, replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3, availableReplicas: 3, currentRevision: expect.stringMatching(/^db-/), updateRevision: status.currentRevision, collisionCount: 0 });
    const pods = await it.list(Pod, { app: "db" });
    const started = pods.map((pod) => [pod.metadata.name, pod.metadata.resourceVersion, pod.metadata.labels]);
    expect(started.map(([name]) => name)).toEqual(["db-0", "db-1", "db-2"]);
    expect(pods[1]!.metadata.labels).toMatchObject({ "apps.kubernetes.io/pod-index": "1", "statefulset.kubernetes.io/pod-name": "db-1", "controller-revision-hash": status.currentRevision });
    expect((await it.find(PersistentVolumeClaim, "data-db-2"))!["status"]).toMatchObject({ phase: "Bound", capacity: { storage: "1Gi" } });
  });

  it("updates from the last to the first, one at a time, and stops at the partition", async () => {
    const it = it_;
    await it.create(aStatefulSet("part", { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } }));
    await it.becomes(StatefulSet, "part", (set) => set.status?.availableReplicas === 3);
    await it.patch(StatefulSet, "part", { spec: { template: { spec: { containers: [{ name: "main", image: "web:2" }] } } } });
    await it.becomes(StatefulSet, "part", (set) => set.status.updatedReplicas === 2 && set.status.readyReplicas === 3);
    expect((await it.list(Pod, { app: "part" })).map((pod) => pod["spec"].containers[0].image)).toEqual(["web:1", "web:2", "web:2"]);
    // Below the partition even a lost pod comes back as it was.
    await it.delete(Pod, "part-0");
    await it.all(Pod, { app: "part" }, (pods) => pods.length === 3 && pods.every((pod) => pod.status.phase === "Running" && !pod.metadata.deletionTimestamp));
    expect((await it.find(Pod, "part-0"))!["spec"].containers[0].image).toBe("web:1");
    expect(await it.list(ControllerRevision, { app: "part" })).toHaveLength(2);
  });

  it("does not go on while a pod is not ready", async () => {
    const it = it_;
    await it.create(aStatefulSet("waits", { template: aTemplate("waits", { image: "web:flaky" }) }));
    await it.becomes(Pod, "waits-0", (pod) => pod.status?.phase === "Running");
    await it.becomes(StatefulSet, "waits", (set) => set.status?.replicas === 1);
    expect(await it.find(Pod, "waits-1")).toBeUndefined();
  });

  it("gives up its pods from the last", async () => {
    const it = it_;
    await it.create(aStatefulSet("down"));
    await it.becomes(StatefulSet, "down", (set) => set.status?.availableReplicas === 3);
    await it.patch(StatefulSet, "down", { spec: { replicas: 1 } });
    await it.becomes(StatefulSet, "down", (set) => set.status.replicas === 1);
    expect((await it.list(Pod, { app: "down" })).map(({ metadata }) => metadata.name)).toEqual(["down-0"]);
  });
});

describe("a DaemonSet", () => {
  it("has one pod on every node that fits, and renews them", async () => {
    const it = it_;
    await it.client.patch({ ...Node, namespace: "", name: "node-3" }, "strategic", { metadata: { labels: { role: "special" } } });
    await it.create({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "default" }, spec: { selector: { matchLabels: { app: "agent" } }, template: aTemplate("agent") } });
    const { status } = await it.becomes(DaemonSet, "agent", (set) => set.status?.numberAvailable === 3);
    expect(status).toEqual({ currentNumberScheduled: 3, desiredNumberScheduled: 3, numberAvailable: 3, numberMisscheduled: 0, numberReady: 3, observedGeneration: 1, updatedNumberScheduled: 3 });
    expect((await it.list(Pod, { app: "agent" })).map((pod) => pod["spec"].nodeName).sort()).toEqual(["node-1", "node-2", "node-3"]);

    await it.patch(DaemonSet, "agent", { spec: { template: { spec: { containers: [{ name: "main", image: "web:2" }], nodeSelector: { role: "special" } } } } });
    await it.becomes(DaemonSet, "agent", (set) => set.status.observedGeneration === 2 && set.status.updatedNumberScheduled === 1 && set.status.numberAvailable === 1);
    const pods = await it.all(Pod, { app: "agent" }, (each) => each.length === 1);
    expect(pods[0].spec.nodeName).toBe("node-3");
  });
});

describe("a Job", () => {
  it("completes when all its pods succeeded, each counted once", async () => {
    const it = it_;
    await it.create(aJob("sum", "echo done", { spec: { completions: 3, parallelism: 2 } }));
    const { status } = await it.becomes(Job, "sum", conditionIs("Complete", "True", "CompletionsReached"));
    expect(status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0, uncountedTerminatedPods: {}, startTime: expect.any(String), completionTime: expect.any(String) });
    expect(status.conditions.map((condition: any) => condition.type)).toEqual(["SuccessCriteriaMet", "Complete"]);
    expect((await it.list(Pod, { "job-name": "sum" })).map((pod) => [pod["status"].phase, pod.metadata.finalizers ?? []])).toEqual([["Succeeded", []], ["Succeeded", []], ["Succeeded", []]]);
  });

  it("fails when its pods failed too often", async () => {
    const it = it_;
    await it.create(aJob("bad", "echo no; exit 3", { spec: { backoffLimit: 0 } }));
    const { status } = await it.becomes(Job, "bad", conditionIs("Failed", "True", "BackoffLimitExceeded"));
    expect(status).toMatchObject({ failed: 1 });
    const [pod] = await it.list(Pod, { "job-name": "bad" });
    expect(pod!["status"].containerStatuses[0].state.terminated).toMatchObject({ exitCode: 3, reason: "Error" });
  });

  it("fails at its deadline, whatever its pods do", async () => {
    const it = it_;
    await it.create(aJob("late", "sleep 1000", { spec: { activeDeadlineSeconds: 1 } }));
    await it.becomes(Job, "late", conditionIs("Failed", "True", "DeadlineExceeded"));
    await it.all(Pod, { "job-name": "late" }, (pods) => pods.length === 0);
  });

  it("counts indexes where it has them", async () => {
    const it = it_;
    await it.create(aJob("indexed", "true", { spec: { completions: 5, parallelism: 3, completionMode: "Indexed" } }));
    expect((await it.becomes(Job, "indexed", conditionIs("Complete", "True"))).status).toMatchObject({ completedIndexes: "0-4", succeeded: 5 });
  });

  it("does nothing while it is suspended, and goes when its time to live is over", async () => {
    const it = it_;
    await it.create(aJob("later", "true", { spec: { suspend: true, ttlSecondsAfterFinished: 0 } }));
    await it.becomes(Job, "later", conditionIs("Suspended", "True"));
    expect(await it.list(Pod, { "job-name": "later" })).toEqual([]);
    await it.patch(Job, "later", { spec: { suspend: false } });
    await it.isGone(Job, "later");
    await it.all(Pod, { "job-name": "later" }, (pods) => pods.length === 0);
  });

  it("is deleted with the pods that it still tracks", async () => {
    const it = it_;
    await it.create(aJob("cut", "sleep 1000"));
    await it.becomes(Job, "cut", (job) => job.status?.ready === 1);
    await it.delete(Job, "cut", "Background");
    await it.all(Pod, { "job-name": "cut" }, (pods) => pods.length === 0);
  });

  it("restarts the container itself with OnFailure, up to its limit", async () => {
    const it = it_;
    await it.create(aJob("again", "exit 1", { restartPolicy: "OnFailure", spec: { backoffLimit: 1 } }));
    await it.becomes(Job, "again", conditionIs("Failed", "True", "BackoffLimitExceeded"));
  });
});

describe("a CronJob", () => {
  const aCronJob = (name: string, script: string, spec: Record<string, unknown> = {}) => ({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name, namespace: "default" }, spec: { schedule: "* * * * *", jobTemplate: { spec: aJob("x", script).spec }, ...spec } });

  it("starts the job of a time that has passed, named after that time, and lists it while it runs", async () => {
    const it = it_;
    await it.create(aCronJob("every-minute", "sleep 1000", { suspend: true }));
    // It last ran two minutes ago: of the times that were missed the last is made up for.
    const lastScheduleTime = `${new Date(Date.now() - 120_000).toISOString().slice(0, 19)}Z`;
    await it.client.patch({ ...CronJob, namespace: "default", name: "every-minute" }, "merge", { status: { lastScheduleTime } }, { subresource: "status" });
    await it.patch(CronJob, "every-minute", { spec: { suspend: false } });
    const { status } = await it.becomes(CronJob, "every-minute", (cron) => cron.status?.active?.length === 1);
    expect(status.active[0]).toMatchObject({ kind: "Job", apiVersion: "batch/v1", name: `every-minute-${Date.parse(status.lastScheduleTime) / 60_000}` });
    const job = await it.find(Job, status.active[0].name);
    expect(job!.metadata).toMatchObject({ annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": status.lastScheduleTime }, ownerReferences: [{ kind: "CronJob", name: "every-minute", controller: true, blockOwnerDeletion: true }] });
  });

  it("keeps as many finished jobs as it should, and does not list those that people start", async () => {
    const it = it_;
    const cron = await it.create(aCronJob("nightly", "true", { schedule: "0 3 * * *", successfulJobsHistoryLimit: 1 }));
    for (const name of ["by-hand-1", "by-hand-2"]) {
      await it.create({ ...aJob(name, "true"), metadata: { name, namespace: "default", annotations: { "cronjob.kubernetes.io/instantiate": "manual" }, ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "nightly", uid: cron.metadata.uid, controller: true }] } });
      await it.becomes(CronJob, "nightly", (object) => object.status?.lastSuccessfulTime !== undefined);
    }
    await it.isGone(Job, "by-hand-1");
    expect((await it.find(CronJob, "nightly"))!["status"].active).toBeUndefined();
  });
});

describe("a Service", () => {
  const aService = (name: string, spec: Record<string, unknown> = {}) => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "web" }], ...spec } });

  it("has the addresses of its pods, ready and not, with the ports that they have", async () => {
    const it = it_;
    await it.create(aService("front"));
    await it.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "front-1", namespace: "default", labels: { app: "front" } }, spec: aTemplate("front", { container: { ports: [{ name: "web", containerPort: 8080 }] } }).spec });
    await it.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "front-2", namespace: "default", labels: { app: "front" } }, spec: aTemplate("front", { image: "web:flaky", container: { ports: [{ name: "web", containerPort: 8080 }] } }).spec });
    const { subsets } = await it.becomes(Endpoints, "front", (object) => object.subsets?.[0]?.addresses?.length === 1 && object.subsets[0].notReadyAddresses?.length === 1);
    expect(subsets[0].ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
    expect(subsets[0].addresses[0]).toMatchObject({ nodeName: expect.any(String), targetRef: { kind: "Pod", name: "front-1" } });
    const [slice] = await it.all(EndpointSlice, { "kubernetes.io/service-name": "front" }, ([each]) => each?.endpoints.length === 2);
    expect(slice.endpoints.map((endpoint: any) => [endpoint.targetRef.name, endpoint.conditions.ready]).sort()).toEqual([["front-1", true], ["front-2", false]]);

    await it.delete(Pod, "front-1");
    await it.becomes(Endpoints, "front", (object) => !object.subsets?.[0]?.addresses);
    await it.delete(Service, "front");
    await it.isGone(Endpoints, "front");
    await it.all(EndpointSlice, { "kubernetes.io/service-name": "front" }, (slices) => slices.length === 0);
  });
});
