import { aDeployment, conditionIs, givenCluster, isRolledOut, itOnDevCluster, KINDS } from "../given-cluster.ts";

const { ConfigMap, Deployment, Ingress, Node, PersistentVolume, PersistentVolumeClaim, Pod, Service } = KINDS;

let it_: Awaited<ReturnType<typeof givenCluster>>;
beforeAll(async () => {
  it_ = await givenCluster({ nodes: { brokenImages: ["broken", "slow=unready", "web:bad=crash"], backoffMs: 60 } });
});
afterAll(async () => {
  expect(it_.problems).toEqual([]);
  await it_[Symbol.asyncDispose]();
});

const aPod = (name: string, container: Record<string, unknown> = {}, spec: Record<string, unknown> = {}) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default", labels: { app: name } }, spec: { containers: [{ name: "main", image: "web:1", ...container }], ...spec } });
const waiting = (reason: string) => (pod: any) => pod.status?.containerStatuses?.[0]?.state.waiting?.reason === reason;
const logs = async (name: string, query = "") => {
  const answer = await it_.client.raw({ method: "GET", path: `/api/v1/namespaces/default/pods/${name}/log`, query: Object.fromEntries(new URLSearchParams(query)) });
  return answer.text();
};

describe("a pod", () => {
  it("is bound, runs, and is ready", async () => {
    const it = it_;
    await it.create(aPod("plain"));
    const { spec, status } = await it.becomes(Pod, "plain", conditionIs("Ready", "True"));
    expect(spec.nodeName).toBe("node-1");
    expect(status).toMatchObject({ phase: "Running", podIP: expect.stringMatching(/^10\.244\./), hostIP: "127.0.0.1", containerStatuses: [{ name: "main", ready: true, started: true, restartCount: 0, state: { running: { startedAt: expect.any(String) } } }] });
    expect(status.conditions.map((condition: any) => `${condition.type}=${condition.status}`)).toEqual(["PodReadyToStartContainers=True", "Initialized=True", "Ready=True", "ContainersReady=True", "PodScheduled=True"]);
  });

  it("shows first the failed pull, then the back-off", async () => {
    const it = it_;
    await it.create(aPod("unpullable", { image: "registry.test/web:broken" }));
    const first = await it.becomes(Pod, "unpullable", waiting("ErrImagePull"));
    expect(first.status).toMatchObject({ phase: "Pending", containerStatuses: [{ ready: false, state: { waiting: { message: expect.stringContaining('failed to pull and unpack image "registry.test/web:broken"') } } }] });
    await it.becomes(Pod, "unpullable", waiting("ImagePullBackOff"));
    await it.becomes(Pod, "unpullable", waiting("ErrImagePull"));
  });

  it("runs but is never ready where its image is named so", async () => {
    const it = it_;
    await it.create(aPod("unready", { image: "web:slow" }));
    const { status } = await it.becomes(Pod, "unready", (pod) => pod.status?.phase === "Running");
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "False", reason: "ContainersNotReady", message: "containers with unready status: [main]" }));
  });

  it("crashes, is restarted, and backs off", async () => {
    const it = it_;
    await it.create(aPod("crashing", { command: ["sh", "-c", "echo starting; exit 7"] }));
    const { status } = await it.becomes(Pod, "crashing", (pod) => waiting("CrashLoopBackOff")(pod) && pod.status.containerStatuses[0].restartCount >= 1);
    expect(status).toMatchObject({ phase: "Running", containerStatuses: [{ lastState: { terminated: { exitCode: 7, reason: "Error" } } }] });
    await it.becomes(Pod, "crashing", (pod) => pod.status.containerStatuses[0].restartCount >= 3);
    expect(await logs("crashing", "previous=true")).toBe("starting\n");
  });

  it("crashes where its image is named so, whatever it was told to run", async () => {
    const it = it_;
    await it.create(aPod("bad-image", { image: "registry.test/team/web:bad" }));
    const { status } = await it.becomes(Pod, "bad-image", waiting("CrashLoopBackOff"));
    expect(status.containerStatuses[0].lastState.terminated.exitCode).toBe(1);
  });

  it("starts its init containers one after the other, and not the rest when one fails", async () => {
    const it = it_;
    const init = (name: string, script: string) => ({ name, image: "busybox:1", command: ["sh", "-c", script] });
    await it.create(aPod("initialized", {}, { initContainers: [init("first", "echo 1; sleep 0.05"), init("second", "echo 2")] }));
    const { status } = await it.becomes(Pod, "initialized", conditionIs("Ready", "True"));
    expect(status.initContainerStatuses.map((each: any) => [each.name, each.state.terminated.reason])).toEqual([["first", "Completed"], ["second", "Completed"]]);

    await it.create(aPod("uninitialized", {}, { restartPolicy: "Never", initContainers: [init("first", "exit 1")] }));
    const failed = await it.becomes(Pod, "uninitialized", (pod) => pod.status?.phase === "Failed");
    expect(failed.status.containerStatuses[0].state.waiting.reason).toBe("PodInitializing");
  });

  it("waits for the Secret or ConfigMap that it needs, and names it", async () => {
    const it = it_;
    await it.create(aPod("configured", { env: [{ name: "TOKEN", valueFrom: { configMapKeyRef: { name: "settings", key: "token" } } }] }));
    expect((await it.becomes(Pod, "configured", waiting("CreateContainerConfigError"))).status.containerStatuses[0].state.waiting.message).toBe('configmap "settings" not found');
    await it.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "default" }, data: { other: "x" } });
    await it.becomes(Pod, "configured", (pod) => pod.status.containerStatuses[0].state.waiting?.message === "couldn't find key token in ConfigMap default/settings");
    await it.patch(ConfigMap, "settings", { data: { token: "t" } });
    await it.becomes(Pod, "configured", conditionIs("Ready", "True"));
  });

  it("stays in ContainerCreating while a volume's Secret is missing", async () => {
    const it = it_;
    await it.create(aPod("mounted", {}, { volumes: [{ name: "tls", secret: { secretName: "tls" } }] }));
    const { status } = await it.becomes(Pod, "mounted", waiting("ContainerCreating"));
    expect(status.phase).toBe("Pending");
    await it.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "tls", namespace: "default" } });
    await it.becomes(Pod, "mounted", conditionIs("Ready", "True"));
  });

  it("prints logs: whole, the tail, with times, and as they come", async () => {
    const it = it_;
    await it.create(aPod("talking", { command: ["sh", "-c", "for i in 1; do :; done; echo one; echo two; sleep 0.2; echo three; sleep 1000"] }));
    await it.becomes(Pod, "talking", conditionIs("Ready", "True"));
    expect(await logs("talking", "limitBytes=7")).toBe("one\ntwo");
    const followed: string[] = [];
    const answer = await it.client.raw({ method: "GET", path: "/api/v1/namespaces/default/pods/talking/log", query: { follow: true, tailLines: 2, timestamps: true } });
    for await (const chunk of answer.body) {
      followed.push(Buffer.from(chunk).toString());
      if (followed.join("").includes("three")) break;
    }
    expect(followed.join("")).toMatch(/^(\d{4}-\d\d-\d\dT[\d:.]+Z one\n)?\d{4}-\d\d-\d\dT[\d:.]+Z two\n\d{4}-\d\d-\d\dT[\d:.]+Z three\n$/);
  });

  it("says why it has no logs yet", async () => {
    const it = it_;
    await it.create(aPod("silent", { image: "web:broken" }));
    await it.becomes(Pod, "silent", waiting("ErrImagePull"));
    expect(JSON.parse(await logs("silent"))).toMatchObject({ code: 400, message: 'container "main" in pod "silent" is waiting to start: trying and failing to pull image' });
  });

  it("ends when it is deleted", async () => {
    const it = it_;
    await it.create(aPod("ending"));
    await it.becomes(Pod, "ending", conditionIs("Ready", "True"));
    await it.delete(Pod, "ending");
    await it.isGone(Pod, "ending");
  });

  it("fails at its own deadline", async () => {
    const it = it_;
    await it.create(aPod("brief", {}, { activeDeadlineSeconds: 1, restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1", command: ["sleep", "1000"] }] }));
    const { status } = await it.becomes(Pod, "brief", (pod) => pod.status?.phase === "Failed");
    expect(status).toMatchObject({ reason: "DeadlineExceeded" });
  });

  it("is not bound where no node fits, says why, and is as soon as one does", async () => {
    const it = it_;
    await it.create(aPod("choosy", {}, { nodeSelector: { disk: "fast" } }));
    const { status } = await it.becomes(Pod, "choosy", conditionIs("PodScheduled", "False", "Unschedulable"));
    expect(status.conditions[0].message).toMatch(/^0\/1 nodes are available: 1 node\(s\) didn't match Pod's node affinity\/selector\./);
    await it.client.patch({ ...Node, namespace: "", name: "node-1" }, "merge", { metadata: { labels: { disk: "fast" } } });
    await it.becomes(Pod, "choosy", conditionIs("Ready", "True"));
  });

  it("finishes with its main containers, sidecars or not", async () => {
    const it = it_;
    await it.create(aPod("task", { command: ["true"] }, { restartPolicy: "Never", initContainers: [{ name: "proxy", image: "proxy:1", restartPolicy: "Always" }] }));
    const { status } = await it.becomes(Pod, "task", (pod) => pod.status?.phase === "Succeeded");
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "False", reason: "PodCompleted" }));
  });
});

