import { setTimeout as pause } from "node:timers/promises";
import { Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "@trireme/runtime";
import { LOCK_MS, STALL_CHECK_MS } from "./locks.ts";

/** So many at once; what is beyond waits in the queue. */
const CONCURRENT = 256;
/** Asked for together, at first. */
const FEW = 8;
const MANY = 64;
/** What was done is told together within this. */
const TELL_MS = 20;
/** A measurement that is under way when the process ends may still finish in this time; else the next owner takes it again. */
const LAST_MS = 2000;
const AFTER_ERROR_MS = 500;

/**
 * Consumes a queue whose jobs come many at a time, until disposed. BullMQ's own loop asks Redis for each job by itself and
 * says of each by itself that it is done; here both go for many jobs in one packet, which is most of what a job costs.
 * Locks are renewed and jobs of workers that died are handed out again, as BullMQ does it.
 */
export function consumeBatches(options: { name: string; handle: (data: unknown) => Promise<void>; connection: Redis; log: Logger; prefix?: string }): AsyncDisposable {
  const { name, handle, connection, log, prefix } = options;
  const worker = new Worker(name, null, { connection, autorun: false, lockDuration: LOCK_MS, stalledInterval: STALL_CHECK_MS, maxStalledCount: 10, ...(prefix !== undefined && { prefix }) });
  worker.on("error", () => undefined); // the connection has said it
  const running = new Map<Job, { since: number; end: Promise<void> }>();
  let done: Job[] = [];
  let telling: NodeJS.Timeout | undefined;
  let tokens = 0;
  let isStopping = false;

  const fetch = (block: boolean): Promise<Job | undefined> => worker.getNextJob(`${worker.id}:${tokens++}`, { block });
  const begin = (job: Job): void => {
    const end = handle(job.data)
      .catch((error: unknown) => log.error({ queue: name, job: job.id, error: (error as Error).message }, "job failed"))
      .finally(() => {
        running.delete(job);
        done.push(job);
        telling ??= setTimeout(() => void tell(), TELL_MS);
      });
    running.set(job, { since: Date.now(), end });
  };
  const tell = async (): Promise<void> => {
    const jobs = done;
    done = [];
    clearTimeout(telling);
    telling = undefined;
    // One whose lock is lost is somebody else's already.
    await Promise.allSettled(jobs.map((job) => job.moveToCompleted(undefined, job.token ?? "", false)));
  };
  const work = async (): Promise<void> => {
    let width = FEW;
    while (!isStopping) {
      if (running.size >= CONCURRENT) {
        await Promise.race([...running.values()].map(({ end }) => end));
        continue;
      }
      try {
        // Waits here until there is something.
        const first = await fetch(true);
        if (first === undefined) continue;
        begin(first);
        let found = 1;
        for (let isMore = true; isMore && running.size < CONCURRENT && !isStopping; ) {
          const jobs = await Promise.all(Array.from({ length: Math.min(width, CONCURRENT - running.size) }, () => fetch(false)));
          const taken = jobs.filter((job) => job !== undefined);
          taken.forEach(begin);
          found += taken.length;
          isMore = taken.length === jobs.length;
        }
        // As many as came this time: the one that is asked for in vain says that there are no more.
        width = Math.min(MANY, Math.max(FEW, found));
      } catch {
        if (!isStopping) await pause(AFTER_ERROR_MS);
      }
    }
  };
  const renewing = setInterval(() => {
    const old = [...running].filter(([, { since }]) => Date.now() - since > LOCK_MS / 4).map(([job]) => job);
    if (old.length > 0) worker.extendJobLocks(old.map((job) => job.id ?? ""), old.map((job) => job.token ?? ""), LOCK_MS).catch(() => undefined);
  }, LOCK_MS / 4);
  worker.startStalledCheckTimer().catch(() => undefined);
  const working = work();
  return {
    async [Symbol.asyncDispose]() {
      isStopping = true;
      const hasRedis = connection.status === "ready";
      if (hasRedis) {
        await Promise.race([Promise.allSettled([...running.values()].map(({ end }) => end)), pause(LAST_MS, undefined, { ref: false })]);
        await tell();
      }
      clearInterval(renewing);
      clearTimeout(telling);
      await worker.close(true);
      await Promise.race([working, pause(LAST_MS, undefined, { ref: false })]);
    },
  };
}
