import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createKubeClient, KindNotServedError, KubeError, KubeUnreachableError, staticCredentials, type KubeClientOptions, type KubeRequestEvent } from "../src/index.ts";
import { json, startFakeApiServer, status } from "./fake-api-server.ts";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };

function clientOf(server: string, options: Partial<KubeClientOptions> = {}) {
  const client = createKubeClient({ cluster: "https://cluster.test", connection: { server, credentials: staticCredentials({ authorization: "Bearer t0ken" }) }, ...options });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

describe(createKubeClient, () => {
  it("keeps unknown fields, names the items of a list and uses few connections", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url);
    const created = await client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" }, futureField: { x: 1 } });
    expect(created["futureField"]).toEqual({ x: 1 });
    for (let i = 0; i < 20; i++) await client.get({ ...CONFIG_MAP, namespace: "default", name: "a" });
    const list = await client.list(CONFIG_MAP, { namespace: "default" });
    expect(list.items).toMatchObject([{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }]);
    expect(await client.find({ ...CONFIG_MAP, namespace: "default", name: "b" })).toBeUndefined();
    expect(server.connections).toBeLessThanOrEqual(3);
  });

  it("throws the server's own sentence with its Status", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url);
    const failure = await client.get({ ...CONFIG_MAP, namespace: "default", name: "b" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KubeError);
    expect(failure).toMatchObject({ message: 'configmaps "b" not found', reason: "NotFound", retry: "never", status: { code: 404 } });
  });

  it("says which kind is not served, and by whom", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url);
    await expect(client.list({ group: "argoproj.io", kind: "Rollout" })).rejects.toThrow("https://cluster.test does not serve Rollout.argoproj.io");
  });

  it("asks for what the kind's group-version could not tell as unknown, not as absent", async () => {
    await using server = await startFakeApiServer();
    server.intercept(({ path }, response) => {
      if (path !== "/apis") return false;
      json(response, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items: [{ metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale" }] }] });
      return true;
    });
    await using client = clientOf(server.url);
    const failure = await client.list({ group: "metrics.k8s.io", kind: "PodMetrics" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KindNotServedError);
    expect(failure).toMatchObject({ reason: "KindUnknown", message: expect.stringContaining("discovery of metrics.k8s.io/v1beta1 failed") });
  });

  it("reads discovery of servers that know only the old form, and keeps the group-version that failed as unknown", async () => {
    await using server = await startFakeApiServer();
    server.intercept(({ path }, response) => {
      if (path === "/api") json(response, 200, { kind: "APIVersions", versions: ["v1"] });
      else if (path === "/apis") json(response, 200, { kind: "APIGroupList", groups: [{ name: "apps", preferredVersion: { groupVersion: "apps/v1", version: "v1" }, versions: [{ groupVersion: "apps/v1beta1", version: "v1beta1" }, { groupVersion: "apps/v1", version: "v1" }] }, { name: "broken.test", versions: [{ groupVersion: "broken.test/v1", version: "v1" }] }] });
      else if (path === "/api/v1") json(response, 200, { kind: "APIResourceList", resources: [{ name: "pods", singularName: "pod", namespaced: true, kind: "Pod", verbs: ["get"] }, { name: "pods/log", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"] }] });
      else if (path.startsWith("/apis/apps/")) json(response, 200, { kind: "APIResourceList", resources: [{ name: "deployments", singularName: "deployment", namespaced: true, kind: "Deployment", verbs: ["get"] }] });
      else if (path === "/apis/broken.test/v1") status(response, 503, "ServiceUnavailable", "the server is currently unable to handle the request");
      else return false;
      return true;
    });
    await using client = clientOf(server.url);
    const discovery = await client.discovery();
    expect(discovery.find({ group: "", kind: "Pod" })).toMatchObject({ resource: "pods", subresources: ["log"] });
    expect(discovery.find({ group: "apps", kind: "Deployment" })).toMatchObject({ version: "v1" });
    expect(discovery.failed).toEqual([{ groupVersion: "broken.test/v1", message: "the server is currently unable to handle the request" }]);
    expect(() => discovery.find({ group: "broken.test", kind: "Widget" })).toThrow("discovery of broken.test/v1 failed");
  });

  it("waits as long as the server asks before it comes back", async () => {
    await using server = await startFakeApiServer();
    server.put("a");
    let refusals = 0;
    server.intercept(({ path }, response) => {
      if (!path.includes("configmaps") || refusals++ > 1) return false;
      status(response, 429, "TooManyRequests", "too many", { "retry-after": "0" });
      return true;
    });
    await using client = clientOf(server.url);
    await expect(client.get({ ...CONFIG_MAP, namespace: "default", name: "a" })).resolves.toMatchObject({ metadata: { name: "a" } });
    expect(refusals).toBe(3);
  });

  it("does not wait longer than its own deadline allows", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url, { requestTimeoutMs: 500 });
    await client.discovery();
    server.intercept((_, response) => {
      status(response, 429, "TooManyRequests", "too many requests, please try again later", { "retry-after": "60" });
      return true;
    });
    await expect(client.list(CONFIG_MAP)).rejects.toMatchObject({ reason: "TooManyRequests", message: "too many requests, please try again later" });
  });

  it("gives up a server that does not answer, and names the request", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url, { requestTimeoutMs: 100 });
    await client.discovery();
    server.intercept(() => true);
    const failure = await client.list(CONFIG_MAP).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KubeUnreachableError);
    expect(failure).toMatchObject({ reason: "ClusterTimeout", message: "https://cluster.test did not answer GET /api/v1/configmaps within 0.1 s" });
  });

  it("gives up a server that stops in the middle of its answer", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url, { requestTimeoutMs: 100 });
    await client.discovery();
    server.intercept((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"kind":"List","items":[');
      return true;
    });
    await expect(client.list(CONFIG_MAP)).rejects.toMatchObject({ reason: "ClusterTimeout" });
  });

  it("names the cluster where nobody listens", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await using client = clientOf(`http://127.0.0.1:${port}`);
    await expect(client.discovery()).rejects.toMatchObject({ reason: "ClusterUnreachable", message: expect.stringMatching(/ on https:\/\/cluster\.test: connect ECONNREFUSED/) });
  });

  it("lets the caller cancel with the caller's own reason", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url);
    await client.discovery();
    server.intercept(() => true);
    const stop = new AbortController();
    const asked = client.list(CONFIG_MAP, { signal: stop.signal });
    stop.abort(new Error("shutting down"));
    await expect(asked).rejects.toThrow("shutting down");
  });

  it("speaks as somebody else over the same connections", async () => {
    await using server = await startFakeApiServer();
    const sent: KubeRequestEvent[] = [];
    await using client = clientOf(server.url, { onRequest: (event) => sent.push(event) });
    await client.discovery();
    const before = server.connections;
    await client.as({ username: "system:serviceaccount:dev:deployer", groups: ["system:serviceaccounts", "system:authenticated"] }).list(CONFIG_MAP);
    const { headers } = server.exchanges.at(-1)!;
    expect(headers).toMatchObject({ authorization: "Bearer t0ken", "impersonate-user": "system:serviceaccount:dev:deployer" });
    expect(headers["impersonate-group"]).toBe("system:serviceaccounts, system:authenticated");
    expect(server.connections).toBe(before);
    expect(sent.at(-1)).toMatchObject({ method: "GET", path: "/api/v1/configmaps", impersonated: "system:serviceaccount:dev:deployer" });
  });

  it("renews credentials once when the server does not know them any more", async () => {
    await using server = await startFakeApiServer();
    let token = "old";
    server.intercept(({ headers }, response) => {
      if (headers.authorization === "Bearer new") return false;
      status(response, 401, "Unauthorized", "Unauthorized");
      return true;
    });
    await using client = clientOf(server.url, {
      connection: {
        server: server.url,
        credentials: async (options) => {
          if (options?.renew) token = "new";
          return { authorization: `Bearer ${token}` };
        },
      },
    });
    await expect(client.list(CONFIG_MAP)).resolves.toMatchObject({ items: [] });
  });

  it("fetches an OpenAPI document once for as long as its hash stays", async () => {
    await using server = await startFakeApiServer();
    server.intercept(({ path, query }, response) => {
      if (path === "/openapi/v3") json(response, 200, { paths: { "apis/apps/v1": { serverRelativeURL: "/openapi/v3/apis/apps/v1?hash=ABC" } } });
      else if (path === "/openapi/v3/apis/apps/v1" && query.get("hash") === "ABC") json(response, 200, { components: { schemas: { x: {} } } });
      else return false;
      return true;
    });
    await using client = clientOf(server.url);
    for (let i = 0; i < 3; i++) expect(await client.openapi({ group: "apps", version: "v1" })).toEqual({ components: { schemas: { x: {} } } });
    expect(server.requests(/openapi/)).toHaveLength(2);
  });

  it("sends each kind of patch under its own name", async () => {
    await using server = await startFakeApiServer();
    await using client = clientOf(server.url);
    server.intercept(({ method, body }, response) => {
      if (method !== "PATCH") return false;
      json(response, 200, JSON.parse(body));
      return true;
    });
    const ref = { ...CONFIG_MAP, namespace: "default", name: "a" };
    for (const type of ["json", "merge", "strategic", "apply"] as const) await client.patch(ref, type, {}, { fieldManager: "m", force: true, dryRun: true, fieldValidation: "Strict" });
    const patches = server.exchanges.filter(({ method }) => method === "PATCH");
    expect(patches.map(({ headers }) => headers["content-type"])).toEqual(["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"]);
    expect(Object.fromEntries(patches[3]!.query)).toEqual({ dryRun: "All", fieldManager: "m", fieldValidation: "Strict", force: "true" });
    expect(patches[1]!.query.has("force")).toBe(false);
  });
});