describe("addresses and volumes", () => {
  it("gives Ingresses of any class and load balancers an address, and takes it back", async () => {
    const it = it_;
    const backend = { service: { name: "web", port: { number: 80 } } };
    await it.create({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "web", namespace: "default" }, spec: { ingressClassName: "nginx", defaultBackend: backend } });
    await it.becomes(Ingress, "web", (ingress) => ingress.status?.loadBalancer?.ingress?.[0]?.ip === "127.0.0.1");
    await it.create({ apiVersion: "v1", kind: "Service", metadata: { name: "lb", namespace: "default" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } });
    await it.becomes(Service, "lb", (service) => service.status?.loadBalancer?.ingress?.[0]?.ip === "127.0.0.1");
    await it.patch(Service, "lb", { spec: { type: "ClusterIP" } });
    await it.becomes(Service, "lb", (service) => !service.status?.loadBalancer?.ingress);
  });

  it("binds each claim to a volume and removes the volume with it", async () => {
    const it = it_;
    await it.create({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } } });
    const claim = await it.becomes(PersistentVolumeClaim, "data", (object) => object.status?.phase === "Bound");
    const volume = claim.spec.volumeName as string;
    await it.becomes(PersistentVolume, volume, (object) => object.status?.phase === "Bound" && object.spec.claimRef.name === "data", "");
    await it.delete(PersistentVolumeClaim, "data");
    await it.isGone(PersistentVolume, volume, "");
  });
});

describe("counts", () => {
  itOnDevCluster("makes a Deployment of two pods available in at most 15 writes, events apart", async () => {
    const it = it_;
    it.cluster.requests!.reset();
    await it.create(aDeployment("counted"));
    await it.becomes(Deployment, "counted", (deployment) => isRolledOut(deployment) && conditionIs("Progressing", "True", "NewReplicaSetAvailable")(deployment));
    // Pods of other tests go on crashing meanwhile.
    const own = /counted|^POST .*\/(pods|replicasets)\?/;
    const writes = it.cluster.requests!.finished.filter(({ method, url }) => method !== "GET" && !url.includes("/events")).map(({ method, url }) => `${method} ${url}`);
    expect(writes.filter((line) => own.test(line)).length).toBeLessThanOrEqual(15);
  });
});
