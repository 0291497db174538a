import type { ClusterId, GroupKind, KubeObject } from "@trireme/api";
import { parseApiVersion } from "@trireme/api";
import { isConflict, isNotFound } from "@trireme/kube";
import type { AnalysisJob } from "@trireme/queue";
import { isCompleted, type AnalysisRun, type AnalysisTemplate, type Due } from "@trireme/rollouts";
import { asAppError, backoffDelay } from "@trireme/runtime";
import type { LiveEvent } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE } from "../rollouts/kinds.ts";
import { isOurs, openPlaces } from "../rollouts/places.ts";
import { DEFINITION, INSTANCE_ID_LABEL, JOB, RUN_UID_LABEL } from "./kinds.ts";
import { measure, type Tools } from "./measure.ts";
import { analysisMetrics } from "./metrics.ts";
import { httpClient } from "./providers/http.ts";
import { createProviders } from "./providers/index.ts";
import { newRunMemory, type RunMemory } from "./run-memory.ts";
import { visitRun } from "./visit.ts";

export interface Analysis {
  start(): void;
  stop(): Promise<void>;
  onLiveEvent(event: LiveEvent): void;
  /** Clusters may have come, gone or changed their shard. */
  onSettings(): void;
  /** Takes a measurement that came as a job; one that nobody waits for is passed over. */
  take(job: AnalysisJob): Promise<void>;
}

/** A job that nobody brought back in this time is lost: its measurement is taken without it. */
const LOST_JOB_MS = 1000;
/** Moments are rounded to this, so that the measurements of many runs share their ways. */
const TOGETHER_MS = 200;
const VISITS = 64;
/** As long as Argo Rollouts keeps the figures of what is gone, so that they are read once more. */
const FIGURES_MS = 65_000;

/**
 * AnalysisRuns of every cluster that this shard owns. Each run has one serial owner: it alone judges and writes. Measurements
 * become jobs at the moment they are due, and are counted by their place; the queue may lose or repeat them.
 */
