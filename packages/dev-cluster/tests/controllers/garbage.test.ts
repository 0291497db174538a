import { aDeployment, givenCluster, isRolledOut, KINDS } from "../given-cluster.ts";

const { ConfigMap, Deployment, Namespace, Pod, ReplicaSet, ServiceAccount } = KINDS;

let it_: Awaited<ReturnType<typeof givenCluster>>;
beforeAll(async () => {
  it_ = await givenCluster();
});
afterAll(async () => {
  expect(it_.problems).toEqual([]);
  await it_[Symbol.asyncDispose]();
});

const owner = (object: { metadata: { name?: string; uid?: string } }, extra: Record<string, unknown> = {}) => ({ apiVersion: "v1", kind: "ConfigMap", name: object.metadata.name, uid: object.metadata.uid, ...extra });
const aConfigMap = (name: string, metadata: Record<string, unknown> = {}) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default", ...metadata } });

describe("garbage collection", () => {
  it("takes pods and sets along in the background", async () => {
    const it = it_;
    await it.create(aDeployment("background"));
    await it.becomes(Deployment, "background", isRolledOut);
    await it.delete(Deployment, "background", "Background");
    expect(await it.find(Deployment, "background")).toBeUndefined();
    await it.all(Pod, { app: "background" }, (pods) => pods.length === 0);
    await it.all(ReplicaSet, { app: "background" }, (sets) => sets.length === 0);
  });

  it("keeps the owner until its dependents are gone in the foreground", async () => {
    const it = it_;
    await it.create(aDeployment("foreground"));
    await it.becomes(Deployment, "foreground", isRolledOut);
    const [set] = await it.list(ReplicaSet, { app: "foreground" });
    await it.patch(ReplicaSet, set!.metadata.name!, { metadata: { finalizers: ["test.example/hold"] } });
    await it.delete(Deployment, "foreground", "Foreground");
    await it.all(Pod, { app: "foreground" }, (pods) => pods.length === 0);
    expect((await it.find(Deployment, "foreground"))?.metadata).toMatchObject({ deletionTimestamp: expect.any(String), finalizers: ["foregroundDeletion"] });
    await it.client.patch({ ...ReplicaSet, namespace: "default", name: set!.metadata.name! }, "merge", { metadata: { finalizers: null } });
    await it.isGone(Deployment, "foreground");
  });

  it("leaves orphans behind, without their owner", async () => {
    const it = it_;
    await it.create(aDeployment("orphaned"));
    await it.becomes(Deployment, "orphaned", isRolledOut);
    await it.delete(Deployment, "orphaned", "Orphan");
    await it.isGone(Deployment, "orphaned");
    const [set] = await it.list(ReplicaSet, { app: "orphaned" });
    expect(set!.metadata.ownerReferences ?? []).toEqual([]);
    expect(await it.list(Pod, { app: "orphaned" })).toHaveLength(2);
  });

  it("deletes what names an owner that never was, but not what has another", async () => {
    const it = it_;
    const real = await it.create(aConfigMap("owner"));
    await it.create(aConfigMap("of-nobody", { ownerReferences: [owner({ metadata: { name: "ghost", uid: "11111111-1111-1111-1111-111111111111" } })] }));
    await it.create(aConfigMap("of-two", { ownerReferences: [owner(real), owner({ metadata: { name: "ghost", uid: "11111111-1111-1111-1111-111111111111" } })] }));
    await it.isGone(ConfigMap, "of-nobody");
    await it.becomes(ConfigMap, "of-two", (object) => object.metadata.ownerReferences.length === 1);
    await it.delete(ConfigMap, "owner");
    await it.isGone(ConfigMap, "of-two");
  });

  it("knows a namesake of the owner from the owner", async () => {
    const it = it_;
    const first = await it.create(aConfigMap("namesake"));
    await it.delete(ConfigMap, "namesake");
    await it.create(aConfigMap("namesake"));
    await it.create(aConfigMap("of-the-first", { ownerReferences: [owner(first)] }));
    await it.isGone(ConfigMap, "of-the-first");
    expect(await it.find(ConfigMap, "namesake")).toBeDefined();
  });

  it("follows kinds that come with a CRD", async () => {
    const it = it_;
    const widget = { group: "test.example", version: "v1", kind: "Widget" };
    await it.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.test.example" },
      spec: { group: "test.example", scope: "Namespaced", names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" }, versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }] },
    });
    await it.becomes({ group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" }, "widgets.test.example", (crd) => crd.status?.conditions?.some((condition: any) => condition.type === "Established" && condition.status === "True"), "");
    await it.serves(widget);
    const made = await it.create({ apiVersion: "test.example/v1", kind: "Widget", metadata: { name: "w", namespace: "default" } });
    await it.create(aConfigMap("of-a-widget", { ownerReferences: [{ apiVersion: "test.example/v1", kind: "Widget", name: "w", uid: made.metadata.uid }] }));
    await it.delete(widget, "w");
    await it.isGone(ConfigMap, "of-a-widget");
  });
});

describe("a namespace", () => {
  it("has its service account and certificate authority, and is gone with all that was in it", async () => {
    const it = it_;
    await it.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "short" } });
    await it.becomes(ServiceAccount, "default", () => true, "short");
    await it.becomes(ConfigMap, "kube-root-ca.crt", (map) => map.data["ca.crt"] === it.cluster.caData, "short");
    await it.create(aDeployment("web", { namespace: "short" }));
    await it.becomes(Deployment, "web", isRolledOut, "short");
    await it.delete(Namespace, "short", "Background", "");
    await it.isGone(Namespace, "short", "");
  });

  it("says what it waits for", async () => {
    const it = it_;
    await it.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "held" } });
    await it.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", namespace: "held", finalizers: ["test.example/hold"] } });
    await it.delete(Namespace, "held", "Background", "");
    const { status } = await it.becomes(Namespace, "held", (namespace) => namespace.status.conditions?.some((condition: any) => condition.type === "NamespaceFinalizersRemaining" && condition.status === "True"), "");
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: "NamespaceContentRemaining", status: "True", reason: "SomeResourcesRemain", message: "Some resources are remaining: configmaps. has 1 resource instances" }));
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: "NamespaceFinalizersRemaining", message: "Some content in the namespace has finalizers remaining: test.example/hold in 1 resource instances" }));
    await it.client.patch({ ...ConfigMap, namespace: "held", name: "held" }, "merge", { metadata: { finalizers: null } });
    await it.isGone(Namespace, "held", "");
  });

  it("gets its service account back when somebody deletes it", async () => {
    const it = it_;
    const { metadata } = await it.becomes(ServiceAccount, "default", () => true);
    await it.delete(ServiceAccount, "default");
    await it.becomes(ServiceAccount, "default", (account) => account.metadata.uid !== metadata.uid);
  });
});
