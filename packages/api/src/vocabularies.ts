/** The words of Argo CD 3.5's status fields. The definitions say `string`; these are all that its controller writes. */

export const OperationPhase = { Running: "Running", Terminating: "Terminating", Failed: "Failed", Error: "Error", Succeeded: "Succeeded" } as const;
export type OperationPhase = (typeof OperationPhase)[keyof typeof OperationPhase];

/** Whether the cluster holds what was committed; of an application and of each object. */
export const SyncStatusCode = { Synced: "Synced", OutOfSync: "OutOfSync", Unknown: "Unknown" } as const;
export type SyncStatusCode = (typeof SyncStatusCode)[keyof typeof SyncStatusCode];

/** What an operation did to one object. */
export const ResultCode = { Synced: "Synced", SyncFailed: "SyncFailed", Pruned: "Pruned", PruneSkipped: "PruneSkipped" } as const;
export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];

export const SyncPhase = { PreSync: "PreSync", Sync: "Sync", PostSync: "PostSync", SyncFail: "SyncFail" } as const;
export type SyncPhase = (typeof SyncPhase)[keyof typeof SyncPhase];

/** From best to worst. */
export const HealthStatusCode = { Healthy: "Healthy", Suspended: "Suspended", Progressing: "Progressing", Missing: "Missing", Degraded: "Degraded", Unknown: "Unknown" } as const;
export type HealthStatusCode = (typeof HealthStatusCode)[keyof typeof HealthStatusCode];
