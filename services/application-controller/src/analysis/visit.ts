import { decideAnalysis, expiresAt, isCompleted, nextIndex, planAnalysis, type AnalysisDecision, type AnalysisRun, type Due, type Taken } from "@trireme/rollouts";
import { isNotFound } from "@trireme/kube";
import { ANALYSIS_RUN } from "../rollouts/kinds.ts";
import type { Place } from "../rollouts/places.ts";
import { JOB } from "./kinds.ts";
import type { Tools } from "./measure.ts";
import { jobsOf } from "./providers/job.ts";
import { timeText } from "./providers/provider.ts";
import type { RunMemory } from "./run-memory.ts";
import { statusPatch } from "./status-patch.ts";

/** A measurement that ends elsewhere is shown once it has lasted this long; a shorter one costs a single write. */
const SHOWN_AFTER_MS = 1000;

/** What comes next for a run. */
export interface Upcoming {
  due: readonly Due[];
  /** When to look again in any case, in milliseconds since the epoch. */
  at?: number;
}

/** One look at a run: what was measured is counted, judged and written at once, and what is due is told. */
export async function visitRun(run: AnalysisRun, memory: RunMemory, place: Place, tools: Tools, signal: AbortSignal): Promise<Upcoming> {
  if (run.metadata.deletionTimestamp !== undefined) return { due: [] };
  if (isCompleted(run.status?.phase)) return expire(run, place, tools.now(), signal);
  resume(run, memory, place, tools);
  const decision = await decideEnding(run, memory, place, tools, signal);
  const shownAt = await write(run, decision, memory, place, tools, signal);
  return { due: decision.due, ...(shownAt !== undefined && { at: shownAt }) };
}

async function expire(run: AnalysisRun, { live }: Place, now: number, signal: AbortSignal): Promise<Upcoming> {
  const at = expiresAt(run);
  if (at === undefined || at > now) return { due: [], ...(at !== undefined && { at }) };
  const { namespace = "", name = "", uid } = run.metadata;
  await live.client.delete({ ...ANALYSIS_RUN, namespace, name }, { ...(uid !== undefined && { preconditions: { uid } }), signal }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  return { due: [] };
}

/** Takes up what the status says is under way, and counts what has ended elsewhere. */
function resume(run: AnalysisRun, memory: RunMemory, { live }: Place, tools: Tools): void {
  for (const result of run.status?.metricResults ?? []) {
    const last = result.measurements?.at(-1);
    if (last === undefined || isCompleted(last.phase) || memory.begun.has(result.name) || memory.taken.some((taken) => taken.metric === result.name)) continue;
    memory.begun.set(result.name, { index: nextIndex(result), measurement: last, since: Date.parse(last.startedAt ?? "") || 0 });
  }
  for (const [metric, { index, measurement }] of memory.begun) {
    const elsewhere = elsewhereOf(run, metric, tools);
    const now = tools.now();
    const stands = elsewhere === undefined ? { ...measurement, phase: "Error" as const, message: "the measurement cannot be resumed", finishedAt: timeText(now) } : elsewhere.resume(run, measurement, (namespace, name) => live.get({ ...JOB, namespace, name }), now);
    if (isCompleted(stands.phase)) finish(memory, { metric, index, measurement: stands }, now);
  }
}

/** A run that is ending ends first what is under way, so that one write tells it all. */
async function decideEnding(run: AnalysisRun, memory: RunMemory, { live }: Place, tools: Tools, signal: AbortSignal): Promise<AnalysisDecision> {
  const decision = decideNow(run, memory, tools.now());
  const ending = decision.begun.filter((entry) => entry.end);
  if (ending.length === 0) return decision;
  for (const { metric, index, measurement } of ending) {
    await elsewhereOf(run, metric, tools)?.end(run, measurement, live.client, signal);
    finish(memory, { metric, index, measurement: { ...measurement, phase: "Successful", message: "Metric Terminated", finishedAt: timeText(tools.now()) } }, tools.now());
  }
  return decideNow(run, memory, tools.now());
}

function decideNow(run: AnalysisRun, memory: RunMemory, now: number): AnalysisDecision {
  const begun = [...memory.begun].map(([metric, { index, measurement }]): Taken => ({ metric, index, measurement }));
  return decideAnalysis(run, { now, exact: (metric) => memory.exact.get(metric), taken: [...memory.taken, ...begun], plan: planOf(run, memory) });
}

function planOf(run: AnalysisRun, memory: RunMemory): ReturnType<typeof planAnalysis> {
  if (memory.problem !== undefined) return { problem: memory.problem };
  const spec = JSON.stringify(run.spec);
  if (memory.plan?.spec !== spec) memory.plan = { spec, plan: planAnalysis(run.spec) };
  return memory.plan.plan;
}

/** Writes what differs; what only tells that something runs may wait. Answers when it must be told after all. */
async function write(run: AnalysisRun, decision: AnalysisDecision, memory: RunMemory, place: Place, tools: Tools, signal: AbortSignal): Promise<number | undefined> {
  const patch = statusPatch(run.status, decision.status);
  if (patch === undefined) return undefined;
  const waitsUntil = mayWait(run, decision, memory, tools.now());
  if (waitsUntil !== undefined) return waitsUntil === Infinity ? undefined : waitsUntil;
  const { namespace = "", name = "", resourceVersion } = run.metadata;
  const counted = memory.taken;
  const written = await place.live.client.patch<AnalysisRun>({ ...ANALYSIS_RUN, namespace, name }, "merge", { metadata: { resourceVersion }, status: patch }, { signal });
  memory.written = written.metadata.resourceVersion;
  memory.taken = memory.taken.filter((taken) => !counted.includes(taken));
  place.live.observe(written);
  for (const event of decision.events) place.events.record(run, event);
  for (const { metric, kept } of decision.trimmed) await elsewhereOf(run, metric, tools)?.collect(run, kept, jobsOf(run, metric, place.live.list(JOB)), place.live.client, signal);
  return undefined;
}

/**
 * When a difference must be written that tells nothing but that something runs: a run's first measurement tells it as well,
 * and a measurement that ends elsewhere tells it with its end if that is soon. Infinity: what is on its way will tell it.
 */
function mayWait(run: AnalysisRun, { status, due }: AnalysisDecision, memory: RunMemory, now: number): number | undefined {
  if (status.phase !== "Running" || memory.taken.length > 0) return undefined;
  const isFirst = (run.status?.phase ?? "") === "";
  if (isFirst) return memory.begun.size === 0 && due.length > 0 && due.every(({ at }) => at <= now) ? Infinity : undefined;
  const unseen = [...memory.begun].filter(([metric]) => !isShown(run, metric));
  if (unseen.length === 0) return undefined;
  const at = Math.min(...unseen.map(([, { since }]) => since)) + SHOWN_AFTER_MS;
  return at > now ? at : undefined;
}

function isShown(run: AnalysisRun, metric: string): boolean {
  const last = run.status?.metricResults?.find((result) => result.name === metric)?.measurements?.at(-1);
  return last !== undefined && !isCompleted(last.phase);
}

/** Moves a measurement from what is under way to what is to be counted. */
function finish(memory: RunMemory, taken: Taken, now: number): void {
  memory.begun.delete(taken.metric);
  memory.taken.push(taken);
  const exact = memory.exact.get(taken.metric);
  if (exact !== undefined) exact.finished = now;
}

function elsewhereOf(run: AnalysisRun, name: string, tools: Tools) {
  const metric = run.spec.metrics.find((candidate) => candidate.name === name);
  return metric === undefined ? undefined : tools.providers(metric)?.elsewhere;
}
