export type { Node } from "./ast.ts";
export { evaluateCondition, evaluateOver, evaluateTime, type MeasuredValue } from "./conditions.ts";
export { ExprError } from "./errors.ts";
export { parse } from "./parser.ts";
