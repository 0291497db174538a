import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ensureRedis, freePort, redisCommand } from "@trireme/launcher";
import { consume, createCache, createProducer, type RedisAddress, type RefreshJob } from "@trireme/queue";
import { createLogger, generateKeysText, parseKeys } from "@trireme/runtime";
import { until } from "../support/until.ts";

/** The queues and the cache over a real Redis that is killed, restarted and flushed. */
describe("queues over Redis", () => {
  const password = "queue-test";
  const log = createLogger({ service: "test", level: "silent" });
  let dir: string;
  let redis: RedisAddress;
  let server: ChildProcess | undefined;

  const start = async () => {
    const passwordFile = path.join(dir, "redis.conf");
    await writeFile(passwordFile, `requirepass ${password}\n`);
    const { command, args, env } = redisCommand(await ensureRedis(() => undefined), { port: redis.port, passwordFile, dir });
    server = spawn(command, args, { env: { ...process.env, ...env }, stdio: "ignore" });
  };
  const stop = async () => {
    const running = server;
    server = undefined;
    if (running === undefined) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  };

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "trireme-redis-"));
    redis = { host: "127.0.0.1", port: await freePort(26_000, new Set()), password };
    await start();
  });
  afterAll(async () => {
    await stop();
    await rm(dir, { recursive: true, force: true });
  });

  const added = (add: () => Promise<boolean>) => until("the add", add, (ok) => ok || { notYet: "refused" });

  it("hands each wake-up to the shard's consumer, and what waits already once", async () => {
    await using producer = createProducer({ redis, log, prefix: "once" });
    const job = { namespace: "argocd", name: "web", uid: "u-1" };
    await added(() => producer.add("sync", 3, job));
    expect(await producer.add("sync", 3, job)).toBe(true);
    const seen: unknown[] = [];
    await using _consumer = consume({ redis, shard: 3, log, prefix: "once", handlers: { sync: async (got) => void seen.push(got) } });
    await until("the job", async () => seen.length, (count) => count > 0 || { notYet: "none" });
    expect(seen).toEqual([job]);
  });

  it("runs a refresh again when one arrives while its like is being worked on", async () => {
    await using producer = createProducer({ redis, log, prefix: "again" });
    const seen: (string | undefined)[] = [];
    const first = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const work = async ({ hint }: RefreshJob) => {
      seen.push(hint);
      if (seen.length === 1) {
        began.resolve();
        await first.promise;
      }
    };
    await using _consumer = consume({ redis, shard: 0, log, prefix: "again", handlers: { refresh: work } });
    const job = { repoURL: "https://git.test/web", ref: "refs/heads/main" };
    await added(() => producer.add("refresh", 0, { ...job, hint: "1" }));
    await began.promise;
    for (const hint of ["2", "3"]) expect(await producer.add("refresh", 0, { ...job, hint })).toBe(true);
    first.resolve();
    await until("the second run", async () => seen.length, (count) => count === 2 || { notYet: `${count} runs` });
    expect(seen).toEqual(["1", "3"]);
  });

  it("gives up within its deadline while Redis is away, and works again once it is back", async () => {
    await using producer = createProducer({ redis, log, prefix: "away" });
    const seen: string[] = [];
    await using _consumer = consume({ redis, shard: 0, log, prefix: "away", handlers: { sync: async ({ uid }) => void seen.push(uid) } });
    await added(() => producer.add("sync", 0, { namespace: "n", name: "a", uid: "before" }));
    await until("the job", async () => seen, (got) => got.includes("before") || { notYet: "none" });
    await stop();
    await until("the loss to be noticed", () => producer.add("sync", 0, { namespace: "n", name: "a", uid: "lost" }), (ok) => !ok || { notYet: "accepted" });
    const begin = performance.now();
    expect(await producer.add("sync", 0, { namespace: "n", name: "a", uid: "lost" })).toBe(false);
    expect(performance.now() - begin).toBeLessThan(1000);
    await start();
    await added(() => producer.add("sync", 0, { namespace: "n", name: "a", uid: "after" }));
    await until("the job after the restart", async () => seen, (got) => got.includes("after") || { notYet: "none" });
  });

  it("caches sealed values, and answers nothing for what was moved, flushed or lost", async () => {
    const keys = parseKeys(generateKeysText(), "test");
    await using cache = createCache({ redis, keys, log });
    await until("the cache", async () => (await cache.set("a", Buffer.from("secret set"), 60_000), cache.get("a")), (got) => got?.toString() === "secret set" || { notYet: "empty" });
    const { Redis } = await import("ioredis");
    const raw = new Redis({ ...redis });
    const stored = await raw.getBuffer("trireme:a");
    expect(stored!.includes("secret")).toBe(false);
    await raw.set("trireme:b", stored!);
    expect(await cache.get("b")).toBeUndefined();
    await raw.flushall();
    expect(await cache.get("a")).toBeUndefined();
    raw.disconnect();
    await stop();
    expect(await cache.get("a")).toBeUndefined();
    await cache.set("a", Buffer.from("x"), 1000);
    await start();
  });
});
