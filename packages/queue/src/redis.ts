import { Redis } from "ioredis";
import { AppError, Code, type Logger } from "@trireme/runtime";

/** Where Redis is. `password` comes from Secret `argocd-redis`, key `auth`, or the environment. */
export interface RedisAddress {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: { ca?: string; insecure?: boolean };
}

/** Reads `host:port`, as Argo's `redis.server` has it. */
export function parseRedisAddress(text: string, name = "REDIS_SERVER"): RedisAddress {
  const match = /^\[?([^\]]+?)\]?(?::(\d{1,5}))?$/.exec(text.trim());
  const port = Number(match?.[2] ?? 6379);
  if (match === null || port > 65_535) throw new AppError(`${name} must be host:port, got ${JSON.stringify(text)}`, { reason: "InvalidConfiguration", code: Code.InvalidArgument, retry: "never" });
  return { host: match[1]!, port };
}

const RECONNECT_MS = 200;

/**
 * One connection. A `producer` fails at once while Redis is away (nothing queues up in memory);
 * a `consumer` waits for it to come back.
 */
export function connectRedis(address: RedisAddress, kind: "producer" | "consumer", log: Logger): Redis {
  const redis = new Redis({
    host: address.host,
    port: address.port,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.db !== undefined && { db: address.db }),
    ...(address.tls !== undefined && { tls: { ...(address.tls.ca !== undefined && { ca: address.tls.ca }), rejectUnauthorized: address.tls.insecure !== true } }),
    connectTimeout: 2000,
    retryStrategy: () => RECONNECT_MS,
    maxRetriesPerRequest: kind === "consumer" ? null : 0,
    enableOfflineQueue: kind === "consumer",
    autoResubscribe: true,
    // Commands of one turn of the event loop leave in one packet.
    enableAutoPipelining: true,
  });
  // Said once for each time it goes away: the reconnects in between say the same thing again.
  let away = false;
  redis.on("error", (error: Error) => {
    if (!away) log.warn({ redis: `${address.host}:${address.port}`, error: error.message }, "redis is away; working without it");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info({ redis: `${address.host}:${address.port}` }, "redis is back");
    away = false;
  });
  return redis;
}
