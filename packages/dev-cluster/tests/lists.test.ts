import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap, aPod } from "./support/objects.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";

describe("lists", () => {
  let cluster: DevCluster;
  let http: Http;
  beforeAll(async () => {
    cluster = await startDevCluster();
    http = new Http(cluster);
    await http.post("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
    await http.post("/api/v1/namespaces", { metadata: { name: "other" } });
    for (const name of ["a", "b", "c", "d", "e"]) await http.post(MAPS, { ...aConfigMap(name), metadata: { name, labels: { letter: name, ...(name < "c" && { early: "yes" }) } } });
    await http.post("/api/v1/namespaces/other/configmaps", aConfigMap("a"));
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });
  const names = (body: any): string[] => body.items.map((item: any) => item.metadata.name);

  it("hold the items of one namespace, or of all, in order and without a kind of their own", async () => {
    const { body } = await http.get(MAPS);
    expect(body).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1", metadata: { resourceVersion: expect.stringMatching(/^\d+$/) } });
    expect(names(body)).toEqual(["a", "b", "c", "d", "e"]);
    expect(body.items[0].kind).toBeUndefined();
    expect((await http.get("/api/v1/configmaps")).body.items).toHaveLength(6);
    expect((await http.get("/api/v1/namespaces/nowhere/configmaps")).body.items).toEqual([]);
  });

  test.each([
    { name: "equality", query: "labelSelector=letter%3Da", want: ["a"] },
    { name: "inequality", query: "labelSelector=letter!%3Da", want: ["b", "c", "d", "e"] },
    { name: "a set", query: "labelSelector=letter+in+(a,c)", want: ["a", "c"] },
    { name: "existence", query: "labelSelector=early", want: ["a", "b"] },
    { name: "absence and more", query: "labelSelector=!early,letter+notin+(d)", want: ["c", "e"] },
    { name: "a name", query: "fieldSelector=metadata.name%3Db", want: ["b"] },
    { name: "no name", query: "fieldSelector=metadata.name!%3Db", want: ["a", "c", "d", "e"] },
  ])("select by $name", async ({ query, want }) => {
    expect(names((await http.get(`${MAPS}?${query}`)).body)).toEqual(want);
  });

  it("refuse selectors that make no sense", async () => {
    expect((await http.get(`${MAPS}?fieldSelector=data.key%3Dx`)).body).toMatchObject({ code: 400, message: '"data.key" is not a known field selector: only "metadata.name", "metadata.namespace"' });
    expect((await http.get(`${MAPS}?labelSelector=a+b`)).code).toBe(400);
  });

  it("select pods by what they are", async () => {
    await http.post("/api/v1/namespaces/default/pods", aPod("placed", { nodeName: "node-1" }));
    await http.post("/api/v1/namespaces/default/pods", aPod("waiting"));
    expect(names((await http.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1")).body)).toEqual(["placed"]);
    expect(names((await http.get("/api/v1/pods?fieldSelector=spec.nodeName%3D,status.phase%3DPending")).body)).toEqual(["waiting"]);
  });

  it("come in pages of one and the same state", async () => {
    const first = (await http.get(`${MAPS}?limit=2`)).body;
    expect(names(first)).toEqual(["a", "b"]);
    expect(first.metadata).toMatchObject({ continue: expect.any(String), remainingItemCount: 3 });
    await http.post(MAPS, aConfigMap("bb"));
    await http.delete(`${MAPS}/c`);
    const second = (await http.get(`${MAPS}?limit=2&continue=${first.metadata.continue}`)).body;
    expect(names(second)).toEqual(["c", "d"]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const third = (await http.get(`${MAPS}?limit=2&continue=${second.metadata.continue}`)).body;
    expect(names(third)).toEqual(["e"]);
    expect(third.metadata.continue).toBeUndefined();
    expect(names((await http.get(`${MAPS}?resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`)).body)).toEqual(["a", "b", "c", "d", "e"]);
    expect((await http.get(`${MAPS}?continue=nonsense`)).code).toBe(400);
  });

  it("do not answer for versions that are yet to come", async () => {
    const { body } = await http.get(`${MAPS}?resourceVersion=99999999&resourceVersionMatch=NotOlderThan`);
    expect(body).toMatchObject({ code: 504, reason: "Timeout", details: { causes: [{ reason: "ResourceVersionTooLarge" }] } });
    expect((await http.get(`${MAPS}?resourceVersionMatch=Exact`)).body.message).toContain("resourceVersionMatch is forbidden unless resourceVersion is provided");
  });

  it("are deleted as a whole", async () => {
    await http.call("DELETE", `${MAPS}?labelSelector=letter`);
    expect(names((await http.get(MAPS)).body)).toEqual(["bb"]);
  });

  it("come as tables and as metadata", async () => {
    const table = (await http.get("/api/v1/namespaces", { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" })).body;
    expect(table).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1", columnDefinitions: [{ name: "Name", type: "string", format: "name", priority: 0 }, { name: "Status" }, { name: "Age" }] });
    expect(table.rows[0]).toMatchObject({ cells: ["default", "Active", expect.any(String)], object: { kind: "PartialObjectMetadata", metadata: { name: "default" } } });
    const metadata = (await http.get("/api/v1/namespaces", { accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" })).body;
    expect(metadata).toMatchObject({ kind: "PartialObjectMetadataList", items: [{ kind: "PartialObjectMetadata", metadata: { name: "default" } }, {}, {}, {}, {}] });
    expect((await http.get("/api/v1/namespaces", { accept: "text/html" })).code).toBe(406);
  });
});
