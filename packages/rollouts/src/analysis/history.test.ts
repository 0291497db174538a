import { expiresAt } from "./expiry.ts";
import { staleRuns } from "./history.ts";
import type { AnalysisPhase, AnalysisRun, AnalysisRunSpec } from "./types.ts";

const run = (name: string, phase: AnalysisPhase | "", created: number, hash: string | undefined = "abc", spec: Partial<AnalysisRunSpec> = {}): AnalysisRun => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AnalysisRun",
  metadata: { name, creationTimestamp: `2026-01-01T00:00:0${created}Z`, ...(hash !== undefined && { labels: { "rollouts-pod-template-hash": hash } }) },
  spec: { metrics: [], ...spec },
  status: { phase, ...(phase !== "" && phase !== "Running" && { completedAt: "2026-01-01T00:01:00Z" }) },
});

describe("staleRuns", () => {
  it("keeps the newest of each kind, and what runs", () => {
    const runs = [run("s1", "Successful", 1), run("s2", "Successful", 2), run("f1", "Failed", 1), run("e2", "Error", 2), run("i3", "Inconclusive", 3), run("now", "Running", 4)];
    expect(staleRuns(runs, { successful: 1, unsuccessful: 1, liveHashes: new Set(["abc"]) }).map(({ metadata }) => metadata.name)).toEqual(["e2", "s1", "f1"]);
  });

  it("lets go those of a ReplicaSet that is gone, running or not", () => {
    const unlabelled = run("none", "Running", 1);
    delete unlabelled.metadata.labels;
    expect(staleRuns([run("gone", "Running", 1, "old"), unlabelled, run("here", "Running", 1)], { successful: 5, unsuccessful: 5, liveHashes: new Set(["abc"]) }).map(({ metadata }) => metadata.name)).toEqual(["gone", "none"]);
  });
});

describe("expiresAt", () => {
  const completed = Date.parse("2026-01-01T00:01:00Z");

  it.each<{ name: string; phase: AnalysisPhase; ttl: AnalysisRunSpec["ttlStrategy"]; after: number | undefined }>([
    { name: "a good run by its own time", phase: "Successful", ttl: { secondsAfterSuccess: 5, secondsAfterCompletion: 60 }, after: 6 },
    { name: "a failed run by its own time", phase: "Failed", ttl: { secondsAfterFailure: 7, secondsAfterCompletion: 60 }, after: 8 },
    { name: "an errored run by the time of all", phase: "Error", ttl: { secondsAfterFailure: 7, secondsAfterCompletion: 60 }, after: 61 },
    { name: "no run that says nothing", phase: "Successful", ttl: { secondsAfterFailure: 7 }, after: undefined },
    { name: "no run that runs", phase: "Running", ttl: { secondsAfterCompletion: 0 }, after: undefined },
  ])("lets go $name", ({ phase, ttl, after }) => {
    expect(expiresAt(run("r", phase, 1, "abc", ttl === undefined ? {} : { ttlStrategy: ttl }))).toBe(after === undefined ? undefined : completed + after * 1000);
  });
});
