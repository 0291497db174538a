import type { Application, AppProject } from "@trireme/api/argo";
import { impersonatedAccount } from "@trireme/gitops";
import type { KubeClient } from "@trireme/kube";
import type { Cluster } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { notFound, unknown } from "../../errors.ts";

/** Why a destination cannot be used, in Argo CD's words. */
export function resolveDestination(app: Application, ctx: Context): { cluster: Cluster } | { problem: string } {
  const { server, name } = app.spec.destination ?? {};
  const { clusters } = ctx.settings.current();
  if (server && name) return { problem: `application destination can't have both name and server defined: ${name} ${server}` };
  if (server) {
    const cluster = clusters.byServer(server);
    return cluster === undefined ? { problem: `error getting cluster by server ${JSON.stringify(server)}: rpc error: code = NotFound desc = cluster ${JSON.stringify(server)} not found` } : { cluster };
  }
  if (!name) return { problem: "Destination server missing from app spec" };
  const named = clusters.byName(name);
  if (named.length > 1) return { problem: `there are ${named.length} clusters with the same name: [${named.map((one) => one.server).join(" ")}]` };
  return named[0] === undefined ? { problem: `there are no clusters with this name: ${name}` } : { cluster: named[0] };
}

/** A client of the application's cluster as whom its project says, for what a user asked to see or do there. */
export function destinationClient(app: Application, project: AppProject, ctx: Context): { client: KubeClient; cluster: Cluster } {
  const found = resolveDestination(app, ctx);
  if ("problem" in found) throw notFound(found.problem);
  const { cluster } = found;
  const client = ctx.destinations.of(cluster);
  const { impersonation } = ctx.settings.current();
  if (!impersonation.enabled) return { client, cluster };
  const namespace = app.spec.destination.namespace ?? "";
  const account = impersonatedAccount(project, cluster, namespace);
  if (account !== "") return { client: client.as({ username: account }), cluster };
  if (impersonation.enforced) throw unknown(`no matching service account found for destination server ${cluster.server} and namespace ${namespace}`, "NoServiceAccount");
  return { client, cluster };
}
