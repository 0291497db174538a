import type { Application, ApplicationSource, OperationState, RevisionHistory } from "@trireme/api/argo";

const DEFAULT_LIMIT = 10;

/** True for operations that leave an entry: everything was meant, and it really happened. */
export function leavesHistory(state: OperationState): boolean {
  return state.phase === "Succeeded" && state.operation.sync?.dryRun !== true && (state.operation.sync?.resources?.length ?? 0) === 0;
}

/** History with one more entry, cut to the application's limit; the oldest comes first. */
export function withHistory(
  app: Application,
  entry: { revision?: string; revisions?: string[]; source?: ApplicationSource; sources?: ApplicationSource[]; deployStartedAt: string; deployedAt: string; initiatedBy?: RevisionHistory["initiatedBy"] },
): RevisionHistory[] {
  const before = app.status?.history ?? [];
  const last = before[before.length - 1];
  const initiatedBy = Object.fromEntries(Object.entries(entry.initiatedBy ?? {}).filter(([, value]) => value !== undefined && value !== "" && value !== false));
  const next: RevisionHistory = { ...entry, id: last === undefined ? 0 : (last.id ?? 0) + 1, initiatedBy };
  const limit = Math.max(0, app.spec.revisionHistoryLimit ?? DEFAULT_LIMIT);
  const all = [...before, next];
  return all.slice(Math.max(0, all.length - limit));
}
