import { isActive, type Pod } from "../../loop/pods.ts";
import type { Job } from "./types.ts";

export interface JobFacts {
  job: Job;
  pods: readonly Pod[];
  succeeded: number;
  failed: number;
  now: number;
}

export type Verdict = { outcome: "Complete" | "Failed"; reason: string; message: string } | undefined;

/** Whether the job is decided: by its deadline, its failures, or its successes, in this order. */
export function verdictOf({ job, pods, succeeded, failed, now }: JobFacts): Verdict {
  const { backoffLimit = 6, activeDeadlineSeconds, completions, template } = job.spec;
  const restarts = template.spec["restartPolicy"] === "OnFailure" ? pods.filter(isActive).reduce((sum, pod) => sum + restartsOf(pod), 0) : 0;
  const started = Date.parse(job.status?.startTime ?? "");
  if (failed > backoffLimit || (restarts > 0 && restarts >= Math.max(1, backoffLimit))) return { outcome: "Failed", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" };
  if (activeDeadlineSeconds !== undefined && !Number.isNaN(started) && now >= started + activeDeadlineSeconds * 1000 && !job.spec.suspend) return { outcome: "Failed", reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" };
  const complete = completions === undefined ? succeeded > 0 && pods.filter(isActive).length === 0 : succeeded >= completions;
  return complete ? { outcome: "Complete", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" } : undefined;
}

/** How many pods should run now. */
export function wantedActive(job: Job, active: number, succeeded: number): number {
  const { parallelism = 1, completions } = job.spec;
  // Without a count the first success stops the making of new ones.
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

/** Pause before a pod replaces a failed one: doubles with each failure, up to ten minutes, from the last failure on. */
export function replacementInMs(pods: readonly Pod[], failed: number, backoffMs: number, now: number): number {
  if (failed === 0) return 0;
  const ends = pods.filter((pod) => pod.status?.phase === "Failed").map(finishedAt);
  if (ends.length === 0) return 0;
  return Math.max(...ends) + Math.min(600_000, backoffMs * 2 ** (failed - 1)) - now;
}

export function finishedAt(pod: Pod): number {
  const ends = ((pod.status?.["containerStatuses"] ?? []) as any[]).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? "")).filter((time) => !Number.isNaN(time));
  return ends.length > 0 ? Math.max(...ends) : Date.parse(pod.metadata.deletionTimestamp ?? pod.metadata.creationTimestamp ?? "") || 0;
}

function restartsOf(pod: Pod): number {
  return [...((pod.status?.["initContainerStatuses"] ?? []) as any[]), ...((pod.status?.["containerStatuses"] ?? []) as any[])].reduce((sum: number, { restartCount = 0 }) => sum + (restartCount as number), 0);
}

/** `0,2-4` of a set of indexes, and back. */
export function indexRanges(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const index of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`)).join(",");
}

export function parseRanges(text: string | undefined): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? "").split(",").filter(Boolean)) {
    const [from = 0, to = from] = part.split("-").map(Number);
    for (let index = from; index <= to; index++) indexes.add(index);
  }
  return indexes;
}
