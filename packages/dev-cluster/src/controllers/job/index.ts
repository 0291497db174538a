import { isNotFound } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime/clock";
import { isDeepStrictEqual } from "node:util";
import { controllerOf } from "../../loop/index-by.ts";
import { isActive, isOver, isReady, isTerminating, type Pod } from "../../loop/pods.ts";
import { workQueue } from "../../loop/work-queue.ts";
import { controllerOfKind, omitEmpty, POD, type Controller, type ControllerContext } from "../context.ts";
import { byWorth, claimPods, createPods, deletePods, podFrom } from "../pods.ts";
import { indexRanges, parseRanges, replacementInMs, verdictOf, wantedActive, type Verdict } from "./decide.ts";
import { finishedCondition, INDEX, JOB, TRACKING, type Job, type JobCondition, type JobStatus } from "./types.ts";

const COMPONENT = "job-controller";

/** Runs pods to completion. Every finished pod is counted once: its finalizer holds it until the count is written. */
export function startJobs(ctx: ControllerContext, options: { backoffMs: number }): Controller {
  const pods = ctx.informers.of<Pod>(POD);
  const controller = controllerOfKind<Job>(ctx, { name: COMPONENT, kind: JOB, owns: [POD], visit });
  const orphans = workQueue({ name: "job tracking", visit: release, ...(ctx.onError && { onError: ctx.onError }) });
  pods.on(({ type, object }) => type !== "deleted" && considerOrphan(object));
  controller.cache.on(({ type, object }) => type === "deleted" && ctx.podsByOwner.get(object.metadata.uid!).forEach(considerOrphan));
  return {
    start() {
      controller.start();
      pods.list().forEach(considerOrphan);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([controller[Symbol.asyncDispose](), orphans[Symbol.asyncDispose]()]);
    },
  };

  async function visit(job: Job, signal: AbortSignal): Promise<number | void> {
    const mine = await claimPods(ctx, job, JOB, job.spec.selector, signal);
    if (finishedCondition(job)) {
      await Promise.all(mine.filter(isTracked).map((pod) => untrack(pod, signal)));
      return expire(job, signal);
    }
    if (isTerminating(job)) return;
    const counted = await count(job, mine, signal);
    const present = ctx.podsByOwner.get(job.metadata.uid!);
    const verdict = verdictOf({ job: counted, pods: present, succeeded: counted.status?.succeeded ?? 0, failed: counted.status?.failed ?? 0, now: ctx.now() }) ?? earlier(counted);
    const again = verdict ? await stop(counted, present, signal) : await manage(counted, present, signal);
    const deadline = await writeStatus(counted, verdict, signal);
    return [again, deadline].filter((ms) => ms !== undefined).sort((a, b) => a - b)[0];
  }

  /** Enters pods that ended since into the counts: first their uids are noted, then they are let go, then they count. */
  async function count(job: Job, mine: readonly Pod[], signal: AbortSignal): Promise<Job> {
    const noted = job.status?.uncountedTerminatedPods ?? {};
    const ended = mine.filter((pod) => isTracked(pod) && isOver(pod));
    const of = (phase: string, known: string[] = []) => [...new Set([...known, ...ended.filter((pod) => pod.status?.phase === phase).map((pod) => pod.metadata.uid!)])];
    const succeeded = of("Succeeded", noted.succeeded);
    const failed = of("Failed", noted.failed);
    if (succeeded.length + failed.length === 0) return job;

    let current = job;
    if (succeeded.length > (noted.succeeded?.length ?? 0) || failed.length > (noted.failed?.length ?? 0)) {
      current = await put(job, { ...job.status, uncountedTerminatedPods: omitEmpty({ succeeded, failed }) }, signal);
    }
    await Promise.all(ended.map((pod) => untrack(pod, signal)));
    const indexes = parseRanges(job.status?.completedIndexes);
    for (const pod of ended) if (pod.status?.phase === "Succeeded" && pod.metadata.annotations?.[INDEX] !== undefined) indexes.add(Number(pod.metadata.annotations[INDEX]));
    const isIndexed = job.spec.completionMode === "Indexed";
    // Written with the next status: until then the uids stand in the job, and nobody counts them twice.
    return {
      ...current,
      status: {
        ...current.status,
        uncountedTerminatedPods: {},
        succeeded: isIndexed ? indexes.size : (job.status?.succeeded ?? 0) + succeeded.length,
        failed: (job.status?.failed ?? 0) + failed.length,
        ...(isIndexed && { completedIndexes: indexRanges(indexes) }),
      },
    };
  }

  async function manage(job: Job, present: readonly Pod[], signal: AbortSignal): Promise<number | undefined> {
    const active = present.filter(isActive);
    if (job.spec.suspend) {
      await deletePods(ctx, job, active, COMPONENT, signal);
      return undefined;
    }
    // What has succeeded since the last count is counted at the next visit, and needs no successor until then.
    const uncounted = present.filter((pod) => isTracked(pod) && pod.status?.phase === "Succeeded");
    const wanted = wantedActive(job, active.length, (job.status?.succeeded ?? 0) + uncounted.length);
    if (active.length > wanted) await deletePods(ctx, job, active.toSorted(byWorth).slice(0, active.length - wanted), COMPONENT, signal);
    if (active.length >= wanted) return undefined;
    const waitMs = replacementInMs(present, job.status?.failed ?? 0, options.backoffMs, ctx.now());
    if (waitMs > 0) return waitMs;
    const failure = await createPods(ctx, job, newPods(job, [...active, ...uncounted], wanted - active.length), COMPONENT, signal);
    if (failure) throw failure;
    return undefined;
  }

  async function stop(job: Job, present: readonly Pod[], signal: AbortSignal): Promise<undefined> {
    await deletePods(ctx, job, present.filter(isActive), COMPONENT, signal);
    return undefined;
  }

  function tellSuspension(job: Job, before: JobStatus | undefined, after: JobStatus): void {
    if (suspended(before) === suspended(after)) return;
    if (suspended(after) === "True") ctx.events(COMPONENT).record(job, "Normal", "Suspended", "Job suspended");
    else if (suspended(after) === "False") ctx.events(COMPONENT).record(job, "Normal", "Resumed", "Job resumed");
  }

  async function writeStatus(job: Job, verdict: Verdict, signal: AbortSignal): Promise<number | undefined> {
    const now = ctx.now();
    const present = ctx.podsByOwner.get(job.metadata.uid!);
    const active = present.filter(isActive);
    const terminating = present.filter((pod) => isTerminating(pod) && !isOver(pod)).length;
    const before = controller.cache.get(job.metadata.namespace!, job.metadata.name!)?.status;
    const { startTime, ...rest } = job.status ?? {};
    const time = job.spec.suspend ? undefined : (startTime ?? rfc3339(now));
    const settled = verdict && active.length === 0 && terminating === 0 && !present.some((pod) => isTracked(pod) && isOver(pod));
    const finished = settled && verdict.outcome === "Complete" ? { completionTime: rfc3339(now) } : {};
    const status: JobStatus = {
      ...omitEmpty({ ...rest, active: active.length, conditions: conditions(job, verdict, settled === true, now) }),
      ...(time && { startTime: time }),
      uncountedTerminatedPods: job.status?.uncountedTerminatedPods ?? {},
      ready: active.filter(isReady).length,
      terminating,
      ...finished,
    };
    if (!isDeepStrictEqual(status, before)) {
      await put(job, status, signal);
      tellSuspension(job, before, status);
      if (settled) ctx.events(COMPONENT).record(job, verdict.outcome === "Complete" ? "Normal" : "Warning", verdict.outcome === "Complete" ? "Completed" : verdict.reason, verdict.outcome === "Complete" ? "Job completed" : verdict.message);
    }
    if (settled) return 0;
    const { activeDeadlineSeconds } = job.spec;
    return activeDeadlineSeconds !== undefined && time && !verdict ? Math.max(1, Date.parse(time) + activeDeadlineSeconds * 1000 - now) : undefined;
  }

  async function put(job: Job, status: JobStatus, signal: AbortSignal): Promise<Job> {
    const written = await ctx.client.update<Job>({ ...job, status }, { subresource: "status", signal });
    controller.cache.observe(written);
    return written;
  }

  /** Deletes a finished job when its time to live is over. */
  async function expire(job: Job, signal: AbortSignal): Promise<number | void> {
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    if (ttl === undefined || isTerminating(job)) return;
    const leftMs = Date.parse(finishedCondition(job)!.lastTransitionTime) + ttl * 1000 - ctx.now();
    if (leftMs > 0) return leftMs;
    try {
      await ctx.client.delete({ ...JOB, namespace: job.metadata.namespace!, name: job.metadata.name! }, { propagationPolicy: "Foreground", preconditions: { uid: job.metadata.uid! }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  async function untrack(pod: Pod, signal: AbortSignal): Promise<void> {
    const { uid, resourceVersion, finalizers = [] } = pod.metadata;
    try {
      pods.observe(await ctx.client.patch<Pod>({ ...POD, namespace: pod.metadata.namespace!, name: pod.metadata.name! }, "merge", { metadata: { uid, resourceVersion, finalizers: finalizers.filter((each) => each !== TRACKING) } }, { signal }));
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  /** A pod whose job is gone is tracked by nobody. */
  function considerOrphan(pod: Pod): void {
    if (isTracked(pod)) orphans.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
  }

  async function release(key: string, signal: AbortSignal): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    const pod = pods.get(namespace, name);
    if (!pod || !isTracked(pod)) return;
    const owner = controllerOf(pod);
    const job = owner?.kind === "Job" ? controller.cache.get(namespace, owner.name) : undefined;
    if (!job || job.metadata.uid !== owner?.uid || isTerminating(job)) await untrack(pod, signal);
  }
}

function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(TRACKING) ?? false;
}

/** A verdict that was written but not carried through, as after a restart. */
function earlier(job: Job): Verdict {
  const target = job.status?.conditions?.find(({ type, status }) => (type === "FailureTarget" || type === "SuccessCriteriaMet") && status === "True");
  return target && { outcome: target.type === "FailureTarget" ? "Failed" : "Complete", reason: target.reason ?? "", message: target.message ?? "" };
}

/** `present`: pods whose indexes are taken. */
function suspended(status: JobStatus | undefined): string | undefined {
  return status?.conditions?.find(({ type }) => type === "Suspended")?.status;
}

function newPods(job: Job, present: readonly Pod[], number: number): Pod[] {
  const template = { ...job.spec.template, metadata: { ...job.spec.template.metadata, finalizers: [...(job.spec.template.metadata?.finalizers ?? []), TRACKING] } };
  if (job.spec.completionMode !== "Indexed") return Array.from({ length: number }, () => podFrom(template, job, JOB));
  const taken = new Set([...parseRanges(job.status?.completedIndexes), ...present.map((pod) => Number(pod.metadata.annotations?.[INDEX]))]);
  const free = Array.from({ length: job.spec.completions ?? 0 }, (_, index) => index).filter((index) => !taken.has(index));
  return free.slice(0, number).map((index) => {
    const pod = podFrom(template, job, JOB);
    pod.metadata.generateName = `${job.metadata.name}-${index}-`;
    pod.metadata.annotations = { ...pod.metadata.annotations, [INDEX]: String(index) };
    pod.metadata.labels = { ...pod.metadata.labels, [INDEX]: String(index) };
    pod.spec["hostname"] ??= `${job.metadata.name}-${index}`;
    for (const container of [...(pod.spec["initContainers"] ?? []), ...(pod.spec["containers"] ?? [])]) container.env = [...(container.env ?? []), { name: "JOB_COMPLETION_INDEX", valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } } }];
    return pod;
  });
}

function conditions(job: Job, verdict: Verdict, settled: boolean, now: number): JobCondition[] {
  const time = rfc3339(now);
  let all = job.status?.conditions ?? [];
  const set = (type: string, status: "True" | "False", reason: string, message: string) => {
    const before = all.find((condition) => condition.type === type);
    if (before?.status === status) return;
    all = [...all.filter((condition) => condition.type !== type), { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message }];
  };
  if (job.spec.suspend) set("Suspended", "True", "JobSuspended", "Job suspended");
  else if (all.some(({ type }) => type === "Suspended")) set("Suspended", "False", "JobResumed", "Job resumed");
  if (verdict) set(verdict.outcome === "Complete" ? "SuccessCriteriaMet" : "FailureTarget", "True", verdict.reason, verdict.message);
  if (verdict && settled) set(verdict.outcome, "True", verdict.reason, verdict.message);
  return all;
}
