import { IN_CLUSTER, type ClusterConfig, type ClusterId } from "@trireme/api";
import { secretData, encodeBase64, type DataObject } from "../kube-data.ts";

/** A destination cluster. */
export interface Cluster {
  /** Uid of its Secret; "" for the control plane's own cluster without one. */
  id: string;
  /** URL without trailing slashes: the cluster's identity everywhere. */
  server: ClusterId;
  name: string;
  config: ClusterConfig;
  /** Only these namespaces are watched; empty: the whole cluster. */
  namespaces: string[];
  /** With namespaces: cluster-scoped resources too. */
  clusterResources: boolean;
  project: string;
  shard?: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** RFC 3339; set when somebody asked for a fresh cache. */
  refreshRequestedAt?: string;
  skipReconcile: boolean;
  /** Name of its Secret; absent for the implicit one. */
  secret?: string;
  resourceVersion?: string;
}

export const IN_CLUSTER_NAME = "in-cluster";
const REFRESH = "argocd.argoproj.io/refresh";

/** All destination clusters, the control plane's own included unless switched off. */
export class Clusters {
  readonly all: readonly Cluster[];
  /** Secrets that could not be read, by name. */
  readonly problems: readonly { secret: string; message: string }[];

  constructor(all: readonly Cluster[], problems: readonly { secret: string; message: string }[] = []) {
    this.all = all;
    this.problems = problems;
  }

  byServer(server: string): Cluster | undefined {
    const wanted = trimServer(server);
    return this.all.find((cluster) => cluster.server === wanted);
  }

  /** All clusters of this name: a destination by name needs exactly one. */
  byName(name: string): readonly Cluster[] {
    return this.all.filter((cluster) => cluster.name === name);
  }

  ofProject(project: string): readonly Cluster[] {
    return this.all.filter((cluster) => cluster.project !== "" && cluster.project === project);
  }
}

/** Reads the Secrets labelled as clusters. */
export function parseClusters(secrets: readonly DataObject[], options: { inClusterEnabled: boolean }): Clusters {
  const problems: { secret: string; message: string }[] = [];
  const found = [...secrets]
    .sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1))
    .flatMap((secret) => {
      try {
        return [clusterFromSecret(secret)];
      } catch (thrown) {
        problems.push({ secret: secret.metadata.name ?? "", message: (thrown as Error).message });
        return [];
      }
    })
    .filter((cluster) => options.inClusterEnabled || cluster.server !== IN_CLUSTER);
  const implicit = options.inClusterEnabled && !found.some((cluster) => cluster.server === IN_CLUSTER) ? [inCluster()] : [];
  return new Clusters([...found, ...implicit], problems);
}

/** One cluster Secret. Throws when its `config` is not JSON; the message never quotes it. */
export function clusterFromSecret(secret: DataObject): Cluster {
  const data = secretData(secret);
  const server = trimServer(data["server"] ?? "");
  const { "argocd.argoproj.io/secret-type": _type, ...labels } = secret.metadata.labels ?? {};
  const { "kubectl.kubernetes.io/last-applied-configuration": _applied, "managed-by": _managed, ...annotations } = secret.metadata.annotations ?? {};
  const shard = /^-?\d+$/.test(data["shard"] ?? "") ? Number(data["shard"]) : undefined;
  const refresh = annotations[REFRESH];
  return {
    id: secret.metadata.uid ?? "",
    server,
    name: data["name"] || server,
    config: parseConfig(data["config"] ?? "", secret.metadata.name ?? ""),
    namespaces: (data["namespaces"] ?? "").split(",").map((name) => name.trim()).filter((name) => name !== ""),
    clusterResources: data["clusterResources"] === "true",
    project: data["project"] ?? "",
    ...(shard !== undefined && { shard }),
    labels,
    annotations,
    ...(refresh !== undefined && !Number.isNaN(Date.parse(refresh)) && { refreshRequestedAt: refresh }),
    skipReconcile: /^(1|t|T|TRUE|true|True)$/.test(annotations["argocd.argoproj.io/skip-reconcile"] ?? ""),
    secret: secret.metadata.name ?? "",
    ...(secret.metadata.resourceVersion !== undefined && { resourceVersion: secret.metadata.resourceVersion }),
  };
}

/** The `data` of a Secret for this cluster. */
export function clusterToData(cluster: Pick<Cluster, "server" | "name" | "config"> & Partial<Cluster>): Record<string, string> {
  const text: Record<string, string> = { server: trimServer(cluster.server), name: cluster.name || cluster.server, config: JSON.stringify(cluster.config) };
  if (cluster.namespaces?.length) text["namespaces"] = cluster.namespaces.join(",");
  if (cluster.clusterResources) text["clusterResources"] = "true";
  if (cluster.project) text["project"] = cluster.project;
  if (cluster.shard !== undefined) text["shard"] = String(cluster.shard);
  return Object.fromEntries(Object.entries(text).map(([key, value]) => [key, encodeBase64(value)]));
}

export function inCluster(): Cluster {
  return { id: "", server: IN_CLUSTER, name: IN_CLUSTER_NAME, config: { tlsClientConfig: { insecure: false } }, namespaces: [], clusterResources: false, project: "", labels: {}, annotations: {}, skipReconcile: false };
}

export function trimServer(server: string): string {
  return server.replace(/\/+$/, "");
}

function parseConfig(text: string, secret: string): ClusterConfig {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The parser's message would quote the text, and the text holds credentials.
  }
  throw new Error(`cluster secret ${secret}: config is not a JSON object`);
}
