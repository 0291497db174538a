import type { Keys, Logger } from "@trireme/runtime";
import { seal, unseal } from "@trireme/runtime";
import { connectRedis, type RedisAddress } from "./redis.ts";

const DEADLINE_MS = 100;

/**
 * A cache that may lose everything at any moment: a miss, a timeout and a value that fails its
 * authentication are all `undefined`. Values are sealed under their key, so Redis sees neither
 * content nor can it swap one entry for another.
 */
export interface Cache extends AsyncDisposable {
  get(key: string): Promise<Buffer | undefined>;
  set(key: string, value: Uint8Array, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

export function createCache(options: { redis: RedisAddress; keys: Keys; log: Logger; prefix?: string }): Cache {
  const redis = connectRedis(options.redis, "producer", options.log);
  const prefix = options.prefix ?? "trireme:";
  return {
    async get(key) {
      const sealed = await within(() => redis.getBuffer(prefix + key));
      return sealed == null ? undefined : unseal(options.keys, sealed, key);
    },
    async set(key, value, ttlMs) {
      await within(() => redis.set(prefix + key, seal(options.keys, value, key), "PX", Math.max(1, Math.round(ttlMs))));
    },
    async delete(key) {
      await within(() => redis.del(prefix + key));
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };

  async function within<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (redis.status !== "ready") return undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        work(),
        new Promise<undefined>((resolve) => {
          timer = setTimeout(() => resolve(undefined), DEADLINE_MS);
        }),
      ]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
