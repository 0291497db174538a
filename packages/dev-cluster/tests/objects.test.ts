import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap, aDeployment, aPod, aService } from "./support/objects.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const PODS = "/api/v1/namespaces/default/pods";

describe("objects over the API", () => {
  let cluster: DevCluster;
  let http: Http;
  beforeAll(async () => {
    cluster = await startDevCluster();
    http = new Http(cluster);
    await http.post("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });

  it("gives a new object its identity, and refuses a second of the same name", async () => {
    const created = await http.post(MAPS, aConfigMap("one"));
    expect(created.code).toBe(201);
    expect(created.body).toMatchObject({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "one", namespace: "default", uid: expect.stringMatching(/^[0-9a-f-]{36}$/), resourceVersion: expect.stringMatching(/^\d+$/), creationTimestamp: expect.stringMatching(/Z$/), managedFields: [{ manager: "tests", operation: "Update" }] } });
    const again = await http.post(MAPS, aConfigMap("one"));
    expect(again.body).toEqual({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: 'configmaps "one" already exists', reason: "AlreadyExists", details: { name: "one", kind: "configmaps" }, code: 409 });
  });

  it("makes names from generateName", async () => {
    const { body } = await http.post(MAPS, { ...aConfigMap(""), metadata: { generateName: "gen-" } });
    expect(body.metadata.name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(body.metadata.generateName).toBe("gen-");
  });

  it("says what is missing", async () => {
    expect((await http.get(`${MAPS}/nobody`)).body).toMatchObject({ message: 'configmaps "nobody" not found', reason: "NotFound", code: 404 });
    expect((await http.get("/apis/apps/v1/namespaces/default/deployments/nobody")).body.message).toBe('deployments.apps "nobody" not found');
    expect((await http.get("/api/v1/namespaces/default/unheard")).body.message).toBe("the server could not find the requested resource");
    expect((await http.post("/api/v1/namespaces/nowhere/configmaps", aConfigMap("x"))).body.message).toBe('namespaces "nowhere" not found');
    expect((await http.post(MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: {} })).body.message).toBe('ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required');
  });

  it("updates only what was read last", async () => {
    const { body: first } = await http.post(MAPS, aConfigMap("raced"));
    const second = await http.put(`${MAPS}/raced`, { ...first, data: { key: "mine" } });
    expect(second.code).toBe(200);
    const stale = await http.put(`${MAPS}/raced`, { ...first, data: { key: "theirs" } });
    expect(stale.body).toMatchObject({ code: 409, reason: "Conflict", message: 'Operation cannot be fulfilled on configmaps "raced": the object has been modified; please apply your changes to the latest version and try again' });
    const other = await http.put(`${MAPS}/raced`, { ...second.body, metadata: { ...second.body.metadata, uid: "00000000-0000-0000-0000-000000000000" } });
    expect(other.body.message).toContain("Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000");
  });

  it("writes nothing when nothing changed", async () => {
    const { body: first } = await http.post(MAPS, aConfigMap("still"));
    const { body: second } = await http.patch(`${MAPS}/still`, "merge", { data: { key: "value" } });
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it("counts generations of the desired state only, and keeps status and spec apart", async () => {
    const { body: first } = await http.post(DEPLOYMENTS, { ...aDeployment("counted"), status: { replicas: 5 } });
    expect(first.metadata.generation).toBe(1);
    expect(first.status).toEqual({});
    const { body: labelled } = await http.patch(`${DEPLOYMENTS}/counted`, "merge", { metadata: { labels: { a: "b" } }, status: { replicas: 7 } });
    expect(labelled.metadata.generation).toBe(1);
    expect(labelled.status).toEqual({});
    const { body: status } = await http.patch(`${DEPLOYMENTS}/counted/status`, "merge", { spec: { replicas: 9 }, status: { replicas: 1 } });
    expect(status).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 1 } });
    const { body: scaled } = await http.patch(`${DEPLOYMENTS}/counted`, "strategic", { spec: { replicas: 2 } });
    expect(scaled).toMatchObject({ metadata: { generation: 2 }, status: { replicas: 1 } });
  });

  it("patches lists by their keys", async () => {
    await http.post(DEPLOYMENTS, aDeployment("lists"));
    const { body } = await http.patch(`${DEPLOYMENTS}/lists`, "strategic", { spec: { template: { spec: { containers: [{ name: "side", image: "side:1" }] } } } });
    expect(body.spec.template.spec.containers.map((one: any) => one.name).sort()).toEqual(["side", "web"]);
    const { body: json } = await http.patch(`${DEPLOYMENTS}/lists`, "json", [{ op: "replace", path: "/spec/replicas", value: 4 }]);
    expect(json.spec.replicas).toBe(4);
    const failed = await http.patch(`${DEPLOYMENTS}/lists`, "json", [{ op: "test", path: "/spec/replicas", value: 5 }]);
    expect(failed.body).toMatchObject({ code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request" });
    expect((await http.call("PATCH", `${DEPLOYMENTS}/lists`, { body: "{}", type: "text/plain" })).code).toBe(415);
  });

  it("scales through the subresource", async () => {
    await http.post(DEPLOYMENTS, aDeployment("scaled"));
    const { body: scale } = await http.get(`${DEPLOYMENTS}/scaled/scale`);
    expect(scale).toMatchObject({ kind: "Scale", apiVersion: "autoscaling/v1", spec: { replicas: 1 }, status: { replicas: 0, selector: "app=scaled" } });
    const { body: more } = await http.put(`${DEPLOYMENTS}/scaled/scale`, { ...scale, spec: { replicas: 3 } });
    expect(more.spec.replicas).toBe(3);
    expect((await http.get(`${DEPLOYMENTS}/scaled`)).body).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: 2 } });
  });

  it("tries without doing", async () => {
    const tried = await http.post(`${MAPS}?dryRun=All`, aConfigMap("tried"));
    expect(tried.code).toBe(201);
    expect((await http.get(`${MAPS}/tried`)).code).toBe(404);
    expect((await http.post(`${MAPS}?dryRun=Some`, aConfigMap("tried"))).code).toBe(422);
  });

  it("deletes at once, with preconditions, or when the finalizers are gone", async () => {
    const { body: kept } = await http.post(MAPS, aConfigMap("gone"));
    expect((await http.delete(`${MAPS}/gone`, { preconditions: { uid: "other" } })).code).toBe(409);
    expect((await http.delete(`${MAPS}/gone`)).body).toEqual({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details: { name: "gone", kind: "configmaps", uid: kept.metadata.uid } });

    const held = aConfigMap("held");
    held.metadata.finalizers = ["test.dev/wait"];
    await http.post(MAPS, held);
    const { body: marked } = await http.delete(`${MAPS}/held`);
    expect(marked.metadata).toMatchObject({ deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0, finalizers: ["test.dev/wait"] });
    const added = await http.patch(`${MAPS}/held`, "json", [{ op: "add", path: "/metadata/finalizers/-", value: "test.dev/more" }]);
    expect(added.body.message).toContain("no new finalizers can be added if the object is being deleted");
    await http.patch(`${MAPS}/held`, "merge", { metadata: { finalizers: null } });
    expect((await http.get(`${MAPS}/held`)).code).toBe(404);
  });

  it("gives running pods their grace period", async () => {
    await http.post(PODS, aPod("graceful", { nodeName: "node-1", terminationGracePeriodSeconds: 7 }));
    const { body } = await http.delete(`${PODS}/graceful`);
    expect(body.metadata.deletionGracePeriodSeconds).toBe(7);
    expect((await http.get(`${PODS}/graceful`)).code).toBe(200);
    await http.delete(`${PODS}/graceful`, { gracePeriodSeconds: 0 });
    expect((await http.get(`${PODS}/graceful`)).code).toBe(404);
  });

  it("binds a pod once", async () => {
    await http.post(PODS, aPod("bound"));
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "bound" }, target: { kind: "Node", name: "node-1" } };
    expect((await http.post(`${PODS}/bound/binding`, binding)).code).toBe(201);
    expect((await http.get(`${PODS}/bound`)).body).toMatchObject({ spec: { nodeName: "node-1" }, status: { conditions: [{ type: "PodScheduled", status: "True" }] } });
    expect((await http.post(`${PODS}/bound/binding`, binding)).body.message).toBe('Operation cannot be fulfilled on pods/binding "bound": pod bound is already assigned to node "node-1"');
  });

  it("gives services addresses and ports of their own", async () => {
    const { body } = await http.post("/api/v1/namespaces/default/services", aService("addressed", { type: "NodePort" }));
    expect(body.spec).toMatchObject({ clusterIP: expect.stringMatching(/^10\./), clusterIPs: [body.spec.clusterIP], ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: expect.any(Number) }], sessionAffinity: "None" });
    const twice = await http.post("/api/v1/namespaces/default/services", aService("taken", { clusterIP: body.spec.clusterIP }));
    expect(twice.body.message).toContain("provided IP is already allocated");
    const { body: kept } = await http.patch("/api/v1/namespaces/default/services/addressed", "merge", { spec: { ports: [{ port: 81 }] } });
    expect(kept.spec.clusterIP).toBe(body.spec.clusterIP);
  });

  it("ends a namespace only when its own finalizer is taken off", async () => {
    await http.post("/api/v1/namespaces", { metadata: { name: "ending" } });
    const { body } = await http.delete("/api/v1/namespaces/ending");
    expect(body.status.phase).toBe("Terminating");
    expect((await http.post("/api/v1/namespaces/ending/configmaps", aConfigMap("late"))).body).toMatchObject({ code: 403, message: 'configmaps "late" is forbidden: unable to create new content in namespace ending because it is being terminated', details: { causes: [{ reason: "NamespaceTerminating" }] } });
    await http.put("/api/v1/namespaces/ending/finalize", { ...body, spec: { finalizers: [] } });
    expect((await http.get("/api/v1/namespaces/ending")).code).toBe(404);
    expect((await http.delete("/api/v1/namespaces/default")).code).toBe(403);
  });
});
