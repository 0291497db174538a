import { setTimeout as pause } from "node:timers/promises";
import type { Bed } from "../bed.ts";
import { cpuSeconds, inParallel, percentile, type Measurement } from "../measure.ts";
import { startMetricServer } from "../../support/metric-server.ts";

const RUNS = 1000;
const INTERVAL_MS = 5000;
const MEASURED_MS = 40_000;
const NAMESPACE = "bench-analysis";
const KIND = { group: "argoproj.io", version: "v1alpha1", kind: "AnalysisRun" };

/** A thousand runs that ask one web address every five seconds: how many measurements, how even, and what they cost. */
export async function analysis(bed: Bed): Promise<Measurement[]> {
  await using server = await startMetricServer(() => ({ body: { value: 0.99 } }));
  const { client } = bed;
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const names = Array.from({ length: RUNS }, (_, index) => `run-${String(index).padStart(4, "0")}`);
  try {
    // Spread over one interval, as rollouts that begin by themselves are.
    const start = performance.now();
    await inParallel([...names.entries()], 8, async ([index, name]) => {
      await pause(Math.max(0, start + (index * INTERVAL_MS) / RUNS - performance.now()));
      await client.create({ apiVersion: "argoproj.io/v1alpha1", kind: KIND.kind, metadata: { name, namespace: NAMESPACE }, spec: { metrics: [{ name: "rate", interval: `${INTERVAL_MS / 1000}s`, successCondition: "result >= 0.95", provider: { web: { url: `${server.url}/${name}`, jsonPath: "{$.value}" } } }] } });
    });
    await pause(2 * INTERVAL_MS);
    const pids = bed.ownPids();
    server.seen.length = 0;
    const [before, begun] = [await cpuSeconds(pids), performance.now()];
    await pause(MEASURED_MS);
    const [after, seconds] = [await cpuSeconds(pids), (performance.now() - begun) / 1000];
    const intervals = intervalsOf(server.seen);
    const used = Object.entries(after).map(([name, total]) => [name, (total - before[name]!) / seconds] as const);
    const cores = used.reduce((sum, [, share]) => sum + share, 0);
    const counted = await countedBy(bed);
    return [
      { scenario: "1,000 analysis runs: measurements", samples: [server.seen.length / seconds], unit: "/s", goal: (RUNS / INTERVAL_MS) * 1000 * 0.995, note: `Argo Rollouts 1.9.1: 200/s; ${counted}` },
      { scenario: "1,000 analysis runs: CPU with Redis", samples: [cores], unit: "cores", goal: 0.2, note: `Argo Rollouts 1.9.1: 0.27; ${used.map(([name, share]) => `${name} ${share.toFixed(3)}`).join(", ")}` },
      { scenario: "1,000 analysis runs: intervals", samples: intervals, unit: "ms", goal: 5100, note: `p99 ${Math.round(percentile(intervals, 0.99))} ms, wanted under 5100 (Argo Rollouts 1.9.1: 5700); p1 ${Math.round(percentile(intervals, 0.01))} ms` },
    ];
  } finally {
    await client.delete({ group: "", kind: "Namespace", namespace: "", name: NAMESPACE });
  }
}

function intervalsOf(seen: readonly { path: string; at: number }[]): number[] {
  const last = new Map<string, number>();
  const intervals: number[] = [];
  for (const { path, at } of seen) {
    const before = last.get(path);
    if (before !== undefined) intervals.push(at - before);
    last.set(path, at);
  }
  return intervals;
}

/** Whether what was asked was also counted. */
async function countedBy(bed: Bed): Promise<string> {
  const { items } = await bed.client.list(KIND, { namespace: NAMESPACE });
  const counts = items.map((run) => (run["status"]?.metricResults?.[0]?.count ?? 0) as number);
  return `counted ${Math.min(...counts)} to ${Math.max(...counts)} a run`;
}
