export * from "./cluster-config.ts";
export * from "./kubernetes.ts";
export * from "./duration.ts";
export * from "./errors.ts";
export * from "./label-selector.ts";
export * from "./yaml/index.ts";
export * from "./validation/index.ts";
export * from "./optional-scalars.ts";
