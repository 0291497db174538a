import type { clusters } from "@trireme/rpc";
import { Code } from "@trireme/runtime";
import { anApplication, aProject, aWorld, type World } from "./context.ts";

const SERVICE = "trireme.v1.StreamService";
const OPEN = { topic: "", type: "OPEN", resourceVersion: expect.stringMatching(/^[0-9]+$/) };
const RBAC = { "policy.csv": "p, ann, applications, get, default/*, allow" };

describe("one stream of everything that a browser follows", () => {
  it("tells each topic apart: changes of the list, one application as it stands, its tree", async () => {
    const trees = { watchTree: async function* (_request: unknown, { signal }: { signal: AbortSignal }) {
      yield { json: Buffer.from('{"nodes":[{"kind":"Service","name":"web"}]}') };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    } } as unknown as Partial<clusters.ClustersClient>;
    const { world, next, stop } = await following(["applications", "application:/web", "tree:argocd/web"], { objects: [anApplication("web"), anApplication("shop")], controller: trees });
    expect(await next()).toEqual(OPEN);
    expect(await next()).toMatchObject({ topic: "application:/web", type: "ADDED", object: { object: { metadata: { name: "web" } } } });
    expect(await next()).toEqual({ topic: "tree:argocd/web", type: "TREE", object: { nodes: [{ kind: "Service", name: "web" }] } });
    await change(world, "shop", { status: { sync: { status: "Synced" }, resources: [{ kind: "Service" }] } });
    const { object, ...event } = await next();
    expect(event).toEqual({ topic: "applications", type: "MODIFIED" });
    expect(object).toMatchObject({ metadata: { name: "shop" }, status: { sync: { status: "Synced" } } });
    expect(Object.keys(object.status)).not.toContain("resources");
    await stop();
  });

  it("shows nobody what they may not see, and takes back what moves out of their sight", async () => {
    const { world, next, stop } = await following(["applications", "application:argocd/hidden"], { objects: [anApplication("web"), anApplication("hidden", { spec: { project: "secret" } }), aProject("secret")] });
    expect(await next()).toEqual(OPEN);
    await change(world, "hidden", { metadata: { labels: { seen: "no" } } });
    await change(world, "web", { spec: { project: "secret" } });
    expect(await next()).toMatchObject({ topic: "applications", type: "DELETED", object: { metadata: { name: "web" }, spec: { project: "default" } } });
    await stop();
  });

  it("says at which version it began: a list of that version misses nothing, one of before may", async () => {
    const { world, next, stop } = await following(["applications"], { objects: [anApplication("web")] });
    const version = async (): Promise<string> => ((await world.call("application.ApplicationService", "List", {}, { token: await world.tokenFor("ann") })) as any).metadata.resourceVersion;
    const before = await version();
    expect(await next()).toEqual({ ...OPEN, resourceVersion: before });
    await change(world, "web", { metadata: { labels: { seen: "yes" } } });
    await next();
    expect(Number(await version())).toBeGreaterThan(Number(before));
    await stop();
  });

  it("gives a slow reader what is true by then, each application once", async () => {
    const { world, next, stop } = await following(["applications"], { objects: [anApplication("web"), anApplication("shop")] });
    expect(await next()).toEqual(OPEN);
    for (let count = 1; count <= 100; count++) await change(world, "web", { metadata: { labels: { count: String(count) } } });
    await change(world, "shop", { metadata: { labels: { count: "1" } } });
    expect((await next()).object.metadata.labels.count).toBe("100");
    expect((await next()).object.metadata.name).toBe("shop");
    // What a list does not show is no news to it.
    await change(world, "web", { status: { reconciledAt: "2026-01-01T00:00:01Z" } });
    await change(world, "shop", { metadata: { labels: { count: "2" } } });
    expect((await next()).object.metadata.name).toBe("shop");
    await stop();
  });

  it("says that a tree may be old while its controller does not answer", async () => {
    const { next, stop } = await following(["tree:/web"], { objects: [anApplication("web")], controller: { watchTree: async function* () {
      yield { json: Buffer.from("{}") };
      throw new Error("the controller is away");
    } } as unknown as Partial<clusters.ClustersClient> });
    expect([await next(), await next(), await next()]).toEqual([{ topic: "", type: "OPEN" }, { topic: "tree:/web", type: "TREE", object: {} }, { topic: "tree:/web", type: "STALE", message: "the controller is away" }]);
    await stop();
  });

  it("ends with the session", async () => {
    const { world, next } = await following(["applications"], { objects: [anApplication("web")] });
    expect(await next()).toEqual(OPEN);
    const ended = next();
    world.clock.advance(3600_000);
    await expect(ended).rejects.toMatchObject({ code: Code.Unauthenticated, message: "invalid session: token has invalid claims: token is expired" });
  });

  test.each([
    { topics: [], says: "topic is missing" },
    { topics: ["everything"], says: 'topic "everything" is none of applications' },
    { topics: ["application:a/b/c"], says: 'topic "application:a/b/c" is none of applications' },
    { topics: Array.from({ length: 257 }, (_, index) => `tree:/app-${index}`), says: "257 topics are more than the 256" },
  ])("refuses what it does not know: $says", async ({ topics, says }) => {
    const { next } = await following(topics, {});
    await expect(next()).rejects.toMatchObject({ code: Code.InvalidArgument, message: expect.stringContaining(says) });
  });
});

const change = (world: World, name: string, patch: object) => world.plane.client.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name }, "merge", patch);

async function following(topic: string[], options: Parameters<typeof aWorld>[0]): Promise<{ world: World; next: () => Promise<any>; stop: () => Promise<unknown> }> {
  const world = aWorld({ rbac: RBAC, ...options });
  const stopping = new AbortController();
  const events = ((await world.call(SERVICE, "Follow", { topic }, { token: await world.tokenFor("ann"), signal: stopping.signal })) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return {
    world,
    next: async () => (await events.next()).value,
    stop: async () => {
      stopping.abort();
      return events.return?.();
    },
  };
}
