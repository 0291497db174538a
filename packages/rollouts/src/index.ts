export * from "./analysis/index.ts";
export { evaluateCondition, evaluateOver, evaluateTime, type MeasuredValue } from "./expr/conditions.ts";
export { ExprError } from "./expr/errors.ts";
export * from "./release.ts";
export { findFirst, JsonPathError } from "./json-path/find.ts";
