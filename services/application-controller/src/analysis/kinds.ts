import type { GroupKind } from "@trireme/api";

export const JOB: GroupKind = { group: "batch", kind: "Job" };

/** By its appearance a cluster begins to have AnalysisRuns. */
export const DEFINITION = "analysisruns.argoproj.io";

/** Whose run it is, where several controllers share a cluster. */
export const INSTANCE_ID_LABEL = "argo-rollouts.argoproj.io/controller-instance-id";

/** Label of a Job that measures: the uid of its run. */
export const RUN_UID_LABEL = "analysisrun.argoproj.io/uid";
