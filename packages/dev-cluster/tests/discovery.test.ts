import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap, aWidgetCrd } from "./support/objects.ts";

describe("what the server says of itself", () => {
  let cluster: DevCluster;
  let http: Http;
  beforeAll(async () => {
    cluster = await startDevCluster();
    http = new Http(cluster);
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });

  it("starts within 300 ms once its code is loaded", async () => {
    const started = performance.now();
    await using _another = await startDevCluster();
    // Several times the goal: other work shares the machine with the tests.
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it("lists groups, versions and resources, in the old form and the aggregated one", async () => {
    expect((await http.get("/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const { body: groups } = await http.get("/apis");
    expect(groups.groups.find((one: any) => one.name === "autoscaling")).toEqual({ name: "autoscaling", versions: [{ groupVersion: "autoscaling/v2", version: "v2" }, { groupVersion: "autoscaling/v1", version: "v1" }], preferredVersion: { groupVersion: "autoscaling/v2", version: "v2" } });
    expect((await http.get("/apis/apps/v1")).body.resources.find((one: any) => one.name === "deployments/scale")).toEqual({ name: "deployments/scale", singularName: "", namespaced: true, group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] });
    const { body, headers } = await http.get("/apis", { accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json" });
    expect(headers["content-type"]).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    expect(body.items.find((one: any) => one.metadata.name === "apps").versions[0].resources.map((one: any) => one.resource)).toContain("deployments");
    expect((await http.get("/version")).body).toMatchObject({ major: "1", minor: "36", gitVersion: "v1.36.3" });
    for (const path of ["/healthz", "/livez", "/readyz"]) expect((await http.get(path)).text).toBe("ok");
  });

  it("describes kinds in OpenAPI v3, under hashes that change when they do", async () => {
    const { body: index } = await http.get("/openapi/v3");
    const { body: apps } = await http.get(index.paths["apis/apps/v1"].serverRelativeURL);
    expect(apps.components.schemas["io.k8s.api.apps.v1.Deployment"]["x-kubernetes-group-version-kind"]).toEqual([{ group: "apps", kind: "Deployment", version: "v1" }]);
    expect(apps.paths["/apis/apps/v1/namespaces/{namespace}/deployments"].post.parameters.map((one: any) => one.name)).toContain("fieldValidation");
    const refs = [...JSON.stringify(apps).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
    expect(refs.filter((name) => apps.components.schemas[name] === undefined)).toEqual([]);

    await http.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", aWidgetCrd());
    const first = (await http.get("/openapi/v3")).body.paths["apis/test.dev/v1"].serverRelativeURL;
    expect((await http.get(first)).body.components.schemas["dev.test.v1.Widget"].properties.spec.properties).toHaveProperty("size");
    const crd = (await http.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.dev")).body;
    crd.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.weight = { type: "integer" };
    await http.put("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.dev", crd);
    expect((await http.get("/openapi/v3")).body.paths["apis/test.dev/v1"].serverRelativeURL).not.toBe(first);
  });

  it("names what it does not do", async () => {
    expect((await http.get("/openapi/v2")).body).toMatchObject({ code: 501, message: "/openapi/v2 is not implemented by the embedded cluster" });
    expect(await http.get("/apis/metrics.k8s.io/v1beta1/pods")).toMatchObject({ code: 404, text: "404 page not found\n" });
    await http.post("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
    expect((await http.post("/api/v1/namespaces/default/pods/p/attach", {})).body.message).toContain("its containers are simulated");
    expect((await http.post("/api/v1/namespaces/default/configmaps/x", aConfigMap("x"))).code).toBe(405);
  });

  it("counts requests, and lets tests stand in their way", async () => {
    cluster.requests.reset();
    await http.get("/api/v1/namespaces");
    expect(cluster.requests.finished).toMatchObject([{ method: "GET", url: "/api/v1/namespaces", code: 200, userAgent: "tests/1.0" }]);
    const heal = cluster.requests.inject(({ method }) => (method === "POST" ? "drop" : undefined));
    await expect(http.post("/api/v1/namespaces", { metadata: { name: "x" } })).rejects.toThrow();
    heal();
    expect((await http.post("/api/v1/namespaces", { metadata: { name: "x" } })).code).toBe(201);
    cluster.requests.pause();
    const waiting = http.get("/api/v1/namespaces/x");
    cluster.requests.resume();
    expect((await waiting).code).toBe(200);
  });
});
