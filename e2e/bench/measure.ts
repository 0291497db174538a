import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import os from "node:os";

/** One row of the table. Times in milliseconds. */
export interface Measurement {
  scenario: string;
  samples: number[];
  unit: "ms" | "/s" | "kB" | "MB" | "cores";
  /** What the API server and the Git server alone take for it, by the probes of this very run. */
  bound?: number;
  /** What we want on a real control plane with two cores. */
  goal?: number;
  /** Argo CD 3.5.1, measured on such a machine. */
  argo?: number;
  note?: string;
}

export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

/** Runs `work` over the items, `width` at a time. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Seconds of CPU that each process and its ended children have used. */
export async function cpuSeconds(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const used: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    used[name] = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / TICKS_PER_SECOND;
  }
  return used;
}

/** As a note: what was used between two readings, for each of `count` things, all together and by process. */
export function cpuNote(before: Record<string, number>, after: Record<string, number>, count: number): string {
  const milliseconds = (seconds: number) => Math.round((seconds * 1000) / count);
  const spent = Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)] as const);
  const all = spent.reduce((sum, [, seconds]) => sum + seconds, 0);
  return `each ${milliseconds(all)} CPU-ms of ours (${spent.map(([name, seconds]) => `${name} ${milliseconds(seconds)}`).join(", ")})`;
}

/** Memory that the processes hold, shared pages counted by share, in MB. */
export async function memoryMB(pids: Readonly<Record<string, number>>): Promise<number> {
  const held = await Promise.all(Object.values(pids).map(async (pid) => Number(/^Pss:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0)));
  return held.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024;
}

export function machine(): string {
  const [cpu] = os.cpus();
  return `${os.cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release()}, Node ${process.version}; load average before: ${os.loadavg().map((load) => load.toFixed(1)).join(", ")}`;
}
