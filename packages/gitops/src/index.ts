export * from "./merge.ts";
export * from "./merge/index.ts";
