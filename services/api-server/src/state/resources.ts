/** The kinds that this service reads and writes, as its Kubernetes client names them. */
export const APPLICATION = { group: "argoproj.io", version: "v1alpha1", kind: "Application" } as const;
export const PROJECT = { group: "argoproj.io", version: "v1alpha1", kind: "AppProject" } as const;
export const SECRET = { group: "", version: "v1", kind: "Secret" } as const;
export const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" } as const;
export const EVENT = { group: "", version: "v1", kind: "Event" } as const;
export const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" } as const;
