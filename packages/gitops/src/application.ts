import type { Application, ApplicationSource, ApplicationSpec, OperationPhase, SyncPolicy } from "@trireme/api/argo";

/** Sources in the order they apply: the hydrator's dry output, else `sources`, else the single one. */
export function sourcesOf(spec: ApplicationSpec): ApplicationSource[] {
  if (spec.sourceHydrator !== undefined) {
    const { drySource, syncSource } = spec.sourceHydrator;
    return [{ repoURL: syncSource?.repoURL ?? drySource?.repoURL ?? "", path: syncSource?.path ?? "", targetRevision: syncSource?.targetBranch ?? "" }];
  }
  if (spec.sources !== undefined && spec.sources.length > 0) return spec.sources;
  return spec.source === undefined ? [] : [spec.source];
}

export function hasMultipleSources(spec: ApplicationSpec): boolean {
  return spec.sourceHydrator === undefined && (spec.sources?.length ?? 0) > 0;
}

export function isAutomated(policy: SyncPolicy | undefined): boolean {
  return policy?.automated !== undefined && policy.automated !== null && policy.automated.enabled !== false;
}

export function isCompleted(phase: OperationPhase | undefined): boolean {
  return phase === "Failed" || phase === "Error" || phase === "Succeeded";
}

/** As Argo says it: an operation is asked for or under way, whichever of its two fields shows it. */
export function isOperationInProgress(app: Application): boolean {
  const state = app.status?.operationState;
  return state !== undefined && state !== null && !isCompleted(state.phase);
}
