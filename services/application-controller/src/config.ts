import { hostname } from "node:os";
import { EnvironmentReader } from "@trireme/runtime";
import type { TlsFiles } from "@trireme/rpc";

export interface Config {
  /** Where Argo's own objects live. */
  namespace: string;
  /** Other namespaces whose applications are reconciled: globs, or `/regular expressions/`. */
  applicationNamespaces: readonly string[];
  kubeconfig: string | undefined;
  repoServer: { address: string; timeoutMs: number };
  redis: { address: string; db: number; password: string | undefined; prefix: string | undefined } | undefined;
  keysFile: string | undefined;
  listen: { host: string; port: number };
  /** Probes and metrics. */
  probes: { host: string; port: number };
  tls: TlsFiles | undefined;
  log: { level: string; format: "json" | "text" };
  shard: number;
  replicas: number;
  shardingAlgorithm: "legacy" | "round-robin" | "consistent-hashing";
  /** Stable name under which shards are held. */
  replicaName: string;
  /** Reconciles even where Argo CD's own controller is installed. */
  takeover: boolean;
  /** Overrides argocd-cm's timeout.reconciliation when set. */
  reconciliation: { timeoutMs: number | undefined; jitterMs: number | undefined; hardTimeoutMs: number | undefined };
  selfHeal: { initialMs: number; factor: number; capMs: number };
  syncTimeoutMs: number;
  waveDelayMs: number;
  repoErrorGraceMs: number;
  kubectlParallelism: number;
  statusProcessors: number;
  /** Longest that the first list of a cluster's kinds may take before its applications are Unknown. */
  clusterSyncTimeoutMs: number;
  persistResourceHealth: boolean;
  events: readonly string[];
  rollouts: {
    /** Only Rollouts with this `controller-instance-id`; empty: only those without one. */
    instanceId: string;
    /** Reconciles even where Argo Rollouts' own controller holds its Lease. */
    takeover: boolean;
  };
  analysis: { prometheusAddress: string | undefined; jobNamespace: string | undefined };
}

/** The only reader of the environment; a bad value stops the process with every bad name at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = new EnvironmentReader(env);
  const certificates = read.text("TRIREME_TLS_DIR");
  const redisAddress = read.text("REDIS_SERVER", "argocd-redis:6379");
  const seconds = (name: string, fallback: number) => read.integer(name, fallback, { min: 0 }) * 1000;
  const optionalDuration = (name: string) => (read.text(name) === undefined ? undefined : read.duration(name, 0));
  const replicas = read.integer("ARGOCD_CONTROLLER_REPLICAS", 1, { min: 1, max: 1024 });
  const listen = address(read, "TRIREME_CONTROLLER_LISTEN_ADDRESS", "127.0.0.1:8085");
  return read.finish<Config>({
    namespace: read.text("TRIREME_NAMESPACE", "argocd"),
    applicationNamespaces: read.list("ARGOCD_APPLICATION_NAMESPACES"),
    kubeconfig: read.text("KUBECONFIG"),
    repoServer: { address: read.text("ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER", "argocd-repo-server:8081"), timeoutMs: seconds("ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER_TIMEOUT_SECONDS", 60) },
    redis: redisAddress === "" ? undefined : { address: redisAddress, db: read.integer("REDISDB", 0, { min: 0 }), password: read.secret("REDIS_PASSWORD"), prefix: read.text("TRIREME_QUEUE_PREFIX") },
    keysFile: read.text("TRIREME_KEYS_FILE"),
    listen,
    probes: address(read, "TRIREME_PROBES_ADDRESS", "127.0.0.1:8082"),
    tls: certificates === undefined ? undefined : { cert: `${certificates}/tls.crt`, key: `${certificates}/tls.key`, ca: `${certificates}/ca.crt` },
    log: { level: read.text("ARGOCD_APPLICATION_CONTROLLER_LOGLEVEL", "info"), format: read.oneOf("ARGOCD_APPLICATION_CONTROLLER_LOGFORMAT", ["json", "text"], "json") },
    replicas,
    shard: read.integer("ARGOCD_CONTROLLER_SHARD", ordinalOf(read.text("POD_NAME", hostname())) % replicas, { min: 0, max: replicas - 1 }),
    shardingAlgorithm: read.oneOf("ARGOCD_CONTROLLER_SHARDING_ALGORITHM", ["legacy", "round-robin", "consistent-hashing"], "legacy"),
    replicaName: read.text("POD_NAME", hostname()),
    takeover: read.boolean("TRIREME_TAKEOVER", false),
    reconciliation: { timeoutMs: optionalDuration("ARGOCD_RECONCILIATION_TIMEOUT"), jitterMs: optionalDuration("ARGOCD_RECONCILIATION_JITTER"), hardTimeoutMs: optionalDuration("ARGOCD_HARD_RECONCILIATION_TIMEOUT") },
    selfHeal: {
      initialMs: seconds("ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_BACKOFF_TIMEOUT_SECONDS", 2),
      factor: read.integer("ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_BACKOFF_FACTOR", 3, { min: 1 }),
      capMs: seconds("ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_BACKOFF_CAP_SECONDS", 300),
    },
    syncTimeoutMs: seconds("ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT", 0),
    waveDelayMs: seconds("ARGOCD_SYNC_WAVE_DELAY", 2),
    repoErrorGraceMs: seconds("ARGOCD_REPO_ERROR_GRACE_PERIOD_SECONDS", 180),
    kubectlParallelism: read.integer("ARGOCD_APPLICATION_CONTROLLER_KUBECTL_PARALLELISM_LIMIT", 20, { min: 1 }),
    statusProcessors: read.integer("ARGOCD_APPLICATION_CONTROLLER_STATUS_PROCESSORS", 20, { min: 1 }),
    clusterSyncTimeoutMs: read.duration("TRIREME_CLUSTER_SYNC_TIMEOUT", 10_000),
    persistResourceHealth: read.boolean("ARGOCD_APPLICATION_CONTROLLER_PERSIST_RESOURCE_HEALTH", false),
    events: read.list("ARGOCD_ENABLE_K8S_EVENT", ["all"]),
    rollouts: { instanceId: read.text("TRIREME_ROLLOUTS_INSTANCE_ID", ""), takeover: read.boolean("TRIREME_ROLLOUTS_TAKEOVER", false) },
    analysis: { prometheusAddress: read.text("ARGO_ROLLOUTS_PROMETHEUS_ADDRESS"), jobNamespace: read.text("ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE") },
  });
}

function address(read: EnvironmentReader, name: string, fallback: string): { host: string; port: number } {
  const text = read.text(name, fallback);
  const match = /^(\[[^\]]+\]|[^:]*):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65_535) {
    read.problem(`${name} must be host:port, got ${JSON.stringify(text)}`);
    return { host: "127.0.0.1", port: 0 };
  }
  return { host: match[1]!.replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(match[2]) };
}

/** The number that a StatefulSet ends its pods' names with; 0 where there is none. */
function ordinalOf(name: string): number {
  return Number(/-(\d{1,4})$/.exec(name)?.[1] ?? 0);
}
