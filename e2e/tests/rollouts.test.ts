import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import type { KubeObject } from "@trireme/api";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until, type Verdict } from "../support/until.ts";

const ROLLOUT = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout" };

const service = (namespace: string, name: string): KubeObject => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] } });
const template = (image: string) => ({ metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image, ports: [{ containerPort: 8080 }] }] } });
const rollout = (namespace: string, strategy: object, spec: object = {}): KubeObject => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace },
  spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: template("registry.example.com/web:1"), strategy, ...spec },
});
const phaseIs = (phase: string) => (object: KubeObject): Verdict => (object["status"]?.phase === phase && object["status"]?.observedGeneration === String(object.metadata.generation) ? true : { notYet: `${object["status"]?.phase}: ${object["status"]?.message}` });

describe("Rollouts", () => {
  let stack: Stack;
  let client: KubeClient;
  let counter = 0;
  const get = (namespace: string) => () => client.get({ ...ROLLOUT, namespace, name: "web" });
  const selected = async (namespace: string, name: string) => (await client.get({ group: "", kind: "Service", namespace, name }))["spec"].selector["rollouts-pod-template-hash"] as string | undefined;
  const namespace = async (...objects: string[]) => {
    const name = `rollouts-${++counter}-${Date.now() % 100_000}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    for (const each of objects) await client.create(service(name, each));
    return name;
  };
  const setImage = (place: string, image: string) => client.patch({ ...ROLLOUT, namespace: place, name: "web" }, "merge", { spec: { template: template(image) } });

  beforeAll(async () => {
    stack = await sharedStack();
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
  });
  afterAll(() => client.close());

  it("deploys a first revision, switches to a second and takes the first away after its delay", async () => {
    const place = await namespace("active", "preview");
    await client.create(rollout(place, { blueGreen: { activeService: "active", previewService: "preview", scaleDownDelaySeconds: 1 } }));
    const first = await until("the first revision", get(place), phaseIs("Healthy"));
    expect(await selected(place, "active")).toBe(first["status"].stableRS);
    await setImage(place, "registry.example.com/web:2");
    const second = await until("the second revision", get(place), phaseIs("Healthy"));
    expect(second["status"].stableRS).not.toBe(first["status"].stableRS);
    expect(await selected(place, "active")).toBe(second["status"].stableRS);
    await until("the first revision's pods to go", () => client.get({ group: "apps", kind: "ReplicaSet", namespace: place, name: `web-${first["status"].stableRS}` }), (set) => ((set["status"]?.replicas ?? 0) === 0 && set["spec"].replicas === 0 ? true : { notYet: JSON.stringify(set["spec"].replicas) }));
  }, 60_000);

  it("18. gives a Service back when its Rollout is deleted", async () => {
    const place = await namespace("active");
    await client.create(rollout(place, { blueGreen: { activeService: "active" } }));
    await until("the first revision", get(place), phaseIs("Healthy"));
    await client.delete({ ...ROLLOUT, namespace: place, name: "web" });
    await until("the Service to select by its own labels", () => client.get({ group: "", kind: "Service", namespace: place, name: "active" }), (object) => (JSON.stringify(object["spec"].selector) === '{"app":"web"}' && object.metadata.annotations?.["argo-rollouts.argoproj.io/managed-by-rollouts"] === undefined ? true : { notYet: JSON.stringify(object["spec"].selector) }));
  }, 60_000);

  it("expands a named strategy, so that only its field manager owns it, and follows it in place", async () => {
    const place = await namespace();
    await client.create({ ...rollout(place, { canary: {} }), metadata: { name: "web", namespace: place, annotations: { "trireme.dev/strategy": "in-place" } } });
    const first = await until("the first revision", get(place), phaseIs("Healthy"));
    expect(first["spec"].strategy.canary).toEqual({ maxSurge: 0, maxUnavailable: "100%" });
    expect(first.metadata.managedFields?.filter((entry) => JSON.stringify(entry.fieldsV1).includes("f:maxSurge")).map((entry) => entry.manager)).toEqual(["trireme-rollouts"]);
    await setImage(place, "registry.example.com/web:2");
    const second = await until("the second revision", get(place), phaseIs("Healthy"));
    expect(second["status"].stableRS).not.toBe(first["status"].stableRS);
    await client.patch({ ...ROLLOUT, namespace: place, name: "web" }, "merge", { metadata: { annotations: { "trireme.dev/strategy": null } } });
    await until("the expansion to go with the annotation", get(place), (object) => (object["spec"].strategy.canary.maxSurge === undefined ? true : { notYet: JSON.stringify(object["spec"].strategy.canary) }));
  }, 60_000);

  it("takes over from a Deployment pod by pod, keeps serving, and releases what changes there", async () => {
    const place = await namespace();
    const deployment = { group: "apps", kind: "Deployment", namespace: place, name: "web" };
    await client.create({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: place }, spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: template("registry.example.com/web:1") } });
    await until("the Deployment", () => client.get(deployment), (object) => (object["status"]?.availableReplicas === 3 ? true : { notYet: JSON.stringify(object["status"]) }));
    const serving = async () => (await client.list({ group: "", kind: "Pod" }, { namespace: place })).items.filter((pod) => pod.metadata.deletionTimestamp === undefined && pod["status"]?.conditions?.some((each: { type: string; status: string }) => each.type === "Ready" && each.status === "True")).length;
    const counts: number[] = [];
    let watching = true;
    const watched = (async () => {
      while (watching) counts.push(await serving());
    })();

    const { template: _, selector: __, ...spec } = rollout(place, { canary: {} }, { replicas: 3 })["spec"];
    await client.create({ ...rollout(place, {}), spec: { ...spec, workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web", scaleDown: "progressively" } } });
    const first = await until("the Rollout", get(place), phaseIs("Healthy"));
    const left = await until("the Deployment to be empty", () => client.get(deployment), (object) => (object["spec"].replicas === 0 && (object["status"].replicas ?? 0) === 0 ? true : { notYet: JSON.stringify(object["spec"].replicas) }));
    watching = false;
    await watched;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
    expect(first["spec"].template).toBeUndefined();
    expect(first.metadata.annotations?.["rollout.argoproj.io/workload-generation"]).toMatch(/^\d+$/);

    await client.patch(deployment, "merge", { spec: { template: template("registry.example.com/web:2") } });
    const second = await until("what changed there to be released", get(place), (object) => (object["status"].stableRS !== first["status"].stableRS && object["status"].phase === "Healthy" ? true : { notYet: `${object["status"].phase}: ${object["status"].message}` }), 45_000);
    expect(Number(second["status"].workloadObservedGeneration)).toBeGreaterThan(left.metadata.generation!);
    expect((await client.get(deployment))["spec"].replicas).toBe(0);
  }, 120_000);

  it("goes on to what is wanted now when it is changed in the middle of an update", async () => {
    const place = await namespace();
    await client.create(rollout(place, { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } }, { replicas: 4 }));
    const first = await until("the first revision", get(place), phaseIs("Healthy"));
    await setImage(place, "registry.example.com/web:2");
    await until("the pause", get(place), phaseIs("Paused"));
    await client.patch({ ...ROLLOUT, namespace: place, name: "web" }, "merge", { spec: { replicas: 6, template: template("registry.example.com/web:3") } });
    const sizes = async () => Object.fromEntries((await client.list({ group: "apps", kind: "ReplicaSet" }, { namespace: place })).items.map((set) => [set["spec"].template.spec.containers[0].image.split(":")[1], [set["spec"].replicas, set["status"]?.availableReplicas ?? 0]]));
    await until("half of the new size to run the newest", sizes, (found) => (JSON.stringify(Object.fromEntries(Object.entries(found).sort())) === '{"1":[3,3],"2":[0,0],"3":[3,3]}' ? true : { notYet: JSON.stringify(found) }), 45_000);
    await until("the pause of the newest", get(place), phaseIs("Paused"));
    await setImage(place, "registry.example.com/web:1");
    const back = await until("the first one to be back, without a pause", get(place), phaseIs("Healthy"), 45_000);
    expect(back["status"].stableRS).toBe(first["status"].stableRS);
    await until("all of it", sizes, (found) => (JSON.stringify(Object.fromEntries(Object.entries(found).sort())) === '{"1":[6,6],"2":[0,0],"3":[0,0]}' ? true : { notYet: JSON.stringify(found) }), 45_000);
  }, 180_000);

  it("resizes through the scale subresource, and shows it the pods", async () => {
    const place = await namespace();
    await client.create(rollout(place, { canary: {} }));
    await until("the first revision", get(place), phaseIs("Healthy"));
    await client.patch({ ...ROLLOUT, namespace: place, name: "web" }, "merge", { spec: { replicas: 3 } }, { subresource: "scale" });
    await until("three pods", get(place), (object) => (object["status"]?.phase === "Healthy" && object["status"].HPAReplicas === 3 ? true : { notYet: JSON.stringify(object["status"]?.HPAReplicas) }));
    const scale = await client.get({ ...ROLLOUT, namespace: place, name: "web" }, { subresource: "scale" });
    expect(scale["status"]).toEqual({ replicas: 3, selector: "app=web" });
  }, 60_000);

  it("restarts pods by eviction", async () => {
    const place = await namespace();
    await client.create(rollout(place, { canary: {} }, { restartAt: undefined }));
    await until("the first revision", get(place), phaseIs("Healthy"));
    const pods = async () => (await client.list({ group: "", kind: "Pod" }, { namespace: place })).items.map((pod) => pod.metadata.uid);
    const before = new Set(await pods());
    const restartAt = new Date(Date.now() + 1500).toISOString().replace(/\.\d+/, "");
    await client.patch({ ...ROLLOUT, namespace: place, name: "web" }, "merge", { spec: { restartAt } });
    await until("every pod to be another one", pods, (uids) => (uids.length === 2 && uids.every((uid) => !before.has(uid)) ? true : { notYet: `${uids.filter((uid) => before.has(uid)).length} old pods` }), 45_000);
    await until("the restart to be over", get(place), (object) => (object["status"].restartedAt === restartAt ? true : { notYet: object["status"].restartedAt }), 45_000);
  }, 120_000);

  it("says what a Rollout lacks, and goes on once it is there", async () => {
    const place = await namespace();
    await client.create(rollout(place, { blueGreen: { activeService: "active" } }));
    await until("the missing Service to be named", get(place), (object) => (object["status"]?.message?.includes('service "active" not found') === true ? true : { notYet: object["status"]?.message }));
    await client.create(service(place, "active"));
    await until("the first revision", get(place), phaseIs("Healthy"));
  }, 60_000);

  it("takes what the server says of a set that it refuses into the status", async () => {
    const place = await namespace();
    await client.create(rollout(place, { canary: {} }, { template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "registry.example.com/web:1", ports: [{ containerPort: 70_000 }] }] } } }));
    await until("the refusal", get(place), (object) => {
      const condition = object["status"]?.conditions?.find((each: { type: string }) => each.type === "Progressing");
      return condition?.reason === "ReplicaSetCreateError" ? true : { notYet: JSON.stringify(condition) };
    });
  }, 60_000);
});
