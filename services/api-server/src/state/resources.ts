/** The kinds that this service reads and writes, as its Kubernetes client names them. */
export const APPLICATION = { group: "argoproj.io", version: "v1alpha1", kind: "Application" } as const;
export const PROJECT = { group: "argoproj.io", version: "v1alpha1", kind: "AppProject" } as const;
export const SECRET = { group: "", version: "v1", kind: "Secret" } as const;
export const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" } as const;
export const EVENT = { group: "", version: "v1", kind: "Event" } as const;
export const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" } as const;
export const ROLLOUT = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout" } as const;
export const ANALYSIS_RUN = { group: "argoproj.io", version: "v1alpha1", kind: "AnalysisRun" } as const;
export const EXPERIMENT = { group: "argoproj.io", version: "v1alpha1", kind: "Experiment" } as const;
export const REPLICA_SET = { group: "apps", version: "v1", kind: "ReplicaSet" } as const;
export const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment" } as const;
export const POD = { group: "", version: "v1", kind: "Pod" } as const;
