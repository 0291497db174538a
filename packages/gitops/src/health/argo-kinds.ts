import type { KubeObject } from "@trireme/api";
import { conditionsOf, health, type Health } from "./status.ts";

/** What Argo CD 3.5 says of a phase: the status, and the sentence where the object has none of its own. */
type Phases = Record<string, readonly [Health["status"], string]>;

const ANALYSIS: Phases = {
  Pending: ["Progressing", "Analysis run is running"],
  Running: ["Progressing", "Analysis run is running"],
  Successful: ["Healthy", "Analysis run completed successfully"],
  Failed: ["Degraded", "Analysis run failed"],
  Error: ["Degraded", "Analysis run had an error"],
  Inconclusive: ["Unknown", "Analysis run was inconclusive"],
};

/** An AnalysisRun; one that has ended speaks for itself. A status without a phase says nothing. */
export function analysisRunHealth({ status }: KubeObject): Health | undefined {
  if (status === undefined) return health("Progressing", "Waiting for analysis run to finish: status has not been reconciled.");
  const known = ANALYSIS[status.phase];
  if (known === undefined) return undefined;
  const [code, message] = known;
  return health(code, code === "Progressing" ? message : (status.message ?? message));
}

const EXPERIMENT: Phases = {
  Pending: ["Progressing", "Experiment is pending"],
  Running: ["Progressing", "Experiment is running"],
  Successful: ["Healthy", "Experiment is successful"],
  Failed: ["Degraded", "Experiment has failed"],
  Error: ["Degraded", "Experiment had an error"],
};

export function experimentHealth({ status }: KubeObject): Health | undefined {
  if (status === undefined) return health("Progressing", "Waiting for experiment to finish: status has not been reconciled.");
  const known = EXPERIMENT[status.phase];
  return known && health(...known);
}

/** An ApplicationSet: errors first, then what is not up to date, then what is under way. */
export function applicationSetHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const verdicts: readonly (readonly [type: string, status: string, code: Health["status"]])[] = [["ErrorOccurred", "True", "Degraded"], ["ResourcesUpToDate", "False", "Degraded"], ["RolloutProgressing", "True", "Progressing"], ["ResourcesUpToDate", "True", "Healthy"]];
  for (const [type, status, code] of verdicts) {
    const found = conditions.find((condition) => condition.type === type && condition.status === status);
    if (found !== undefined) return health(code, found.message);
  }
  return health("Progressing", "Waiting for the status to be reported");
}

export function cronWorkflowHealth(object: KubeObject): Health {
  const codes: Record<string, Health["status"]> = { SpecError: "Degraded", SubmissionError: "Degraded", Completed: "Healthy" };
  const found = conditionsOf(object).find(({ type, status }) => status === "True" && codes[type] !== undefined);
  return found === undefined ? health("Healthy", "CronWorkflow is healthy.") : health(codes[found.type]!, found.message);
}

export function eventBusHealth(object: KubeObject): Health {
  const deployed = conditionsOf(object).find(({ type, status }) => type === "Deployed" && (status === "True" || status === "False"));
  if (deployed === undefined) return health("Progressing", "Waiting for initialization");
  return health(deployed.status === "True" ? "Healthy" : "Degraded", deployed.message ?? deployed.reason);
}
