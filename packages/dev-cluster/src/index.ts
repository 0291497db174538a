export { startDevCluster, type DevCluster, type DevClusterOptions } from "./dev-cluster.ts";
export { adminConnection, startWholeCluster, type WholeClusterOptions } from "./whole-cluster.ts";
export { StatusError } from "./server/status-error.ts";
export type { CountedRequest, Fault, TestingDoor } from "./testing/door.ts";
