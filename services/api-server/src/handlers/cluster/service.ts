import { IN_CLUSTER, type ClusterConfig } from "@trireme/api";
import { isAlreadyExists } from "@trireme/kube";
import { AppError, asAppError, Code, rfc3339 } from "@trireme/runtime";
import { clusterToData, fnv32a, IN_CLUSTER_NAME, trimServer, type Cluster } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { invalid, permissionDenied, unknown } from "../../errors.ts";
import { deleteOwnedSecret, writeTypedSecret } from "../../state/typed-secrets.ts";
import { destinationCluster } from "../application/write.ts";
import { canonical } from "../application/same-spec.ts";
import { filter, inside, unary, type Call, type Rpc } from "../rpc.ts";

const INFO_MS = 2_000;

/** What policies know a cluster by. */
export function clusterObject(cluster: { server: string; project?: string }): string {
  return cluster.project ? `${cluster.project}/${cluster.server}` : cluster.server;
}

const list = unary(filter("clusters"), async (request, { ctx, caller, signal }) => {
  const visible = ctx.settings.current().clusters.all.filter((cluster) => caller.allows("clusters", "get", clusterObject(cluster)) && (!request.server || cluster.server === trimServer(request.server)) && (!request.name || cluster.name === request.name));
  const infos = await infosOf(visible, ctx, signal);
  return { metadata: {}, items: visible.map((cluster) => shown(cluster, infos.get(cluster.server))) };
});

const get = unary(inside("the stored cluster carries the project", ["clusters", "get"]), async (request, call) => {
  const cluster = wanted(request, "get", call);
  const infos = await infosOf([cluster], call.ctx, call.signal);
  return shown(cluster, infos.get(cluster.server));
});

/** Registers a cluster, after its API server answered with the given credentials. */
const create = unary(inside("the object carries the project", ["clusters", "create"], ["clusters", "update"]), async (request, { ctx, caller, signal }) => {
  const sent = clusterOf(request.cluster);
  caller.require("clusters", "create", clusterObject(sent));
  const settings = ctx.settings.current();
  if (sent.server === IN_CLUSTER && !settings.inClusterEnabled) throw invalid("cannot register cluster: in-cluster has been disabled");
  await requireReachable(sent, ctx, signal);
  const existing = settings.clusters.byServer(sent.server);
  if (existing?.secret !== undefined) {
    if (canonical(comparable(existing)) !== canonical(comparable(sent))) {
      if (request.upsert !== true) throw invalid("existing cluster spec is different; use upsert flag to force update", "ClusterExists");
      caller.require("clusters", "update", clusterObject(existing));
      await writeTypedSecret(ctx, { name: existing.secret, type: "cluster", data: clusterToData(sent), create: false, signal });
    }
    return shown(sent, undefined);
  }
  try {
    await writeTypedSecret(ctx, { name: secretName(sent.server), type: "cluster", data: clusterToData(sent), labels: sent.labels, annotations: sent.annotations, create: true, signal });
  } catch (thrown) {
    if (isAlreadyExists(thrown)) throw new AppError(`cluster ${JSON.stringify(sent.server)} already exists`, { reason: "AlreadyExists", code: Code.AlreadyExists, retry: "never" });
    throw thrown;
  }
  return shown(sent, undefined);
});

/** Changes a cluster: whole, or only the named fields. */
const update = unary(inside("the stored cluster carries the project", ["clusters", "update"]), async (request, call) => {
  const { ctx, caller, signal } = call;
  const sent = clusterOf(request.cluster);
  const current = wanted({ server: sent.server, name: sent.name === sent.server ? "" : sent.name, id: request.id }, "update", call);
  const fields: string[] = request.updatedFields ?? [];
  const take = (field: keyof Cluster) => fields.length === 0 || fields.includes(field);
  const next: Cluster = { ...current, ...Object.fromEntries((["name", "config", "namespaces", "clusterResources", "project", "shard", "labels", "annotations"] as const).filter(take).map((field) => [field, sent[field]])) };
  if (next.project !== current.project) caller.require("clusters", "update", clusterObject(next));
  await requireReachable(next, ctx, signal);
  if (current.secret === undefined) await writeTypedSecret(ctx, { name: secretName(next.server), type: "cluster", data: clusterToData(next), labels: next.labels, annotations: next.annotations, create: true, signal });
  else await writeTypedSecret(ctx, { name: current.secret, type: "cluster", data: clusterToData(next), create: false, signal });
  return shown(next, undefined);
});

