import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Cache } from "@trireme/queue";
import { createLogger, generateKeysText, parseKeys } from "@trireme/runtime";
import { LayeredStore, type LayeredStoreOptions } from "./layered-store.ts";

const keys = parseKeys(generateKeysText(), "keys");
const folders: string[] = [];
const folder = (): string => {
  folders.push(mkdtempSync(path.join(tmpdir(), "trireme-store-")));
  return folders.at(-1)!;
};
const store = (more: Partial<LayeredStoreOptions> = {}): LayeredStore =>
  new LayeredStore({ folder: folder(), keys, ttlMs: 60_000, maxDiskBytes: 1_000_000, maxMemoryBytes: 100_000, log: createLogger({ service: "test", level: "silent" }), ...more });
const key = (n: number): string => `sets/${String(n).padStart(64, "0")}`;

afterEach(() => folders.splice(0).forEach((one) => rmSync(one, { recursive: true, force: true })));

describe(LayeredStore, () => {
  it("finds in Redis what another replica wrote", async () => {
    const shared = new Map<string, Buffer>();
    const redis = { get: async (name: string) => shared.get(name), set: async (name: string, value: Uint8Array) => void shared.set(name, Buffer.from(value)) } as Partial<Cache> as Cache;
    const one = store({ redis });
    one.set(key(1), Buffer.from("from one"));
    await one.flush();
    expect((await store({ redis }).get(key(1)))?.toString()).toBe("from one");
  });

  it("works on without a Redis that fails or loses everything", async () => {
    const redis = { get: async () => undefined, set: () => Promise.reject(new Error("away")) } as Partial<Cache> as Cache;
    const one = store({ redis });
    one.set(key(1), Buffer.from("x"));
    await one.flush();
    expect((await one.get(key(1)))?.toString()).toBe("x");
    expect(await one.get(key(2))).toBeUndefined();
  });

  it("keeps nothing outside of memory without keys", async () => {
    const { keys: _, ...without } = { folder: folder(), keys, ttlMs: 1, maxDiskBytes: 1, maxMemoryBytes: 100_000, log: createLogger({ service: "test", level: "silent" }) };
    const one = new LayeredStore(without);
    one.set(key(1), Buffer.from("x"));
    await one.flush();
    expect(await new LayeredStore(without).get(key(1))).toBeUndefined();
  });

  it("removes what was not used for long, and the longest unused above its size", async () => {
    const at = folder();
    const one = store({ folder: at, maxDiskBytes: 5000 });
    for (let n = 0; n < 10; n++) {
      one.set(key(n), randomBytes(1000));
      await one.flush();
    }
    await one.sweep();
    const left = async (): Promise<number> => (await Promise.all(Array.from({ length: 10 }, (_, n) => store({ folder: at }).get(key(n))))).filter((value) => value !== undefined).length;
    expect(await left()).toBeGreaterThan(2);
    expect(await left()).toBeLessThan(9);
    await one.sweep(Date.now() + 10 * 60_000);
    expect(await left()).toBe(0);
  });
});
