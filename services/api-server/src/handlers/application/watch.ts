import type { Application } from "@trireme/api/argo";
import { stream, filter } from "../rpc.ts";
import { rbacName } from "./access.ts";
import { preparedApplication } from "./prepared.ts";
import { withResourceHealth } from "./resources/resource-health.ts";
import { applicationFilter } from "./queries.ts";

const TYPES = { added: "ADDED", modified: "MODIFIED", deleted: "DELETED" } as const;

/**
 * Changes of applications that the caller may see. Without a resourceVersion, and whenever one
 * application is named, what is there comes first as ADDED: nobody who waits for one misses anything.
 * Permission is asked for each event, so that a policy that changes takes effect at once.
 */
export const watch = stream(filter("applications"), async function* (request, { ctx, caller, signal }) {
  const wanted = applicationFilter(request.name ? { ...request, appNamespace: request.appNamespace || ctx.namespace } : request);
  const since = /^\d+$/.test(request.resourceVersion ?? "") ? BigInt(request.resourceVersion) : 0n;
  const permitted = (app: Application) => BigInt(app.metadata.resourceVersion ?? "0") >= since && wanted.matches(app) && caller.allows("applications", "get", rbacName(app, ctx.namespace));
  const shown = async (app: Application) => (request.name ? withResourceHealth(app, ctx, signal) : preparedApplication(app));

  const events = ctx.applications.changes(signal)[Symbol.asyncIterator]();
  try {
    // The first step subscribes: what happens while the present state is sent is not lost.
    let next = events.next();
    if (!request.resourceVersion || request.name) for (const app of ctx.applications.list()) if (permitted(app)) yield { type: "ADDED", application: await shown(app) };
    for (;;) {
      const { value: event, done } = await next;
      if (done === true) return;
      next = events.next();
      if (permitted(event.object)) yield { type: TYPES[event.type], application: await shown(event.object) };
    }
  } finally {
    await events.return?.(undefined);
  }
});
