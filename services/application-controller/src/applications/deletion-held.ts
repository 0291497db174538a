import type { Application, ApplicationStatus } from "@trireme/api/argo";
import { DELETE_BUDGET_ANNOTATION, isAutomated, overDeleteBudget, parseDeleteBudget } from "@trireme/gitops";

/** What automated sync would delete but may not by itself. */
export function deletionHeld(app: Application, status: ApplicationStatus): string | undefined {
  if (!isAutomated(app.spec.syncPolicy) || app.spec.syncPolicy?.automated?.prune !== true) return undefined;
  try {
    const why = overDeleteBudget(status.resources ?? [], parseDeleteBudget(app.metadata.annotations?.[DELETE_BUDGET_ANNOTATION]));
    return why === undefined ? undefined : `Automated sync ${why}`;
  } catch (error) {
    return (status.resources ?? []).some((resource) => resource.requiresPruning === true) ? (error as Error).message : undefined;
  }
}
