import { Worker } from "bullmq";
import type { Logger } from "@trireme/runtime";
import { connectRedis, type RedisAddress } from "./redis.ts";
import { queueName, type JobKind, type JobTypes } from "./jobs.ts";

/** What the shard's owner does with a job: accept the wake-up. Throwing puts the reason in the log and ends the job. */
export type JobHandlers = { [K in JobKind]?: (job: JobTypes[K]) => Promise<void> };

/** Equal in every worker: a longer interval in one would hold the others back. */
const LOCK_MS = 5000;
const STALL_CHECK_MS = 2000;
const CONCURRENCY = 16;
/** Measurements wait for other people's servers: a slow one must not hold up the rest. */
const CONCURRENT_MEASUREMENTS = 256;

/**
 * Consumes one shard's queues until disposed. While Redis is away it waits and the handlers are simply not called;
 * jobs whose worker died are handed out again.
 */
export function consume(options: { redis: RedisAddress; shard: number; handlers: JobHandlers; log: Logger; prefix?: string }): AsyncDisposable {
  const { log } = options;
  const connection = connectRedis(options.redis, "consumer", log);
  const workers = (Object.keys(options.handlers) as JobKind[]).map((kind) => {
    const handle = options.handlers[kind] as (job: unknown) => Promise<void>;
    const worker = new Worker(
      queueName(kind, options.shard),
      async (job) => {
        await handle(job.data);
      },
      { connection, concurrency: kind === "analysis" ? CONCURRENT_MEASUREMENTS : CONCURRENCY, lockDuration: LOCK_MS, stalledInterval: STALL_CHECK_MS, maxStalledCount: 10, ...(options.prefix !== undefined && { prefix: options.prefix }) },
    );
    worker.on("error", () => undefined); // the connection has said it
    worker.on("failed", (job, error) => log.error({ queue: worker.name, job: job?.id, error: error.message }, "job failed"));
    return worker;
  });
  return {
    async [Symbol.asyncDispose]() {
      // Without Redis a graceful close would wait for it; the jobs are only wake-ups, so it may be cut short.
      const force = connection.status !== "ready";
      await Promise.allSettled(workers.map((worker) => worker.close(force)));
      connection.disconnect();
    },
  };
}
