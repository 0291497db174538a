export { fieldPathText, placed } from "./field-path.ts";
export type { FieldProblem, ObjectSchema } from "./fields.ts";
export { fieldProblems } from "./fields.ts";
export type { NameProblem } from "./names.ts";
export { dns1035Problem, dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, nameProblems, qualifiedNameProblem } from "./names.ts";
export { didYouMean } from "./suggest.ts";
export { withoutFields } from "./without-fields.ts";
