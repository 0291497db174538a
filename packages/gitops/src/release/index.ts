export * from "./new-pods.ts";
export * from "./operation.ts";
export * from "./policy.ts";
export * from "./record.ts";
export * from "./verdict.ts";
