import type { ClusterId } from "@trireme/api";
import type { AnalysisPlan, Measurement, Taken } from "@trireme/rollouts";

/** What the owner of a run knows beyond the object; all of it is found again without. */
export interface RunMemory {
  readonly cluster: ClusterId;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  isVisiting: boolean;
  isWoken: boolean;
  failures: number;
  /** Finished, not written yet. */
  taken: Taken[];
  /** Measurements that end elsewhere, by metric. */
  begun: Map<string, { index: number; measurement: Measurement; since: number }>;
  /** Measurements on their way: queued as a job, or being taken. */
  pending: Map<string, { index: number; at: number; isTaking: boolean }>;
  /** Moments of a metric's grid and of its last measurement, finer than the status tells them. */
  exact: Map<string, { origin: number; finished: number }>;
  /** What ends the run, found while measuring. */
  problem: string | undefined;
  plan: { spec: string; plan: AnalysisPlan | { problem: string } } | undefined;
  /** Our last write: its echo says nothing new. */
  written: string | undefined;
}

export function newRunMemory(key: Pick<RunMemory, "cluster" | "namespace" | "name" | "uid">): RunMemory {
  return { ...key, isVisiting: false, isWoken: false, failures: 0, taken: [], begun: new Map(), pending: new Map(), exact: new Map(), problem: undefined, plan: undefined, written: undefined };
}
