export type { RecordedWrite } from "./judge.ts";
export { disagreement } from "./judge.ts";
