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
  /** As `add`, for many jobs in one round trip: all of them, or none is taken for queued. */
  addAll<K extends JobKind>(kind: K, shard: number, jobs: readonly JobTypes[K][]): Promise<boolean>;
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

  const optionsOf = <K extends JobKind>(kind: K, job: JobTypes[K]) => {
    const id = jobId(kind, job);
    // A refresh that arrives while its like is being worked on must run again afterwards: the ref may have moved in between.
    const identity = kind === "refresh" ? { deduplication: { id, keepLastIfActive: true } } : { jobId: id };
    return { ...identity, removeOnComplete: true, removeOnFail: true, attempts: 1 };
  };

  return {
    add: (kind, shard, job) => queued(queueName(kind, shard), (queue) => queue.add(kind, job, optionsOf(kind, job))),
    addAll(kind, shard, jobs) {
      const [first] = jobs;
      if (first === undefined) return Promise.resolve(true);
      if (jobs.length === 1) return this.add(kind, shard, first);
      return queued(queueName(kind, shard), (queue) => queue.addBulk(jobs.map((job) => ({ name: kind, data: job, opts: optionsOf(kind, job) }))));
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };

  async function queued(name: string, put: (queue: Queue) => Promise<unknown>): Promise<boolean> {
    if (connection.status !== "ready" && connection.status !== "connecting" && connection.status !== "connect") return false;
    const adding = put(queueOf(name));
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        adding.then(() => true),
        new Promise<boolean>((resolve) => {
          timer = setTimeout(() => resolve(false), ADD_DEADLINE_MS);
        }),
      ]);
    } catch (error) {
      log.debug({ queue: name, error: (error as Error).message }, "job not queued");
      return false;
    } finally {
      clearTimeout(timer);
      adding.catch(() => undefined);
    }
  }
}