const remove = unary(inside("the stored cluster carries the project", ["clusters", "delete"]), async (request, call) => {
  const cluster = wanted(request, "delete", call);
  if (cluster.secret === undefined) throw invalid("the control plane's own cluster cannot be removed; set cluster.inClusterEnabled to false in argocd-cm");
  await deleteOwnedSecret(call.ctx, cluster.secret, call.signal);
  return {};
});

/** Has the controller forget what it knows of a cluster and list it again. */
const invalidateCache = unary(inside("the stored cluster carries the project", ["clusters", "update"]), async (request, call) => {
  const cluster = wanted(request, "update", call);
  const { ctx, signal } = call;
  const at = rfc3339(ctx.clock.now());
  if (cluster.secret !== undefined) {
    const ref = { group: "", version: "v1", kind: "Secret", namespace: ctx.namespace, name: cluster.secret };
    const written = await ctx.kube.patch(ref, "merge", { metadata: { resourceVersion: cluster.resourceVersion, annotations: { "argocd.argoproj.io/refresh": at } } }, { fieldManager: "argocd-server", signal });
    ctx.plane.secrets.observe(written);
  }
  return shown({ ...cluster, refreshRequestedAt: at }, undefined);
});

/** The cluster that a request names, or the same answer for absent and forbidden. */
function wanted(request: { server?: string; name?: string; id?: { type?: string; value?: string } }, action: string, { ctx, caller }: Call): Cluster {
  const { clusters } = ctx.settings.current();
  const { type = "", value = "" } = request.id ?? {};
  const byName = (name: string) => clusters.byName(name)[0];
  const unescaped = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const found =
    value !== ""
      ? type === "name" ? byName(value) : type === "name_escaped" ? byName(unescaped(value)) : clusters.byServer(unescaped(value))
      : request.server ? clusters.byServer(request.server) : byName(request.name ?? "");
  if (found === undefined || !caller.allows("clusters", action, clusterObject(found))) throw permissionDenied();
  return found;
}

interface Info {
  serverVersion?: string;
  connectionState?: unknown;
  cacheInfo?: unknown;
  applicationsCount?: number;
  apiVersions?: string[];
}

/** What the controllers know of clusters; a cluster without applications is watched by nobody. */
async function infosOf(clusters: readonly Cluster[], ctx: Context, signal: AbortSignal): Promise<Map<string, Info>> {
  const counts = applicationsPerCluster(ctx);
  const entries = await Promise.all(clusters.map(async (cluster) => [cluster.server, await infoOf(cluster, counts.get(cluster.server) ?? 0, ctx, signal)] as const));
  return new Map(entries);
}

async function infoOf(cluster: Cluster, applicationsCount: number, ctx: Context, signal: AbortSignal): Promise<Info> {
  const attemptedAt = rfc3339(ctx.clock.now());
  const limited = AbortSignal.any([signal, AbortSignal.timeout(INFO_MS)]);
  if (applicationsCount > 0) {
    try {
      const { infoJsonByServer } = await ctx.controllers.of(cluster).clusterInfo({ server: cluster.server }, { signal: limited });
      const json = infoJsonByServer[cluster.server];
      if (json !== undefined) return { ...(JSON.parse(String(json)) as Info), applicationsCount };
    } catch (thrown) {
      return { connectionState: { status: "Unknown", message: `the application controller did not answer: ${asAppError(thrown).message}`, attemptedAt }, cacheInfo: {}, applicationsCount };
    }
  }
  const unwatched = { connectionState: { status: "Unknown", message: "Cluster has no applications and is not being monitored.", attemptedAt }, cacheInfo: {}, applicationsCount };
  if (cluster.server !== IN_CLUSTER) return unwatched;
  try {
    const { serverVersion } = await ctx.destinations.of(cluster).discovery({ signal: limited });
    return { ...unwatched, serverVersion: serverVersion.gitVersion.replace(/^v/, "").replace(/[-+].*$/, "") };
  } catch {
    return unwatched;
  }
}

