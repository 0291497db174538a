import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "@trireme/runtime";
import { connectRedis, type RedisAddress } from "./redis.ts";
import { jobId, queueName, type JobKind, type JobTypes } from "./jobs.ts";

/** Longest that an add may take before the caller does without the queue. */
export const ADD_DEADLINE_MS = 50;

export interface Producer extends AsyncDisposable {
  /**
   * Queues a wake-up. False when Redis did not take it within 50 ms: then the caller calls the owner directly,
   * or relies on the watch. Never throws, never waits for Redis to come back.
   */
  add<K extends JobKind>(kind: K, shard: number, job: JobTypes[K]): Promise<boolean>;
}

export function createProducer(options: { redis: RedisAddress; log: Logger; prefix?: string }): Producer {
  const { log } = options;
  const connection: Redis = connectRedis(options.redis, "producer", log);
  const queues = new Map<string, Queue>();

  const queueOf = (name: string): Queue => {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, { connection, ...(options.prefix !== undefined && { prefix: options.prefix }) });
      queue.on("error", () => undefined); // the connection has said it
      queues.set(name, queue);
    }
    return queue;
  };

  return {
    async add(kind, shard, job) {
      if (connection.status !== "ready" && connection.status !== "connecting" && connection.status !== "connect") return false;
      const id = jobId(kind, job);
      // A refresh that arrives while its like is being worked on must run again afterwards: the ref may have moved in between.
      const identity = kind === "refresh" ? { deduplication: { id, keepLastIfActive: true } } : { jobId: id };
      const adding = queueOf(queueName(kind, shard)).add(kind, job, { ...identity, removeOnComplete: true, removeOnFail: true, attempts: 1 });
      let timer: NodeJS.Timeout | undefined;
      try {
        return await Promise.race([
          adding.then(() => true),
          new Promise<boolean>((resolve) => {
            timer = setTimeout(() => resolve(false), ADD_DEADLINE_MS);
          }),
        ]);
      } catch (error) {
        log.debug({ queue: queueName(kind, shard), error: (error as Error).message }, "job not queued");
        return false;
      } finally {
        clearTimeout(timer);
        adding.catch(() => undefined);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };
}
