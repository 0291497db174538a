import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createKubeClient, staticCredentials, watchCache, type KubeRequestEvent } from "../src/index.ts";
import { eventually, json, startFakeApiServer, status } from "./fake-api-server.ts";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };

async function given() {
  const server = await startFakeApiServer();
  const sent: string[] = [];
  const client = createKubeClient({ connection: { server: server.url, credentials: staticCredentials({}) }, onRequest: ({ method, path, query }: KubeRequestEvent) => sent.push(`${method} ${path}${query.includes("watch=true") ? " watch" : ""}`) });
  return {
    server,
    client,
    sent,
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("what goes over the wire", () => {
  it("is discovery in three requests, then a list and a watch for each kind", async () => {
    await using it = await given();
    await using maps = watchCache(it.client, CONFIG_MAP);
    await using leases = watchCache(it.client, { group: "coordination.k8s.io", kind: "Lease" });
    await Promise.all([maps.waitForSync(), leases.waitForSync()]);
    await eventually("both watches", () => it.server.watching === 2);
    expect(it.sent.sort()).toEqual(["GET /api", "GET /api/v1/configmaps", "GET /api/v1/configmaps watch", "GET /apis", "GET /apis/coordination.k8s.io/v1/leases", "GET /apis/coordination.k8s.io/v1/leases watch", "GET /version"]);
  });

  it("is nothing while nothing happens, and nothing but the write for an own write", async () => {
    await using it = await given();
    it.server.put("a");
    await using cache = watchCache(it.client, CONFIG_MAP);
    await cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.sent.length = 0;
    for (let i = 0; i < 10; i++) cache.observe(await it.client.update({ ...cache.get("default", "a")!, data: { n: String(i) } }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(it.sent).toEqual(Array.from({ length: 10 }, () => "PUT /api/v1/namespaces/default/configmaps/a"));
  });

  it("is one question for all silent watches together, and none while the server speaks", async () => {
    await using server = await startFakeApiServer();
    const sent: string[] = [];
    const client = createKubeClient({ connection: { server: server.url, credentials: staticCredentials({}) }, watchSilenceMs: 600, onRequest: ({ path }) => sent.push(path) });
    try {
      await using maps = watchCache(client, CONFIG_MAP);
      await using leases = watchCache(client, { group: "coordination.k8s.io", kind: "Lease" });
      await Promise.all([maps.waitForSync(), leases.waitForSync()]);
      await eventually("both watches", () => server.watching === 2);
      sent.length = 0;
      for (let i = 0; i < 20; i++) {
        server.put("a", { n: String(i) });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(sent).toEqual([]);
      await eventually("a question", () => sent.length > 0);
      expect(sent).toEqual(["/version"]);
    } finally {
      await client.close();
    }
  });

  it("needs one connection for requests in a row, and one more for each watch", async () => {
    await using it = await given();
    await using cache = watchCache(it.client, CONFIG_MAP);
    await cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    const before = it.server.connections;
    for (let i = 0; i < 50; i++) await it.client.list(CONFIG_MAP);
    expect(it.server.connections).toBe(before);
    // Three for discovery, which asks its three questions at once, and the watch.
    expect(before).toBeLessThanOrEqual(4);
  });

  it("is discovery once more for a kind that was not there, but not each time", async () => {
    await using it = await given();
    await it.client.discovery();
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    it.sent.length = 0;
    const widget = { group: "test.example", version: "v1", kind: "Widget" };
    for (let i = 0; i < 5; i++) await expect(it.client.list(widget)).rejects.toThrow("does not serve Widget in test.example/v1");
    expect(it.sent.sort()).toEqual(["GET /api", "GET /apis", "GET /version"]);

    await new Promise((resolve) => setTimeout(resolve, 1_050));
    it.server.intercept(({ path }, response) => {
      if (path === "/apis") json(response, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items: [{ metadata: { name: "test.example" }, versions: [{ version: "v1", resources: [{ resource: "widgets", responseKind: widget, scope: "Namespaced", verbs: ["list"] }] }] }] });
      else if (path.endsWith("/widgets")) json(response, 200, { kind: "WidgetList", apiVersion: "test.example/v1", metadata: {}, items: [] });
      else return false;
      return true;
    });
    await expect(it.client.list(widget)).resolves.toMatchObject({ items: [] });
  });
});

/** Kinds `Kind0` … in one group, each with an empty collection. */
function serveKinds(server: Awaited<ReturnType<typeof startFakeApiServer>>, count: number, before?: (path: string, watch: boolean, response: ServerResponse) => boolean) {
  const kinds = Array.from({ length: count }, (_, index) => ({ group: "test.example", version: "v1", kind: `Kind${index}` }));
  server.intercept(({ path, query }, response) => {
    const watch = query.has("watch");
    if (path === "/apis") json(response, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items: [{ metadata: { name: "test.example" }, versions: [{ version: "v1", resources: kinds.map((responseKind, index) => ({ resource: `kind${index}s`, responseKind, scope: "Namespaced", verbs: ["list", "watch"] })) }] }] });
    else if (!path.startsWith("/apis/test.example/")) return false;
    else if (before?.(path, watch, response) === true) return true;
    else if (watch) {
      response.writeHead(200);
      response.flushHeaders();
    } else json(response, 200, { kind: "List", apiVersion: "test.example/v1", metadata: { resourceVersion: "7" }, items: [] });
    return true;
  });
  return kinds;
}

describe("a large cluster", () => {
  it("with 200 kinds is discovery in three requests, and a list and a watch for each", async () => {
    await using it = await given();
    const kinds = serveKinds(it.server, 200);
    const caches = kinds.map((kind) => watchCache(it.client, kind));
    await Promise.all(caches.map((cache) => cache.waitForSync()));
    await eventually("all watches", () => it.sent.filter((line) => line.endsWith(" watch")).length === 200);
    expect(it.sent).toHaveLength(3 + 200 + 200);
    await Promise.all(caches.map((cache) => cache[Symbol.asyncDispose]()));
  });

  it("with 5,000 objects is ten pages", async () => {
    await using it = await given();
    for (let index = 0; index < 5_000; index++) it.server.put(`object-${index}`);
    await using cache = watchCache(it.client, CONFIG_MAP);
    await cache.waitForSync();
    expect(cache.list()).toHaveLength(5_000);
    expect(it.sent.filter((line) => line === "GET /api/v1/configmaps")).toHaveLength(10);
  });

  it("that lets few in at once is asked again as it says, and no more often", async () => {
    await using it = await given();
    const SEATS = 4;
    const refusedAt = new Map<string, number>();
    const impatient: string[] = [];
    let seated = 0;
    const kinds = serveKinds(it.server, 60, (path, watch, response) => {
      if (watch) return false;
      const before = refusedAt.get(path);
      if (before !== undefined && performance.now() - before < 95) impatient.push(path);
      if (seated >= SEATS) {
        refusedAt.set(path, performance.now());
        status(response, 429, "TooManyRequests", "too many requests, please try again later", { "retry-after": "0.1", "x-kubernetes-pf-flowschema-uid": "f" });
        return true;
      }
      seated++;
      setTimeout(() => {
        seated--;
        json(response, 200, { kind: "List", apiVersion: "test.example/v1", metadata: { resourceVersion: "7" }, items: [] });
      }, 5);
      return true;
    });
    const caches = kinds.map((kind) => watchCache(it.client, kind, { backoff: { initialMs: 5, maxMs: 20 } }));
    await Promise.all(caches.map((cache) => cache.waitForSync()));
    expect(refusedAt.size).toBeGreaterThan(0);
    expect(impatient).toEqual([]);
    expect(caches.every((cache) => cache.failure === undefined)).toBe(true);
    await Promise.all(caches.map((cache) => cache[Symbol.asyncDispose]()));
  });

  it("is learnt anew at most twice, however many ask at the same time", async () => {
    await using it = await given();
    await it.client.discovery();
    it.sent.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => it.client.discovery({ refresh: true })));
    expect(it.sent.filter((line) => line === "GET /apis")).toHaveLength(2);
  });
});

/** A door to a server that can stop letting anything through, while its connections stay open. */
async function swallowingProxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let lostBefore = 0;
  let swallowing = false;
  const server = createServer((inside) => {
    const born = Date.now();
    const lost = () => swallowing || born < lostBefore;
    const outside = connect(Number(port), hostname);
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        inside.destroy();
        outside.destroy();
      });
    }
    inside.on("data", (bytes) => !lost() && outside.write(bytes));
    outside.on("data", (bytes) => !lost() && inside.write(bytes));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow: (on: boolean) => (swallowing = on),
    /** Connections that are there now lead nowhere any more; new ones work. */
    loseConnections: () => (lostBefore = Date.now() + 1),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

