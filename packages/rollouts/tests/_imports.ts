export { controllerOf, hashOf, wanted, type Pod, type ReplicaSet, type Service } from "../src/rollout/objects.ts";
export { selects } from "../src/rollout/selector.ts";
export type { RolloutEvent, Snapshot, Write } from "../src/snapshot.ts";
