import type { Application } from "@trireme/api/argo";
import type { Entry, EntryRevision } from "./entry.ts";

type History = NonNullable<NonNullable<Application["status"]>["history"]>[number];
type Initiator = { username?: string; automated?: boolean } | undefined;

/** What the application itself tells: its creation (by whom its Events know), its deployments, and the operation under way or the last one. */
export function entriesOfApplication(app: Application, creator?: string): Entry[] {
  const { metadata, status } = app;
  const deployments = (status?.history ?? []).map((entry, index, all) => deployment(entry, all[index - 1]));
  const created: Entry[] = metadata.creationTimestamp === undefined ? [] : [{ id: "created", time: String(metadata.creationTimestamp), kind: "action", reason: "Created", what: "the application was created", ...(creator && { who: creator }) }];
  return [...created, ...deployments, ...operationOf(app)];
}

function deployment(entry: History, before: History | undefined): Entry {
  const revisions = revisionsOf(entry);
  const isReturn = before !== undefined && (entry.id ?? 0) > 0 && revisions.some(({ revision }) => revision !== "") && revisionsOf(before).map(({ revision }) => revision).join() === revisions.map(({ revision }) => revision).join();
  const who = whoOf(entry.initiatedBy);
  return { id: `history/${entry.id ?? 0}`, time: entry.deployedAt, kind: "deploy", reason: "Deployed", what: isReturn ? "the same revision was deployed again" : "deployed", ...(who !== undefined && { who }), ...(entry.initiatedBy?.automated === true && { why: "automated sync" }), state: "Succeeded", revisions, historyID: entry.id ?? 0 };
}

export function revisionsOf({ revision, revisions, source, sources }: Pick<History, "revision" | "revisions" | "source" | "sources">): EntryRevision[] {
  const many = (sources?.length ?? 0) > 0;
  const of = many ? sources! : source ? [source] : [];
  return of.map(({ repoURL }, sourceIndex) => ({ revision: (many ? revisions?.[sourceIndex] : revision) ?? "", repoURL: repoURL ?? "", sourceIndex }));
}

/** An operation that went well is told by its deployment already. */
function operationOf({ status, operation }: Application): Entry[] {
  const state = status?.operationState;
  if (operation !== undefined && state?.phase !== "Running") return [];
  if (state === undefined || state === null) return [];
  if (state.phase === "Succeeded" && (status?.history ?? []).some(({ deployedAt }) => deployedAt === state.finishedAt)) return [];
  const who = whoOf(state.operation?.initiatedBy);
  const partial = (state.operation?.sync?.resources?.length ?? 0) > 0;
  const dryRun = state.operation?.sync?.dryRun === true;
  const running = state.phase === "Running" || state.phase === "Terminating";
  return [
    {
      id: `operation/${state.startedAt}`,
      time: (running ? state.startedAt : state.finishedAt) ?? state.startedAt,
      kind: "operation",
      reason: running ? "OperationRunning" : state.phase === "Succeeded" ? "OperationSucceeded" : "OperationFailed",
      what: `${dryRun ? "dry run" : partial ? "sync of some objects" : "sync"}${running ? " is under way" : state.phase === "Succeeded" ? " succeeded" : " failed"}`,
      ...(who !== undefined && { who }),
      ...(state.message && { why: state.message }),
      state: state.phase,
      ...(state.syncResult && { revisions: revisionsOf(state.syncResult as History) }),
    },
  ];
}

/** Undefined: by itself. */
export function whoOf(initiator: Initiator): string | undefined {
  return initiator?.automated === true ? undefined : initiator?.username || undefined;
}
