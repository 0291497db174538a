import type { Operation } from "@trireme/api/argo";
import { failedPrecondition, invalid } from "../../../errors.ts";
import { unary } from "../../rpc.ts";
import { forApplication, type ApplicationCall } from "../access.ts";
import { isAutomated } from "./automated.ts";
import { recordApplication } from "../events.ts";
import { withResourceHealth } from "../resources/resource-health.ts";
import { startOperation } from "../write.ts";

/** Applies what a history entry deployed, without its hooks; the spec stays, so the application is OutOfSync afterwards. */
export const rollback = unary<ApplicationCall>(forApplication("sync"), async (request, call) => {
  const { app, ctx, caller, signal } = call;
  if (app.metadata.deletionTimestamp !== undefined) throw failedPrecondition("application is deleting");
  if (isAutomated(app)) throw failedPrecondition("rollback cannot be initiated when auto-sync is enabled", "AutomatedSync");
  const id = request.id ?? 0;
  const entry = (app.status?.history ?? []).find((one) => (one.id ?? 0) === id);
  if (entry === undefined) throw invalid(`application ${app.metadata.namespace}/${app.metadata.name} does not have deployment with id ${id}`, "UnknownHistoryEntry");
  const { revision, revisions, source, sources } = entry;
  if (!source?.repoURL && !sources?.length) throw failedPrecondition("cannot rollback to revision deployed with Argo CD v0.11 or lower. sync to revision instead.");

  const operation: Operation = {
    sync: {
      ...(revision && { revision }),
      ...(revisions?.length && { revisions }),
      ...(request.dryRun === true && { dryRun: true }),
      ...(request.prune === true && { prune: true }),
      ...(app.spec.syncPolicy?.syncOptions?.length && { syncOptions: app.spec.syncPolicy.syncOptions }),
      syncStrategy: { apply: {} },
      ...(sources?.length ? { sources } : { source: source! }),
    },
    initiatedBy: { ...(caller.username !== "" && { username: caller.username }) },
    retry: {},
  };
  const written = await startOperation(app, operation, ctx, signal);
  recordApplication(written, "OperationStarted", `initiated rollback to ${id}`, call);
  return withResourceHealth(written, ctx, signal);
});
