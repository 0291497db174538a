export { controllerOf, hashOf, wanted, type Pod, type ReplicaSet, type Service } from "../src/rollout/objects.ts";
export { selects } from "@trireme/api";
export type { RolloutEvent, Snapshot, Write } from "../src/snapshot.ts";
