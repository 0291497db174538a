export * from "./kubernetes.ts";
export * from "./errors.ts";
