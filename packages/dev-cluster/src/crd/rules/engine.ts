export { crdRuleCauses } from "./check-rules.ts";
export { ruleCauses } from "./evaluate.ts";
