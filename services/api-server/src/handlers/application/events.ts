import { gvkOf, IN_CLUSTER, type KubeObject } from "@trireme/api";
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

/**
 * Writes down what was done to a resource, as an Event on it. Argo CD 3.5 writes it into its own namespace, where the API
 * server refuses Events of another one; it stands beside the resource, and only where that is in the control plane's
 * cluster: other clusters may not let Events be written.
 */
function recordResource(object: KubeObject, cluster: string, reason: string, what: string, { ctx, caller }: Call): void {
  if (cluster !== IN_CLUSTER) return;
  ctx.events.record(object, reason, `${caller.username || "Unknown user"} ${what}`, caller.username === "" ? {} : { user: caller.username });
}

/** Both: on the resource, and on the application that it is part of, where it is part of one. */
export function recordOnResource(app: Application | undefined, object: KubeObject, cluster: string, reason: string, what: string, call: Call): void {
  recordResource(object, cluster, reason, what, call);
  const { group, kind } = gvkOf(object);
  if (app !== undefined) recordApplication(app, reason, `${what} on resource ${group}/${kind}/${object.metadata.name}`, call);
}
