export * from "./merge.ts";