/** How many applications each cluster has, by URL. */
export function applicationsPerCluster(ctx: Context): Map<string, number> {
  const counts = new Map<string, number>();
  for (const app of ctx.applications.list()) {
    const server = destinationCluster(app, ctx)?.server;
    if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
  }
  return counts;
}

/** A cluster as anybody may see it: never what opens it. */
function shown(cluster: Cluster, info: Info | undefined) {
  const { tlsClientConfig, awsAuthConfig, proxyUrl, disableCompression } = cluster.config;
  return {
    server: cluster.server,
    name: cluster.name,
    config: {
      tlsClientConfig: { insecure: tlsClientConfig?.insecure ?? false, ...(tlsClientConfig?.serverName && { serverName: tlsClientConfig.serverName }) },
      ...(awsAuthConfig && { awsAuthConfig }),
      ...(disableCompression && { disableCompression }),
      ...(proxyUrl && { proxyUrl: proxyUrl.replace(/\/\/[^@/]*@/, "//") }),
    },
    ...(info?.connectionState !== undefined && { connectionState: info.connectionState }),
    ...(info?.serverVersion && { serverVersion: info.serverVersion }),
    namespaces: cluster.namespaces,
    ...(cluster.refreshRequestedAt !== undefined && { refreshRequestedAt: cluster.refreshRequestedAt }),
    ...(info !== undefined && { info }),
    ...(cluster.shard !== undefined && { shard: cluster.shard }),
    clusterResources: cluster.clusterResources,
    project: cluster.project,
    labels: cluster.labels,
    annotations: cluster.annotations,
  };
}

function comparable({ server, name, config, namespaces, clusterResources, project, shard, labels, annotations }: Cluster) {
  return { server, name, config, namespaces, clusterResources, project, shard, labels, annotations };
}

async function requireReachable(cluster: Cluster, ctx: Context, signal: AbortSignal): Promise<void> {
  try {
    await ctx.destinations.of(cluster).discovery({ refresh: true, signal });
  } catch (thrown) {
    const error = asAppError(thrown);
    throw unknown(`error getting k8s server version: ${error.message}`, error.reason, thrown);
  }
}

function clusterOf(sent: any): Cluster {
  const server = trimServer(String(sent?.server ?? ""));
  if (!/^https?:\/\/[^\s/]+/.test(server)) throw invalid(`cluster server must be an http or https URL, got ${JSON.stringify(server)}`);
  return {
    id: "",
    server,
    name: sent.name || (server === IN_CLUSTER ? IN_CLUSTER_NAME : server),
    config: (sent.config ?? {}) as ClusterConfig,
    namespaces: sent.namespaces ?? [],
    clusterResources: sent.clusterResources ?? false,
    project: sent.project ?? "",
    ...(sent.shard !== undefined && sent.shard !== null && { shard: sent.shard }),
    labels: sent.labels ?? {},
    annotations: sent.annotations ?? {},
    skipReconcile: false,
  };
}

/** `cluster-<host>-<hash>`. */
function secretName(server: string): string {
  const host = new URL(server).hostname.replace(/^\[|\]$/g, "").replaceAll(":", "-").toLowerCase();
  return `cluster-${host}-${fnv32a(server)}`;
}

export const clusterService: Record<string, Rpc> = { List: list, Get: get, Create: create, Update: update, Delete: remove, InvalidateCache: invalidateCache };
