export * from "./analysis/index.ts";
export * from "./release.ts";
export { findFirst, JsonPathError } from "./json-path/find.ts";