export function createAnalysis(deps: Deps): Analysis {
  const { ctx, config } = deps;
  const memories = new Map<string, RunMemory>();
  const stopping = new AbortController();
  const tools: Tools = { providers: createProviders(), http: httpClient(), settings: config.analysis, now: () => ctx.clock.now() };
  const places = openPlaces(deps, {
    purpose: "analysis",
    kinds: [ANALYSIS_RUN, JOB],
    definition: DEFINITION,
    onReady({ live }) {
      for (const object of live.list(ANALYSIS_RUN)) wake(remember(live.id, object));
    },
  });
  const listed = <T extends KubeObject>(...kinds: readonly GroupKind[]) => places.ready().flatMap(({ live }) => kinds.flatMap((kind) => live.list(kind) as T[]));
  const metrics = analysisMetrics(ctx.metrics, { runs: () => listed<AnalysisRun>(ANALYSIS_RUN).filter(isInstance), templates: () => listed<AnalysisTemplate>(ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE) });
  const working = new Set<Promise<void>>();
  const waiting: RunMemory[] = [];
  let visiting = 0;
  let isStarted = false;

  const remember = (cluster: ClusterId, { metadata }: KubeObject): RunMemory => {
    const uid = metadata.uid ?? "";
    let memory = memories.get(uid);
    if (memory === undefined) memories.set(uid, (memory = newRunMemory({ cluster, namespace: metadata.namespace ?? "", name: metadata.name ?? "", uid })));
    return memory;
  };
  const forget = (memory: RunMemory): void => {
    memories.delete(memory.uid);
    ctx.wheel.delete(`analysis:${memory.uid}`);
    for (const metric of memory.exact.keys()) ctx.wheel.delete(timer(memory, metric));
    for (const metric of memory.pending.keys()) ctx.wheel.delete(timer(memory, metric));
  };
  const isInstance = ({ metadata }: AnalysisRun) => (metadata.labels?.[INSTANCE_ID_LABEL] ?? "") === config.rollouts.instanceId;
  const runOf = ({ cluster, namespace, name, uid }: RunMemory): AnalysisRun | undefined => {
    const place = places.get(cluster);
    if (place === undefined || !isOurs(place)) return undefined;
    const run = place.live.get({ ...ANALYSIS_RUN, namespace, name }) as AnalysisRun | undefined;
    return run?.metadata.uid === uid && isInstance(run) ? run : undefined;
  };

  const wake = (memory: RunMemory): void => {
    if (!isStarted || stopping.signal.aborted) return;
    if (memory.isWoken) return;
    memory.isWoken = true;
    if (memory.isVisiting) return;
    waiting.push(memory);
    drain();
  };
  const drain = (): void => {
    while (visiting < VISITS && waiting.length > 0) {
      visiting++;
      const work = visit(waiting.shift()!).finally(() => {
        visiting--;
        working.delete(work);
        drain();
      });
      working.add(work);
    }
  };
  const visit = async (memory: RunMemory): Promise<void> => {
    memory.isWoken = false;
    const run = runOf(memory);
    const place = places.get(memory.cluster);
    if (run === undefined || place === undefined) return;
    memory.isVisiting = true;
    const startedAt = performance.now();
    try {
      const { due, at } = await visitRun(run, memory, place, tools, stopping.signal);
      metrics.visited(memory, performance.now() - startedAt);
      memory.failures = 0;
      for (const each of due) plan(memory, each);
      if (at !== undefined) ctx.wheel.setNoLater(`analysis:${memory.uid}`, at, () => wake(memory));
      const isOver = isCompleted(run.status?.phase);
      if (isOver && at === undefined) forget(memory);
      else if (!isOver && isCompleted(runOf(memory)?.status?.phase)) memory.isWoken = true;
    } catch (error) {
      failed(memory, error);
    } finally {
      memory.isVisiting = false;
      if (memory.isWoken && !stopping.signal.aborted) {
        waiting.push(memory);
        setImmediate(drain);
      }
    }
  };
  const failed = (memory: RunMemory, error: unknown): void => {
    if (stopping.signal.aborted || isNotFound(error)) return;
    memory.failures++;
    metrics.failed(memory);
    const { message, reason } = asAppError(error);
    // Somebody else wrote in between: what they wrote is on its way here.
    if (!isConflict(error)) ctx.log.warn({ analysisrun: `${memory.namespace}/${memory.name}`, cluster: memory.cluster, reason, error: message }, "analysis run could not be moved");
    ctx.wheel.setNoLater(`analysis:${memory.uid}`, ctx.clock.now() + backoffDelay(memory.failures), () => wake(memory));
  };

  const timer = (memory: RunMemory, metric: string) => `analysis:${memory.uid}:${metric}`;
  const plan = (memory: RunMemory, due: Due): void => {
    if (memory.pending.get(due.metric)?.index === due.index) return;
    if (due.at <= ctx.clock.now()) fire(memory, due);
    else ctx.wheel.set(timer(memory, due.metric), due.at, () => fire(memory, due));
  };
  /** Jobs of one moment go to the queue together. */
  const batch: AnalysisJob[] = [];
  const fire = (memory: RunMemory, { metric, index, at }: Due): void => {
    if (memory.pending.get(metric)?.index === index) return;
    memory.pending.set(metric, { index, at, isTaking: false });
    if (batch.push({ namespace: memory.namespace, name: memory.name, uid: memory.uid, metric, index }) === 1) setImmediate(flush);
  };
  const flush = async (): Promise<void> => {
    const jobs = batch.splice(0);
    const isQueued = ctx.producer !== undefined && (await ctx.producer.addAll("analysis", config.shard, jobs));
    if (!isQueued) for (const job of jobs) begin(job);
    else ctx.wheel.set(`analysis-jobs:${jobs[0]!.uid}:${jobs[0]!.metric}`, ctx.clock.now() + LOST_JOB_MS, () => jobs.forEach(begin));
  };
  const begin = (job: AnalysisJob): void => {
    const work = take(job).finally(() => working.delete(work));
    working.add(work);
  };
  const take = async (job: AnalysisJob): Promise<void> => {
    const memory = memories.get(job.uid);
    const pending = memory?.pending.get(job.metric);
    const run = memory === undefined ? undefined : runOf(memory);
    const place = memory === undefined ? undefined : places.get(memory.cluster);
    if (memory === undefined || run === undefined || place === undefined || pending === undefined || pending.isTaking || pending.index !== job.index || isCompleted(run.status?.phase) || stopping.signal.aborted) return;
    pending.isTaking = true;
    try {
      const taken = await measure(run, { metric: job.metric, index: job.index }, { ...tools, client: place.live.client, observe: (object) => place.live.observe(object), signal: stopping.signal });
      record(memory, pending.at, taken);
      wake(memory);
    } catch (error) {
      failed(memory, error);
    } finally {
      if (memory.pending.get(job.metric) === pending) memory.pending.delete(job.metric);
    }
  };
  const record = (memory: RunMemory, at: number, taken: Awaited<ReturnType<typeof measure>>): void => {
    if ("problem" in taken) {
      memory.problem = taken.problem;
      return;
    }
    const now = ctx.clock.now();
    const exact = memory.exact.get(taken.metric);
    memory.exact.set(taken.metric, { origin: exact?.origin ?? Math.ceil(at / TOGETHER_MS) * TOGETHER_MS, finished: now });
    if (isCompleted(taken.measurement.phase)) memory.taken.push(taken);
    else memory.begun.set(taken.metric, { index: taken.index, measurement: taken.measurement, since: now });
  };

  return {
    start() {
      isStarted = true;
      places.open();
    },
    async stop() {
      isStarted = false;
      stopping.abort(new Error("stopping"));
      await Promise.allSettled(working);
      await Promise.allSettled([places[Symbol.asyncDispose](), tools.http[Symbol.asyncDispose]()]);
    },
    onSettings() {
      if (isStarted) places.open();
    },
    onLiveEvent({ cluster, object, type }) {
      if (is(object, ANALYSIS_RUN)) {
        const known = memories.get(object.metadata.uid ?? "");
        if (type === "deleted") {
          const { uid, namespace = "", name = "" } = object.metadata;
          ctx.wheel.set(`analysis-figures:${uid}`, ctx.clock.now() + FIGURES_MS, () => metrics.forget({ namespace, name }));
          if (known !== undefined) forget(known);
        } else if (known === undefined || known.written !== object.metadata.resourceVersion) wake(remember(cluster, object));
      } else if (is(object, JOB)) {
        const owner = memories.get(object.metadata.labels?.[RUN_UID_LABEL] ?? "");
        if (owner !== undefined && owner.begun.size > 0) wake(owner);
      }
    },
    take,
  };
}

const is = (object: KubeObject, kind: { group: string; kind: string }): boolean => object.kind === kind.kind && parseApiVersion(object.apiVersion).group === kind.group;
