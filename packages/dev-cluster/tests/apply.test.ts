import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap, aDeployment } from "./support/objects.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

describe("server-side apply", () => {
  let cluster: DevCluster;
  let http: Http;
  let clock = Date.parse("2026-01-01T00:00:00Z");
  beforeAll(async () => {
    cluster = await startDevCluster({ now: () => clock });
    http = new Http(cluster);
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });

  it("creates what is missing and owns what it set", async () => {
    const { code, body } = await http.patch(`${MAPS}/made?fieldManager=me`, "apply", aConfigMap("made"));
    expect(code).toBe(201);
    expect(body.metadata.managedFields).toEqual([{ manager: "me", operation: "Apply", apiVersion: "v1", time: "2026-01-01T00:00:00Z", fieldsType: "FieldsV1", fieldsV1: { "f:data": { "f:key": {} } } }]);
    expect((await http.patch(`${MAPS}/made`, "apply", aConfigMap("made"))).body.message).toBe('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
  });

  it("takes YAML, and removes what is applied no more", async () => {
    await http.patch(`${MAPS}/yaml?fieldManager=me`, "apply", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: '1'\n  b: '2'\n");
    const { body } = await http.patch(`${MAPS}/yaml?fieldManager=me`, "apply", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: '1'\n");
    expect(body.data).toEqual({ a: "1" });
  });

  it("writes nothing when nothing changed, however late", async () => {
    const { body: first } = await http.patch(`${DEPLOYMENTS}/still?fieldManager=me`, "apply", aDeployment("still", { replicas: 2 }));
    clock += 60_000;
    const { body: second } = await http.patch(`${DEPLOYMENTS}/still?fieldManager=me`, "apply", aDeployment("still", { replicas: 2 }));
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(second.metadata.managedFields).toEqual(first.metadata.managedFields);
  });

  it("names whom it would take fields from, and takes them when forced", async () => {
    await http.post(`${DEPLOYMENTS}?fieldManager=first`, aDeployment("owned", { replicas: 1 }));
    const config = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "owned" }, spec: { replicas: 5 } };
    const refused = await http.patch(`${DEPLOYMENTS}/owned?fieldManager=second`, "apply", config);
    expect(refused.body).toMatchObject({ code: 409, reason: "Conflict", message: 'Apply failed with 1 conflict: conflict with "first" using apps/v1: .spec.replicas', details: { causes: [{ reason: "FieldManagerConflict", message: 'conflict with "first" using apps/v1', field: ".spec.replicas" }] } });
    const { body } = await http.patch(`${DEPLOYMENTS}/owned?fieldManager=second&force=true`, "apply", config);
    expect(body).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
    expect(body.metadata.managedFields.map((one: any) => [one.manager, one.operation])).toEqual([["second", "Apply"], ["first", "Update"]]);
  });

  it("refuses fields that the kind does not have", async () => {
    const { body } = await http.patch(`${DEPLOYMENTS}/odd?fieldManager=me`, "apply", aDeployment("odd", { replicsa: 5 }));
    expect(body.message).toBe("failed to create typed patch object (/odd; apps/v1, Kind=Deployment): .spec.replicsa: field not declared in schema");
  });

  it("keeps the status apart", async () => {
    await http.patch(`${DEPLOYMENTS}/status?fieldManager=me`, "apply", aDeployment("status"));
    const { body } = await http.patch(`${DEPLOYMENTS}/status/status?fieldManager=me`, "apply", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "status" }, status: { replicas: 3 } });
    expect(body.status).toEqual({ replicas: 3 });
    expect(body.metadata.managedFields.map((one: any) => one.subresource ?? "")).toEqual(["", "status"]);
  });
});
