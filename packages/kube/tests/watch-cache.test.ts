import type { ServerResponse } from "node:http";
import type { KubeObject } from "@trireme/api";
import { createKubeClient, staticCredentials, watchCache, withoutManagedFields, type CacheEvent, type KubeClientOptions, type WatchCacheOptions } from "../src/index.ts";
import { eventually, json, startFakeApiServer, status } from "./fake-api-server.ts";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
const EXPIRED = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: "too old resource version", reason: "Expired", code: 410 };
const QUICK = { initialMs: 5, maxMs: 20 };

async function given(options: { cache?: WatchCacheOptions<KubeObject>; client?: Partial<KubeClientOptions>; before?: (server: Awaited<ReturnType<typeof startFakeApiServer>>) => void } = {}) {
  const server = await startFakeApiServer();
  options.before?.(server);
  const client = createKubeClient({ connection: { server: server.url, credentials: staticCredentials({}) }, ...options.client });
  const cache = watchCache(client, CONFIG_MAP, { backoff: QUICK, ...options.cache });
  const events: string[] = [];
  cache.on(({ type, object }: CacheEvent) => events.push(`${type} ${object.metadata.name}`));
  return {
    server,
    client,
    cache,
    events,
    async [Symbol.asyncDispose]() {
      await cache[Symbol.asyncDispose]();
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe(watchCache, () => {
  it("lists in pages, then follows the watch", async () => {
    await using it = await given({ cache: { pageSize: 2 }, before: (server) => ["a", "b", "c", "d", "e"].forEach((name) => server.put(name)) });
    expect(it.cache.synced).toBe(false);
    await it.cache.waitForSync();
    expect(it.cache.list()).toHaveLength(5);
    expect(it.server.requests(/^GET .*configmaps$/)).toHaveLength(3);
    await eventually("the watch", () => it.server.watching === 1);
    it.server.put("f");
    it.server.put("a", { k: "v" });
    it.server.remove("b");
    await eventually("the deletion", () => it.events.length === 8);
    expect(it.events.slice(5)).toEqual(["added f", "modified a", "deleted b"]);
    expect(it.cache.get("default", "a")).toMatchObject({ data: { k: "v" }, kind: "ConfigMap" });
  });

  it("starts the list over in one piece when its pages are too old", async () => {
    await using it = await given({
      cache: { pageSize: 2 },
      before: (server) => {
        ["a", "b", "c"].forEach((name) => server.put(name));
        server.intercept(({ query }, response) => {
          if (!query.has("continue")) return false;
          status(response, 410, "Expired", "The provided continue parameter is too old");
          return true;
        });
      },
    });
    await it.cache.waitForSync();
    expect(it.cache.list()).toHaveLength(3);
  });

  it("lists again after 410 and tells what happened meanwhile as events", async () => {
    await using it = await given({ before: (server) => ["stays", "goes"].forEach((name) => server.put(name)) });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    // What happens while nobody watches and the history is forgotten:
    it.server.intercept(({ query }, response) => {
      if (!query.get("watch")) return false;
      it.server.intercept(undefined);
      it.server.remove("goes");
      it.server.put("comes");
      response.end(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: "too old resource version", reason: "Expired", code: 410 } })}\n`);
      return true;
    });
    it.server.endWatches();
    await eventually("the new list", () => it.events.includes("deleted goes"));
    expect(it.events).toEqual(["added stays", "added goes", "added comes", "deleted goes"]);
    expect(it.server.requests(/configmaps$/)).toHaveLength(2);
  });

  it("lists again where a server was set back to an earlier state, and forgets what came after it", async () => {
    await using it = await given({ before: (server) => ["same", "newer", "gone"].forEach((name) => server.put(name)) });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    const backup = it.server.backup();
    it.server.put("newer", { v: "2" });
    it.server.put("later");
    await eventually("what came later", () => it.cache.get("default", "later") !== undefined);
    it.events.length = 0;
    it.server.intercept(({ query }, response) => {
      const from = Number(query.get("resourceVersion"));
      if (!query.get("watch") || from <= it.server.version) return false;
      status(response, 504, "Timeout", `Timeout: Too large resource version: ${from}, current: ${it.server.version}`, {}, { causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }], retryAfterSeconds: 1 });
      return true;
    });
    it.server.restore(backup);
    it.server.remove("gone");
    await eventually("the earlier state", () => it.events.length >= 3);
    expect(it.events.toSorted()).toEqual(["deleted gone", "deleted later", "modified newer"]);
    expect(it.cache.get("default", "newer")).toMatchObject({ data: {} });
    await eventually("the watch from there", () => it.server.watching === 1);
    it.server.put("newer", { v: "3" });
    await eventually("what happens now", () => (it.cache.get("default", "newer")!["data"] as Record<string, string>)["v"] === "3");
  });

  test.each([
    { how: "as an event", answer: (response: ServerResponse) => void response.end(`${JSON.stringify({ type: "ERROR", object: EXPIRED })}\n`) },
    { how: "as a status", answer: (response: ServerResponse) => json(response, 410, EXPIRED) },
  ])("does not list in a circle where every watch is refused with 410 $how", async ({ answer }) => {
    await using it = await given({ cache: { backoff: { initialMs: 40, maxMs: 40 } } });
    it.server.intercept(({ query }, response) => {
      if (!query.get("watch")) return false;
      answer(response);
      return true;
    });
    await it.cache.waitForSync();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(it.server.requests(/watch/).length).toBeGreaterThan(1);
    // Each after a pause of at least 20 ms.
    expect(it.server.requests(/watch/).length).toBeLessThanOrEqual(21);
    expect(it.server.requests(/configmaps$/).length).toBeLessThanOrEqual(21);
  });

  it("goes on from where it was when the connection drops, without a new list", async () => {
    await using it = await given();
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.dropConnections();
    it.server.put("a");
    await eventually("the object", () => it.cache.get("default", "a") !== undefined);
    expect(it.server.requests(/configmaps$/)).toHaveLength(1);
    await eventually("being current again", () => it.cache.failure === undefined);
  });

  it("goes on from a bookmark, so that a quiet watch never grows too old", async () => {
    await using it = await given();
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.send({ type: "BOOKMARK", object: { kind: "ConfigMap", apiVersion: "v1", metadata: { resourceVersion: "4711" } } });
    it.server.endWatches();
    await eventually("the second watch", () => it.server.requests(/watch/).length === 2);
    expect(it.server.exchanges.at(-1)!.query.get("resourceVersion")).toBe("4711");
  });

  it("says why it is not current, and since when", async () => {
    const before = Date.now();
    await using it = await given({
      before: (server) =>
        server.intercept(({ path }, response) => {
          if (!path.includes("configmaps")) return false;
          status(response, 403, "Forbidden", 'configmaps is forbidden: User "u" cannot list resource "configmaps"');
          return true;
        }),
    });
    await eventually("the refusal", () => it.cache.failure !== undefined);
    await expect(it.cache.waitForSync(AbortSignal.timeout(50))).rejects.toThrow(/first list of ConfigMap on .* did not arrive in time: configmaps is forbidden/);
    expect(it.cache.failure).toMatchObject({ reason: "Forbidden" });
    expect(it.cache.failure!.since).toBeGreaterThanOrEqual(before);
    it.server.intercept(undefined);
    await it.cache.waitForSync();
    expect(it.cache.failure).toBeUndefined();
  });

  it("takes the answer to an own write at once and drops its echo, in whatever order they come", async () => {
    await using it = await given({ before: (server) => server.put("a") });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    for (let i = 0; i < 20; i++) {
      const written = await it.client.update({ ...it.cache.get("default", "a")!, data: { n: String(i) } });
      it.cache.observe(written);
      expect(it.cache.get("default", "a")).toMatchObject({ data: { n: String(i) } });
    }
    it.server.put("end");
    await eventually("the last event", () => it.events.includes("added end"));
    expect(it.events.filter((event) => event === "modified a")).toHaveLength(20);
  });

  it("does not bring back an object whose deletion it saw before the answer of the write", async () => {
    await using it = await given();
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    const written = it.server.put("a");
    it.server.remove("a");
    await eventually("the deletion", () => it.events.includes("deleted a"));
    it.cache.observe(written);
    expect(it.cache.get("default", "a")).toBeUndefined();
  });

  it("forgets at once what was deleted by ourselves, and does not believe events that are late", async () => {
    await using it = await given({ before: (server) => server.put("a") });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    const held = it.cache.get("default", "a")!;
    it.cache.observeDeleted(held);
    it.server.put("a", { late: "yes" });
    it.server.remove("a");
    it.server.put("end");
    await eventually("the last event", () => it.events.includes("added end"));
    expect(it.events).toEqual(["added a", "deleted a", "added end"]);
  });

  it("sees an object of the same name with another uid as another object", async () => {
    await using it = await given({ before: (server) => server.put("a") });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.remove("a");
    it.server.put("a");
    await eventually("the new one", () => it.events.length === 3);
    expect(it.events).toEqual(["added a", "deleted a", "added a"]);
  });

  it("keeps only what the transform lets through", async () => {
    await using it = await given({ cache: { transform: withoutManagedFields }, before: (server) => server.put("a") });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.send({ type: "ADDED", object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "default", uid: "m", resourceVersion: "900", managedFields: [{}] } } });
    await eventually("the object", () => it.cache.get("default", "m") !== undefined);
    expect(it.cache.get("default", "m")!.metadata.managedFields).toBeUndefined();
  });

  it("opens a watch again whose server went silent behind a connection that stays open", async () => {
    await using it = await given({ client: { watchSilenceMs: 40, requestTimeoutMs: 60 } });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    let silent = true;
    it.server.intercept(() => silent);
    // The question after the silence runs into its own deadline of five seconds; a refused connection is quicker.
    it.server.dropConnections();
    await eventually("the failure", () => it.cache.failure !== undefined);
    silent = false;
    it.server.put("a");
    await eventually("the object", () => it.cache.get("default", "a") !== undefined, 10_000);
  });

  it("opens a watch again that misses its bookmarks, which is no failure, but not one that has them", async () => {
    const failures: string[] = [];
    await using it = await given({ client: { watchSilenceMs: 100, bookmarkSilenceMs: 700 }, cache: { onState: ({ failure }) => failure && failures.push(failure.message) } });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    for (let i = 0; i < 20; i++) {
      it.server.bookmark();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(it.server.requests(/watch/)).toHaveLength(1);
    await eventually("the second watch", () => it.server.requests(/watch/).length === 2);
    expect(it.server.requests(/configmaps$/)).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  it("leaves a server alone for as long as it asks when it puts a watch off", async () => {
    const refusedAt: number[] = [];
    await using it = await given({
      before: (server) =>
        server.intercept(({ query }, response) => {
          if (!query.has("watch") || refusedAt.length > 0) return false;
          refusedAt.push(performance.now());
          status(response, 429, "TooManyRequests", "storage is (re)initializing", { "retry-after": "0.4" });
          return true;
        }),
    });
    await eventually("the watch", () => it.server.watching === 1);
    expect(performance.now() - refusedAt[0]!).toBeGreaterThanOrEqual(395);
    expect(it.server.requests(/configmaps$/)).toHaveLength(1);
  });

  it("is current again once a watch stays open after a failure, though nothing is ever heard on it", async () => {
    await using it = await given();
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.intercept((_, response) => {
      status(response, 500, "InternalError", "etcd has no leader");
      return true;
    });
    it.server.dropConnections();
    await eventually("the failure", () => it.cache.failure !== undefined);
    it.server.intercept(undefined);
    await eventually("being current", () => it.cache.failure === undefined, 5_000);
    expect(it.server.requests(/configmaps$/)).toHaveLength(1);
  });

  it("knows that a kind whose definition went has no objects, and follows it when it comes back", async () => {
    await using it = await given({ before: (server) => server.put("a") });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.intercept(({ path }, response) => {
      if (path === "/api") json(response, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items: [] });
      else if (path.endsWith("/configmaps")) status(response, 404, "NotFound", "the server could not find the requested resource");
      else return false;
      return true;
    });
    it.server.endWatches();
    await eventually("the deletion", () => it.events.includes("deleted a"));
    expect([it.cache.synced, it.cache.failure]).toEqual([true, undefined]);
    it.server.intercept(undefined);
    await eventually("its return", () => it.events.length === 3, 5_000);
    expect(it.events).toEqual(["added a", "deleted a", "added a"]);
  });

  it("keeps what it knows of a kind that is served in another version only, and says that it cannot follow", async () => {
    await using it = await given({ before: (server) => server.put("a") });
    await it.cache.waitForSync();
    await eventually("the watch", () => it.server.watching === 1);
    it.server.intercept(({ path }, response) => {
      if (path === "/api") json(response, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items: [{ metadata: {}, versions: [{ version: "v2", resources: [{ resource: "configmaps", responseKind: { group: "", version: "v2", kind: "ConfigMap" }, scope: "Namespaced", verbs: ["list", "watch"] }] }] }] });
      else if (path.endsWith("/configmaps")) status(response, 404, "NotFound", "the server could not find the requested resource");
      else return false;
      return true;
    });
    it.server.endWatches();
    await eventually("the failure", () => it.cache.failure?.reason === "KindNotServed");
    expect(it.events).toEqual(["added a"]);
    expect(it.cache.get("default", "a")).toBeDefined();
  });

  it("does not ask in a circle where watches end as soon as they start", async () => {
    await using it = await given({ cache: { backoff: { initialMs: 40, maxMs: 40 } } });
    it.server.intercept(({ query }, response) => {
      if (!query.get("watch")) return false;
      response.end();
      return true;
    });
    await it.cache.waitForSync();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(it.server.requests(/watch/).length).toBeLessThan(12);
  });
});
