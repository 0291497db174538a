import type { Application, ApplicationSource, Operation } from "@trireme/api/argo";
import { hasMultipleSources, sourcesOf, syncAllowed } from "@trireme/gitops";
import { AppError, asAppError, Code } from "@trireme/runtime";
import { failedPrecondition, unknown } from "../../../errors.ts";
import { projectNameOf } from "../../../state/projects.ts";
import { sourceOf } from "../../../state/repository-access.ts";
import { unary } from "../../rpc.ts";
import { forApplication, rbacName, type ApplicationCall } from "../access.ts";
import { isAutomated } from "./automated.ts";
import { resolveDestination } from "../destination.ts";
import { recordApplication } from "../events.ts";
import { startOperation } from "../write.ts";

const SHA = /^[0-9a-fA-F]{40}$/;

/** Asks for a sync. Checks in Argo CD's order: window, rights, local manifests, deletion, revisions, options. */
export const sync = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const { app, ctx, caller, signal } = call;
  const object = rbacName(app, ctx.namespace);
  requireWindow(call);
  caller.require("applications", "sync", object);
  const manifests = request.manifests?.length ? (request.manifests as string[]) : undefined;
  if (manifests !== undefined) {
    caller.require("applications", "override", object);
    if (isAutomated(app) && request.dryRun !== true) throw failedPrecondition("cannot use local sync when Automatic Sync Policy is enabled unless for dry run");
  }
  if (app.metadata.deletionTimestamp !== undefined) throw failedPrecondition("application is deleting");

  const revisions = await resolveRevisions(request, call, manifests !== undefined);
  const { syncPolicy } = app.spec;
  const syncOptions: string[] | undefined = request.syncOptions !== undefined && request.syncOptions !== null ? optionList(request.syncOptions) : syncPolicy?.syncOptions;
  if (syncOptions?.includes("Replace=true") && !ctx.config.syncWithReplaceAllowed) throw failedPrecondition("sync with replace was disabled on the API Server level via the server configuration");
  if (manifests !== undefined && enforcesIntegrity(call)) throw failedPrecondition("Cannot use local manifests when source integrity is enforced");

  const retry = request.retryStrategy ?? syncPolicy?.retry;
  const many = hasMultipleSources(app.spec);
  const operation: Operation = {
    sync: {
      ...(many ? { sources: app.spec.sources ?? [], revisions: revisions.exact } : { source: sourcesOf(app.spec)[0]!, ...(revisions.exact[0] && { revision: revisions.exact[0] }) }),
      ...(request.prune === true && { prune: true }),
      ...(request.dryRun === true && { dryRun: true }),
      ...(syncOptions?.length && { syncOptions }),
      ...(request.strategy && { syncStrategy: request.strategy }),
      ...(request.resources?.length && { resources: request.resources }),
      ...(manifests !== undefined && { manifests }),
    },
    initiatedBy: { ...(caller.username !== "" && { username: caller.username }) },
    ...(request.infos?.length && { info: request.infos }),
    retry: retry ?? {},
  };
  const written = await startOperation(app, operation, ctx, signal);
  const partial = request.resources?.length ? "partial " : "";
  recordApplication(written, "OperationStarted", `initiated ${partial}sync ${manifests !== undefined ? "locally" : `to ${revisions.shown.join(",")}`}`, call);
  return written;
});

function requireWindow({ app, project, ctx }: ApplicationCall): void {
  const destination = resolveDestination(app, ctx);
  const cluster = "cluster" in destination ? destination.cluster : { server: app.spec.destination?.server ?? "", name: app.spec.destination?.name ?? "" };
  const decision = syncAllowed(project.spec.syncWindows, app, cluster, { now: ctx.clock.now(), manual: true });
  if (decision.problem !== undefined) throw windowError(`cannot sync: invalid sync window: ${decision.problem}`);
  if (!decision.allowed) throw windowError("cannot sync: blocked by sync window");
}

function windowError(message: string): AppError {
  return new AppError(message, { reason: "SyncWindow", code: Code.PermissionDenied, retry: "later" });
}

interface Revisions {
  /** Exact, one for each source. */
  exact: string[];
  /** As people read them: `main (4f2c…)`. */
  shown: string[];
}

async function resolveRevisions(request: any, call: ApplicationCall, local: boolean): Promise<Revisions> {
  const { app, ctx, caller } = call;
  const sources = sourcesOf(app.spec);
  const many = hasMultipleSources(app.spec);
  const asked = many ? byPosition(request, sources.length) : [request.revision ?? ""];
  sources.forEach((source, i) => {
    const revision = asked[i] ?? "";
    if (revision === "" || revision === (source.targetRevision || "HEAD")) return;
    if (ctx.settings.current().requireOverrideForRevisionSync) caller.require("applications", "override", rbacName(app, ctx.namespace));
    if (isAutomated(app) && request.dryRun !== true) throw failedPrecondition(many ? `Cannot sync source ${source.repoURL} to ${revision}: auto-sync currently set to ${source.targetRevision ?? ""}` : `Cannot sync to ${revision}: auto-sync currently set to ${source.targetRevision ?? ""}`);
  });
  if (local) return { exact: many ? sources.map(() => "") : [""], shown: [] };
  return resolved(sources.map((source, i) => ({ ...source, targetRevision: asked[i] || source.targetRevision || "" })), app, call);
}

function byPosition(request: any, count: number): string[] {
  const asked: string[] = new Array(count).fill("");
  (request.sourcePositions ?? []).forEach((position: number, i: number) => {
    if (position <= 0 || position > count) throw unknown("source position is out of range", "InvalidArgument");
    asked[position - 1] = request.revisions?.[i] ?? "";
  });
  return asked;
}

/** Asks the repository what the targets mean now; exact commits need no question. */
async function resolved(sources: ApplicationSource[], app: Application, { ctx, signal }: ApplicationCall): Promise<Revisions> {
  const open = sources.map((source, i) => ({ source, i })).filter(({ source }) => source.chart !== undefined || !SHA.test(source.targetRevision ?? ""));
  const exact = sources.map((source) => source.targetRevision ?? "");
  const shown = [...exact];
  if (open.length === 0) return { exact, shown };
  try {
    const { revisions } = await ctx.repo.resolve({ sources: open.map(({ source }) => sourceOf(source, projectNameOf(app), ctx)), noRevisionCache: true }, { signal });
    open.forEach(({ i }, at) => {
      exact[i] = revisions[at]?.revision ?? "";
      shown[i] = revisions[at]?.ambiguousRevision || exact[i];
    });
    return { exact, shown };
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code === Code.Canceled) throw error;
    throw failedPrecondition(`error resolving repo revision: ${error.message}`, error.reason);
  }
}

/** A list on the wire is `{items: […]}`; JSON knows it bare. */
function optionList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return ((value as { items?: string[] }).items ?? []).map(String);
}

function enforcesIntegrity({ project }: ApplicationCall): boolean {
  const spec = project.spec as { signatureKeys?: unknown[]; sourceIntegrity?: { git?: { policies?: unknown[] } } };
  return Boolean(spec.signatureKeys?.length || spec.sourceIntegrity?.git?.policies?.length);
}

export type { Application };
