import type { KubeObject } from "@trireme/api";
import { isAlreadyExists, isNotFound } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime/clock";
import { isDeepStrictEqual } from "node:util";
import { controllerUid, indexBy } from "../../loop/index-by.ts";
import { controllerOfKind, controllerRef, omitEmpty, type Controller, type ControllerContext } from "../context.ts";
import { finishedCondition, JOB, type Job } from "../job/types.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";

export const CRON_JOB = { group: "batch", version: "v1", kind: "CronJob" };
const COMPONENT = "cronjob-controller";
const HOUR_MS = 3_600_000;
const WINDOWS_MS = [HOUR_MS, 24 * HOUR_MS, 32 * 24 * HOUR_MS, 5 * 366 * 24 * HOUR_MS];

interface CronJob extends KubeObject {
  spec: {
    schedule: string;
    timeZone?: string;
    suspend?: boolean;
    concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
    startingDeadlineSeconds?: number;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }; spec: Job["spec"] };
  };
  status?: { active?: Record<string, unknown>[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

/** Creates jobs when their time comes. */
export function startCronJobs(ctx: ControllerContext): Controller {
  const jobs = ctx.informers.of<Job>(JOB);
  const byOwner = indexBy(jobs, controllerUid);
  const controller = controllerOfKind<CronJob>(ctx, { name: COMPONENT, kind: CRON_JOB, owns: [JOB], visit });
  return controller;

  async function visit(cron: CronJob, signal: AbortSignal): Promise<number | void> {
    if (cron.metadata.deletionTimestamp) return;
    const mine = byOwner.get(cron.metadata.uid!);
    await trim(cron, mine, signal);
    let status = currentStatus(cron, mine);
    const schedule = scheduleOf(cron);
    const now = ctx.now();
    if (!schedule || cron.spec.suspend) return write(cron, status, signal);

    const due = mostRecent(schedule, Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? ""), now);
    const tooLate = due !== undefined && cron.spec.startingDeadlineSeconds !== undefined && due + cron.spec.startingDeadlineSeconds * 1000 < now;
    if (due !== undefined && !tooLate) {
      const started = await run(cron, due, mine, signal);
      if (started) status = { ...currentStatus(cron, byOwner.get(cron.metadata.uid!), `${cron.metadata.name}-${Math.floor(due / 60_000)}`), lastScheduleTime: rfc3339(due) };
    }
    await write(cron, status, signal);
    const next = schedule.next(ctx.now());
    return next === undefined ? undefined : next - ctx.now() + 100;
  }

  async function run(cron: CronJob, due: number, mine: readonly Job[], signal: AbortSignal): Promise<boolean> {
    const active = mine.filter((job) => !finishedCondition(job));
    const events = ctx.events(COMPONENT);
    if (cron.spec.concurrencyPolicy === "Forbid" && active.length > 0) {
      events.record(cron, "Normal", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
      return false;
    }
    if (cron.spec.concurrencyPolicy === "Replace") await Promise.all(active.map((job) => remove(job, signal)));
    const { metadata, spec } = cron.spec.jobTemplate;
    const job: Job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${cron.metadata.name}-${Math.floor(due / 60_000)}`,
        namespace: cron.metadata.namespace!,
        ...(metadata?.labels && { labels: metadata.labels }),
        annotations: { ...metadata?.annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp": rfc3339(due) },
        ownerReferences: [controllerRef(cron, CRON_JOB)],
      },
      spec: structuredClone(spec),
    };
    try {
      const created = await ctx.client.create(job, { signal });
      jobs.observe(created);
      events.record(cron, "Normal", "SuccessfulCreate", `Created job ${created.metadata.name}`);
    } catch (thrown) {
      // This very run was started before a restart.
      if (!isAlreadyExists(thrown)) throw thrown;
    }
    return true;
  }

  async function trim(cron: CronJob, mine: readonly Job[], signal: AbortSignal): Promise<void> {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
    for (const [type, limit] of [["Complete", successfulJobsHistoryLimit], ["Failed", failedJobsHistoryLimit]] as const) {
      const ended = mine.filter((job) => finishedCondition(job)?.type === type && !job.metadata.deletionTimestamp).toSorted((a, b) => Date.parse(a.status?.startTime ?? "") - Date.parse(b.status?.startTime ?? ""));
      await Promise.all(ended.slice(0, Math.max(0, ended.length - limit)).map((job) => remove(job, signal)));
    }
  }

  async function remove(job: Job, signal: AbortSignal): Promise<void> {
    try {
      await ctx.client.delete({ ...JOB, namespace: job.metadata.namespace!, name: job.metadata.name! }, { propagationPolicy: "Background", signal });
      jobs.observeDeleted(job);
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  async function write(cron: CronJob, status: NonNullable<CronJob["status"]>, signal: AbortSignal): Promise<void> {
    for (const { uid } of cron.status?.active ?? []) {
      const job = jobs.list().find((one) => one.metadata.uid === uid);
      const ended = job && finishedCondition(job);
      if (ended && !status.active?.some((one) => one.uid === uid)) ctx.events(COMPONENT).record(cron, "Normal", "SawCompletedJob", `Saw completed job: ${job.metadata.name}, condition: ${ended.type}`);
    }
    if (!isDeepStrictEqual(status, cron.status ?? {})) controller.cache.observe(await ctx.client.update<CronJob>({ ...cron, status }, { subresource: "status", signal }));
  }

  function scheduleOf(cron: CronJob): Schedule | undefined {
    try {
      return parseSchedule(cron.spec.schedule, cron.spec.timeZone);
    } catch (thrown) {
      ctx.events(COMPONENT).record(cron, "Warning", "UnparseableSchedule", `unparseable schedule: ${(thrown as Error).message}`);
      return undefined;
    }
  }
}

/** Only jobs that this controller started are listed; those that people start are theirs. `started` is the name of the newest. */
function currentStatus(cron: CronJob, mine: readonly Job[], started?: string): NonNullable<CronJob["status"]> {
  const known = cron.status?.active ?? [];
  const running = mine.filter((job) => !finishedCondition(job) && !job.metadata.deletionTimestamp);
  const kept = known.filter(({ uid }) => running.some((job) => job.metadata.uid === uid));
  const fresh = running
    .filter(({ metadata }) => metadata.name === started && !kept.some(({ uid }) => uid === metadata.uid))
    .map(({ metadata }) => ({ kind: "Job", namespace: metadata.namespace, name: metadata.name, uid: metadata.uid, apiVersion: "batch/v1", resourceVersion: metadata.resourceVersion }));
  const succeeded = mine.filter((job) => finishedCondition(job)?.type === "Complete").map((job) => job.status?.completionTime ?? "");
  const lastSuccessfulTime = [cron.status?.lastSuccessfulTime ?? "", ...succeeded].sort().at(-1);
  return omitEmpty({ active: [...kept, ...fresh], lastScheduleTime: cron.status?.lastScheduleTime, lastSuccessfulTime });
}

/** The last time that has passed since `since`. Looks at the last hour first, so that a long sleep is no long search. */
export function mostRecent(schedule: Schedule, since: number, now: number): number | undefined {
  for (const windowMs of WINDOWS_MS) {
    let last: number | undefined;
    for (let next = schedule.next(Math.max(since, now - windowMs)); next !== undefined && next <= now; next = schedule.next(next)) last = next;
    if (last !== undefined || now - windowMs <= since) return last;
  }
  return undefined;
}
