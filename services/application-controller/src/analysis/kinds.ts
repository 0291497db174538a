import type { GroupKind } from "@trireme/api";

export const ANALYSIS_RUN: GroupKind = { group: "argoproj.io", kind: "AnalysisRun" };
export const JOB: GroupKind = { group: "batch", kind: "Job" };

/** By its appearance a cluster begins to have AnalysisRuns. */
export const DEFINITION = "analysisruns.argoproj.io";

/** Label of a Job that measures: the uid of its run. */
export const RUN_UID_LABEL = "analysisrun.argoproj.io/uid";
