import { isCompleted, type AnalysisRun } from "./types.ts";

const HASH = "rollouts-pod-template-hash";

/**
 * Runs of a rollout that its history has no place for: of those that are not current, the newest `successful` Successful and
 * the newest `unsuccessful` others stay; those whose ReplicaSet is gone go, running or not.
 */
export function staleRuns(runs: readonly AnalysisRun[], keep: { successful: number; unsuccessful: number; liveHashes: ReadonlySet<string> }): AnalysisRun[] {
  const newestFirst = [...runs].sort((a, b) => (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""));
  let [successful, unsuccessful] = [0, 0];
  return newestFirst.filter((run) => {
    if (run.metadata.deletionTimestamp !== undefined) return false;
    const hash = run.metadata.labels?.[HASH];
    if (hash === undefined || !keep.liveHashes.has(hash)) return true;
    if (!isCompleted(run.status?.phase)) return false;
    return run.status!.phase === "Successful" ? ++successful > keep.successful : ++unsuccessful > keep.unsuccessful;
  });
}
