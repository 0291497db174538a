import { Worker } from "bullmq";
import type { Logger } from "@trireme/runtime";
import { connectRedis, type RedisAddress } from "./redis.ts";
import { consumeBatches } from "./batches.ts";
import { queueName, type AnalysisJob, type JobKind, type JobTypes } from "./jobs.ts";
import { LOCK_MS, STALL_CHECK_MS } from "./locks.ts";

/** What the shard's owner does with a job: accept the wake-up. Throwing puts the reason in the log and ends the job. */
export type JobHandlers = { [K in JobKind]?: (job: JobTypes[K]) => Promise<void> };

const CONCURRENCY = 16;

/**
 * Consumes one shard's queues until disposed. While Redis is away it waits and the handlers are simply not called;
 * jobs whose worker died are handed out again.
 */
export function consume(options: { redis: RedisAddress; shard: number; handlers: JobHandlers; log: Logger; prefix?: string }): AsyncDisposable {
  const { log } = options;
  const connection = connectRedis(options.redis, "consumer", log);
  const prefix = options.prefix !== undefined && { prefix: options.prefix };
  const { analysis, ...others } = options.handlers;
  const measurements = analysis && consumeBatches({ name: queueName("analysis", options.shard), handle: (job) => analysis(job as AnalysisJob), connection, log, ...prefix });
  const workers = (Object.keys(others) as Exclude<JobKind, "analysis">[]).map((kind) => {
    const handle = options.handlers[kind] as (job: unknown) => Promise<void>;
    const worker = new Worker(
      queueName(kind, options.shard),
      async (job) => {
        await handle(job.data);
      },
      { connection, concurrency: CONCURRENCY, lockDuration: LOCK_MS, stalledInterval: STALL_CHECK_MS, maxStalledCount: 10, ...prefix },
    );
    worker.on("error", () => undefined); // the connection has said it
    worker.on("failed", (job, error) => log.error({ queue: worker.name, job: job?.id, error: error.message }, "job failed"));
    return worker;
  });
  return {
    async [Symbol.asyncDispose]() {
      // Without Redis a graceful close would wait for it; the jobs are only wake-ups, so it may be cut short.
      const force = connection.status !== "ready";
      await Promise.allSettled([measurements?.[Symbol.asyncDispose](), ...workers.map((worker) => worker.close(force))]);
      connection.disconnect();
    },
  };
}
