import { evaluateCondition, ExprError, type MeasuredValue } from "@trireme/api/expr";
import type { AnalysisPhase, Metric } from "./types.ts";

export interface Verdict {
  phase: AnalysisPhase;
  message?: string;
}

/** What a metric's conditions make of a measured value: without conditions it is good; a failure weighs more than a success. */
export function verdict(measured: MeasuredValue, { successCondition, failureCondition }: Pick<Metric, "successCondition" | "failureCondition">): Verdict {
  try {
    const succeeds = successCondition ? evaluateCondition(successCondition, measured) : undefined;
    const fails = failureCondition ? evaluateCondition(failureCondition, measured) : undefined;
    if (fails ?? (succeeds === undefined ? false : !succeeds)) return { phase: "Failed" };
    return { phase: succeeds === false ? "Inconclusive" : "Successful" };
  } catch (error) {
    if (error instanceof ExprError) return { phase: "Error", message: error.message };
    throw error;
  }
}
