/** Rollouts: what a decision is made from, and what it is. */
export { decide } from "./decide.ts";
export { conditionOf, ConditionType, Reason } from "./status/conditions.ts";
export { createErrorStatus } from "./status/create-error.ts";
export type { Decision, RolloutEvent, Snapshot, Write } from "./snapshot.ts";
export { eventKey } from "./snapshot.ts";
export { controllerOf, Key, type Pod, type ReplicaSet, type Service } from "./rollout/objects.ts";
export { analysesOf, servicesOf } from "./rollout/references.ts";
export { selects } from "@trireme/api";
export { podTemplateHash } from "./pod-template/hash.ts";
export { reportRelease, type ReleaseReport } from "./report/report.ts";
