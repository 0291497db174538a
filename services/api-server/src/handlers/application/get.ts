import type { Application } from "@trireme/api/argo";
import { AppError, asAppError, Code } from "@trireme/runtime";
import type { Context } from "../../context.ts";
import { invalid } from "../../errors.ts";
import { unary } from "../rpc.ts";
import { forApplication, type ApplicationCall } from "./access.ts";
import { withResourceHealth } from "./resources/resource-health.ts";
import { projectsOf } from "./queries.ts";
import { decided, mergePatch } from "./write.ts";

const REFRESH = "argocd.argoproj.io/refresh";
const HYDRATE = "argocd.argoproj.io/hydrate";
/** Rendering, comparing and a slow cluster included. */
const REFRESH_MS = 120_000;

/** One application; with `refresh`, as it is after the controller has compared it again. */
export const get = unary<ApplicationCall>(
  forApplication("get", (request) => ({ name: request.name ?? "", namespace: request.appNamespace, project: soleProject(request) })),
  async (request, { app, ctx, signal }) => {
    const now = request.refresh === undefined || request.refresh === "" ? app : await refreshed(app, request.refresh === "hard" ? "hard" : "normal", ctx, signal);
    return withResourceHealth(now, ctx, signal);
  },
);

function soleProject(request: any): string | undefined {
  const projects = projectsOf(request);
  if (projects.length > 1) throw invalid("multiple projects specified - the get endpoint accepts either zero or one project");
  return projects[0];
}

/**
 * Asks the controller for a comparison by the annotation that every client knows, and waits until it
 * took the annotation away. Fails with DeadlineExceeded when it does not.
 */
export async function refreshed(app: Application, type: "normal" | "hard", ctx: Context, signal: AbortSignal): Promise<Application> {
  const { namespace = "", name = "" } = app.metadata;
  const waiting = new AbortController();
  const over = AbortSignal.any([signal, waiting.signal, AbortSignal.timeout(REFRESH_MS)]);
  const events = ctx.applications.changes(over)[Symbol.asyncIterator]();
  try {
    // Listening starts with the first step, so that the answer cannot come before we listen.
    let next = events.next();
    const annotations = { [REFRESH]: type, [HYDRATE]: type };
    const asked = await decided(app, ctx, signal, (current) => mergePatch(current, { metadata: { annotations } }, ctx, signal));
    const since = BigInt(asked.metadata.resourceVersion ?? "0");
    for (;;) {
      const { value: event, done } = await next;
      if (done === true) throw new AppError(signal.aborted ? "application refresh deadline exceeded" : `application refresh deadline exceeded: the application controller did not compare ${namespace}/${name} within ${REFRESH_MS / 1000} s`, { reason: "DeadlineExceeded", code: Code.DeadlineExceeded });
      const { object } = event;
      if (object.metadata.name === name && object.metadata.namespace === namespace) {
        if (event.type === "deleted") throw new AppError(`application ${name} was deleted while it was being refreshed`, { reason: "NotFound", code: Code.NotFound, retry: "never" });
        if (BigInt(object.metadata.resourceVersion ?? "0") > since && object.metadata.annotations?.[REFRESH] === undefined) return object;
      }
      next = events.next();
    }
  } catch (thrown) {
    throw asAppError(thrown);
  } finally {
    waiting.abort();
    await events.return?.(undefined);
  }
}
