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
});
