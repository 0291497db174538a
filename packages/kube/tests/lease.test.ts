import { createKubeClient, lease, staticCredentials, type LeaseOptions } from "../src/index.ts";
import { eventually, startFakeApiServer } from "./fake-api-server.ts";

async function given() {
  const server = await startFakeApiServer();
  const client = createKubeClient({ connection: { server: server.url, credentials: staticCredentials({}) } });
  return {
    server,
    claim: (identity: string, options: Partial<LeaseOptions> = {}) => lease(client, { namespace: "default", name: "shard-0", identity, durationMs: 1_000, renewMs: 100, ...options }),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe(lease, () => {
  it("is one replica's at a time and goes over at once when it is given back", async () => {
    await using it = await given();
    const first = it.claim("a", { durationMs: 60_000 });
    await first.acquired();
    await using second = it.claim("b", { durationMs: 60_000 });
    await eventually("b seeing a's lease", () => second.holder === "a");
    expect(second.held).toBe(false);
    const lost = first.lost;
    const before = Date.now();
    await first[Symbol.asyncDispose]();
    expect(lost.aborted).toBe(true);
    await second.acquired();
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it("is taken back at once by the same replica after a restart", async () => {
    await using it = await given();
    await using before = it.claim("a", { durationMs: 60_000 });
    await before.acquired();
    const started = Date.now();
    await using after = it.claim("a", { durationMs: 60_000 });
    await after.acquired();
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it("is lost by a process whose name a newer one uses, though nobody knows whether it still works", async () => {
    await using it = await given();
    const why: string[] = [];
    await using before = it.claim("a", { durationMs: 60_000, onLost: (reason) => why.push(reason) });
    await before.acquired();
    await using after = it.claim("a", { durationMs: 60_000 });
    await after.acquired();
    await eventually("the older one noticing", () => why.length > 0);
    const renewed = it.server.requests(/^PUT/).length;
    await eventually("renewals", () => it.server.requests(/^PUT/).length >= renewed + 3);
    expect({ before: before.held, after: after.held, why }).toEqual({ before: false, after: true, why: ["another process named a took it"] });
  });

  it("goes over when its holder is not heard of for the whole duration", async () => {
    await using it = await given();
    const first = it.claim("a", { renewMs: 60_000 });
    await first.acquired();
    await using second = it.claim("b");
    await second.acquired(AbortSignal.timeout(20_000));
    await eventually("a noticing", () => !first.held);
    await first[Symbol.asyncDispose]();
    expect(second.held).toBe(true);
  });

  it("is renewed while it is held", async () => {
    await using it = await given();
    await using held = it.claim("a");
    await held.acquired();
    await eventually("three renewals", () => it.server.requests(/^PUT/).length >= 3);
    expect(held.held).toBe(true);
  });

  it("is lost when it cannot be renewed", async () => {
    await using it = await given();
    const why: string[] = [];
    await using held = it.claim("a", { onLost: (reason) => why.push(reason) });
    await held.acquired();
    it.server.intercept(({ method }, response) => {
      if (method !== "PUT") return false;
      response.destroy();
      return true;
    });
    await eventually("the loss", () => held.lost.aborted);
    expect(why).toHaveLength(1);
  });
});