describe("a cluster that swallows every packet", () => {
  it("is noticed by its silent watch, says so, and is read again when it is back", async () => {
    await using server = await startFakeApiServer();
    await using proxy = await swallowingProxy(server.url);
    const client = createKubeClient({ cluster: "https://dead.test", connection: { server: proxy.url, credentials: staticCredentials({}) }, requestTimeoutMs: 400, watchSilenceMs: 200 });
    try {
      const failures: string[] = [];
      await using cache = watchCache(client, CONFIG_MAP, { backoff: { initialMs: 5, maxMs: 50 }, onState: ({ failure }) => failure && failures.push(`${failure.reason}: ${failure.message}`) });
      await cache.waitForSync();
      await eventually("the watch", () => server.watching === 1);
      server.put("before");
      await eventually("the watch to be heard", () => cache.get("default", "before") !== undefined);
      failures.length = 0;
      proxy.swallow(true);
      await eventually("the failure", () => failures.length > 0, 15_000);
      expect(failures[0]).toMatch(/^WatchSilent: watch of \/api\/v1\/configmaps on https:\/\/dead\.test is silent and its server answers nothing/);
      await expect(client.list(CONFIG_MAP)).rejects.toMatchObject({ reason: "ClusterTimeout" });
      proxy.swallow(false);
      server.put("a");
      await eventually("the object", () => cache.get("default", "a") !== undefined, 15_000);
      await eventually("being current", () => cache.failure === undefined);
    } finally {
      await client.close();
    }
  });

  it("does not keep the dead connections: requests and watches go on over new ones", async () => {
    await using server = await startFakeApiServer();
    await using proxy = await swallowingProxy(server.url);
    const client = createKubeClient({ connection: { server: proxy.url, credentials: staticCredentials({}) }, watchSilenceMs: 200 });
    try {
      await using cache = watchCache(client, CONFIG_MAP, { backoff: { initialMs: 5, maxMs: 50 } });
      await cache.waitForSync();
      await Promise.all(Array.from({ length: 10 }, () => client.list(CONFIG_MAP)));
      await eventually("the watch", () => server.watching === 1);
      proxy.loseConnections();
      // Ten connections lie ready, none of which leads anywhere: one after the other would take ten deadlines.
      const began = performance.now();
      await expect(client.list(CONFIG_MAP)).rejects.toMatchObject({ reason: "ClusterUnreachable", message: expect.stringContaining("is silent and answers nothing") });
      for (let i = 0; i < 10; i++) await client.list(CONFIG_MAP);
      expect(performance.now() - began).toBeLessThan(10_000);
      server.put("a");
      await eventually("the object", () => cache.get("default", "a") !== undefined);
      expect(server.requests(/configmaps watch$/)).toHaveLength(2);
    } finally {
      await client.close();
    }
  });

  it("does not hold up another", async () => {
    await using server = await startFakeApiServer();
    await using proxy = await swallowingProxy(server.url);
    proxy.swallow(true);
    const dead = createKubeClient({ connection: { server: proxy.url, credentials: staticCredentials({}) }, requestTimeoutMs: 3_000 });
    const alive = createKubeClient({ connection: { server: server.url, credentials: staticCredentials({}) } });
    let over = false;
    const stuck = Promise.allSettled(Array.from({ length: 100 }, () => dead.list(CONFIG_MAP))).finally(() => (over = true));
    for (let i = 0; i < 20; i++) await alive.list(CONFIG_MAP);
    expect(over).toBe(false);
    for (const result of await stuck) expect(result).toMatchObject({ status: "rejected", reason: { reason: "ClusterTimeout" } });
    await Promise.all([dead.close(), alive.close()]);
  });
});
