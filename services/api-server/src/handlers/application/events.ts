import type { Application } from "@trireme/api/argo";
import type { Call } from "../rpc.ts";

/** Writes down who did what to an application, as an Event on it. */
export function recordApplication(app: Application, reason: string, what: string, { ctx, caller }: Call): void {
  const user = caller.username || "Unknown user";
  const { server, name, namespace } = app.spec.destination ?? {};
  ctx.events.record({ ...app, apiVersion: "argoproj.io/v1alpha1", kind: "Application" }, reason, `${user} ${what}`, {
    ...(caller.username !== "" && { user: caller.username }),
    ...(server && { "dest-server": server }),
    ...(name && { "dest-name": name }),
    ...(namespace && { "dest-namespace": namespace }),
  });
}
