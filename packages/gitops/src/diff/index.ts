export type { DiffOptions, DiffQuestion } from "./diff.ts";
export { diff } from "./diff.ts";
export type { IgnoreRule, JqAnswer, JqQuestion } from "./ignore-rules.ts";
export { rulesFor } from "./ignore-rules.ts";
export { sameQuantity } from "./quantities.ts";
