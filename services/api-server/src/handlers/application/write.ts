import { isConflict } from "@trireme/kube";
import type { Application, Operation } from "@trireme/api/argo";
import { AppError, Code } from "@trireme/runtime";
import type { Context } from "../../context.ts";
import { failedPrecondition, objectNotFound } from "../../errors.ts";
import { APPLICATION } from "../../state/resources.ts";

const ATTEMPTS = 10;
const MANAGER = "argocd-server";

/**
 * Writes an application as `change` makes it from the newest one; a lost race is read again and decided
 * again. The change never touches `status`, which is the controller's.
 */
export async function updateApplication(app: Application, change: (current: Application) => Application, ctx: Context, signal: AbortSignal): Promise<Application> {
  return decided(app, ctx, signal, (current) => ctx.kube.update<Application>({ ...change(current), apiVersion: "argoproj.io/v1alpha1", kind: "Application" }, { fieldManager: MANAGER, signal }));
}

/**
 * Puts an operation on an application and wakes its owner. Throws FailedPrecondition while another one
 * is in progress.
 */
export async function startOperation(app: Application, operation: Operation, ctx: Context, signal: AbortSignal): Promise<Application> {
  const written = await decided(app, ctx, signal, (current) => {
    if (current.operation !== undefined && current.operation !== null) throw failedPrecondition("another operation is already in progress", "OperationInProgress");
    if (current.metadata.deletionTimestamp !== undefined) throw failedPrecondition("application is deleting");
    return mergePatch(current, { operation, status: { operationState: null } }, ctx, signal);
  });
  await wake(written, ctx);
  return written;
}

/** The phase `Terminating` is all that a person may write into an operation's state. */
export async function terminateOperation(app: Application, none: () => AppError, ctx: Context, signal: AbortSignal): Promise<Application> {
  const written = await decided(app, ctx, signal, (current) => {
    if (!current.operation || !current.status?.operationState) throw none();
    return mergePatch(current, { status: { operationState: { phase: "Terminating" } } }, ctx, signal);
  });
  await wake(written, ctx);
  return written;
}

/** A merge patch that fails with Conflict when the application has moved on. */
export function mergePatch(app: Application, patch: Record<string, unknown>, ctx: Context, signal: AbortSignal): Promise<Application> {
  const { metadata, ...rest } = patch as { metadata?: Record<string, unknown> };
  const body = { ...rest, metadata: { ...metadata, resourceVersion: app.metadata.resourceVersion } };
  return ctx.kube.patch<Application>(refOf(app), "merge", body, { fieldManager: MANAGER, signal });
}

/** Runs a write on the newest application until it wins. */
export async function decided(app: Application, ctx: Context, signal: AbortSignal, write: (current: Application) => Promise<Application>): Promise<Application> {
  let current = app;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const written = await write(current);
      ctx.applications.observe(written);
      return written;
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
      const found = await ctx.kube.find<Application>(refOf(app), { signal });
      if (found === undefined || found.metadata.uid !== app.metadata.uid) throw objectNotFound("applications", app.metadata.name ?? "");
      current = found;
    }
  }
  throw new AppError(`application ${app.metadata.namespace}/${app.metadata.name} changed ${ATTEMPTS} times while it was being written. Too many conflicts`, { reason: "TooManyConflicts", code: Code.Internal, retry: "now" });
}

export function refOf(app: Application) {
  return { ...APPLICATION, namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" };
}

/** The owner sees the operation by its watch in any case; the job only saves the way. */
async function wake(app: Application, ctx: Context): Promise<void> {
  const { namespace = "", name = "", uid = "" } = app.metadata;
  const shard = ctx.controllers.shardOf(destinationCluster(app, ctx));
  await ctx.queue?.add("sync", shard, { namespace, name, uid });
}

/** The destination cluster, where it is known and unambiguous. */
export function destinationCluster(app: Application, ctx: Context) {
  const { server, name } = app.spec.destination ?? {};
  const { clusters } = ctx.settings.current();
  if (server) return clusters.byServer(server);
  const named = name ? clusters.byName(name) : [];
  return named.length === 1 ? named[0] : undefined;
}
