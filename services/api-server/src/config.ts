import path from "node:path";
import { insideCluster } from "@trireme/kube";
import { parseRedisAddress, type RedisAddress } from "@trireme/queue";
import type { TlsFiles } from "@trireme/rpc";
import { EnvironmentReader } from "@trireme/runtime";

/** Everything that the environment tells this process; read once. */
export interface Config {
  listen: { host: string; port: number };
  probes: { host: string; port: number };
  /** Plain text on the public door. */
  insecure: boolean;
  /** Control-plane namespace; `undefined`: that of the kubeconfig or the pod, else argocd. */
  namespace: string | undefined;
  kubeconfig: string | undefined;
  /** Other namespaces whose Applications are served: globs or `/regex/`. */
  applicationNamespaces: readonly string[];
  repoServer: string;
  /** `host:port`; `{shard}` stands for the shard's number. */
  controller: string;
  controllerReplicas: number;
  shardingAlgorithm: "legacy" | "round-robin" | "consistent-hashing";
  internalTls: TlsFiles | undefined;
  /** Make and renew the keys and certificates of all three services as Secrets of the control-plane namespace. */
  makeTrust: boolean;
  redis: RedisAddress | undefined;
  keysFile: string | undefined;
  logins: { maxFailures: number; windowMs: number; maxEntries: number; maxConcurrent: number };
  contentTypes: readonly string[];
  gzip: boolean;
  rootPath: string;
  baseHref: string;
  frameOptions: string;
  staticAssets: string | undefined;
  disableAuth: boolean;
  syncWithReplaceAllowed: boolean;
  log: { level: string; format: "json" | "text" };
  /** Names that were read, for those who set them. */
  asked: readonly string[];
}

/** Reads the environment. Throws one error that names every bad variable. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const read = new EnvironmentReader(env);
  const tlsFolder = read.text("TRIREME_TLS_DIR");
  const replicas = read.integer("ARGOCD_API_SERVER_REPLICAS", 1, { min: 1, max: 1000 });
  const concurrent = read.integer("ARGOCD_MAX_CONCURRENT_LOGIN_REQUESTS_COUNT", 50, { min: 0 });
  const config: Config = {
    listen: address(read, "TRIREME_API_SERVER_LISTEN_ADDRESS", `${read.text("ARGOCD_SERVER_LISTEN_ADDRESS", insideCluster() ? "0.0.0.0" : "127.0.0.1")}:8080`),
    probes: address(read, "TRIREME_PROBES_ADDRESS", `${read.text("ARGOCD_SERVER_METRICS_LISTEN_ADDRESS", insideCluster() ? "0.0.0.0" : "127.0.0.1")}:8083`),
    insecure: read.boolean("ARGOCD_SERVER_INSECURE", false),
    namespace: read.text("TRIREME_NAMESPACE"),
    kubeconfig: read.text("KUBECONFIG"),
    applicationNamespaces: read.list("ARGOCD_APPLICATION_NAMESPACES"),
    repoServer: read.text("ARGOCD_SERVER_REPO_SERVER", "argocd-repo-server:8081"),
    controller: read.text("TRIREME_CONTROLLER_ADDRESS", "argocd-application-controller-{shard}.argocd-application-controller:8085"),
    controllerReplicas: read.integer("ARGOCD_CONTROLLER_REPLICAS", 1, { min: 1, max: 1000 }),
    shardingAlgorithm: read.oneOf("ARGOCD_CONTROLLER_SHARDING_ALGORITHM", ["legacy", "round-robin", "consistent-hashing"], "legacy"),
    internalTls: tlsFolder === undefined ? undefined : { cert: path.join(tlsFolder, "tls.crt"), key: path.join(tlsFolder, "tls.key"), ca: path.join(tlsFolder, "ca.crt") },
    makeTrust: read.boolean("TRIREME_MAKE_TRUST", false),
    redis: redis(read),
    keysFile: read.text("TRIREME_KEYS_FILE"),
    logins: {
      maxFailures: read.integer("ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT", 5, { min: 1 }),
      windowMs: read.integer("ARGOCD_SESSION_FAILURE_WINDOW_SECONDS", 300, { min: 0 }) * 1000,
      maxEntries: read.integer("ARGOCD_SESSION_MAX_CACHE_SIZE", 10_000, { min: 1 }),
      maxConcurrent: concurrent === 0 ? Infinity : Math.max(1, Math.floor(concurrent / replicas)),
    },
    contentTypes: (read.text("ARGOCD_API_CONTENT_TYPES") ?? "application/json").split(";").map((type) => type.trim().toLowerCase()).filter((type) => type !== ""),
    gzip: read.boolean("ARGOCD_SERVER_ENABLE_GZIP", true),
    rootPath: read.text("ARGOCD_SERVER_ROOTPATH", "").replace(/^\/+|\/+$/g, ""),
    baseHref: read.text("ARGOCD_SERVER_BASEHREF", "/"),
    frameOptions: read.text("ARGOCD_SERVER_X_FRAME_OPTIONS", "sameorigin"),
    staticAssets: read.text("ARGOCD_SERVER_STATIC_ASSETS"),
    disableAuth: read.boolean("ARGOCD_SERVER_DISABLE_AUTH", false),
    syncWithReplaceAllowed: read.boolean("ARGOCD_SYNC_WITH_REPLACE_ALLOWED", true),
    log: { level: read.oneOf("ARGOCD_SERVER_LOG_LEVEL", ["trace", "debug", "info", "warn", "error"], "info"), format: read.oneOf("ARGOCD_SERVER_LOGFORMAT", ["json", "text"], "json") },
    asked: [],
  };
  return read.finish({ ...config, asked: [...read.asked] });
}

function address(read: EnvironmentReader, name: string, fallback: string): { host: string; port: number } {
  const text = read.text(name, fallback);
  const match = /^\[?([^\]]*?)\]?:(\d{1,5})$/.exec(text);
  const port = Number(match?.[2] ?? NaN);
  if (match === null || port > 65_535) {
    read.problem(`${name} must be host:port, got ${JSON.stringify(text)}`);
    return { host: "127.0.0.1", port: 0 };
  }
  return { host: match[1] || "0.0.0.0", port };
}

function redis(read: EnvironmentReader): RedisAddress | undefined {
  const text = read.text("REDIS_SERVER");
  const password = read.secret("REDIS_PASSWORD");
  const username = read.text("REDIS_USERNAME");
  const db = read.integer("REDISDB", 0, { min: 0 });
  if (text === undefined) return undefined;
  try {
    return { ...parseRedisAddress(text), ...(password !== undefined && { password }), ...(username !== undefined && { username }), ...(db !== 0 && { db }) };
  } catch (thrown) {
    read.problem((thrown as Error).message);
    return undefined;
  }
}
