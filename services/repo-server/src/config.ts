import path from "node:path";
import { EnvironmentReader, type Keys, parseKeys, AppError, Code } from "@trireme/runtime";
import { parseRedisAddress, type RedisAddress } from "@trireme/queue";
import { readFileSync } from "node:fs";

export interface Config {
  listen: { host: string; port: number };
  probes: { host: string; port: number };
  tls?: { cert: string; key: string; ca: string };
  /** Folder for fetched objects, charts and rendered sets. */
  dataFolder: string;
  redis?: RedisAddress;
  /** Seal what is kept outside memory; absent: nothing is kept. */
  keys?: Keys;
  /** How long a server's list of refs is good for callers that do not insist, in milliseconds. */
  revisionCacheMs: number;
  /** How long rendered sets stay, in milliseconds. */
  renderCacheMs: number;
  /** Rendered sets and inputs on disk, in bytes. */
  renderCacheBytes: number;
  gitRequestTimeoutMs: number;
  gitFetchTimeoutMs: number;
  maxPackBytes: number;
  maxStoreBytes: number;
  exec: { timeoutMs: number; fatalTimeoutMs: number; parallelism: number; maxOutputBytes: number };
  /** Program names or paths. Kustomize is a `kustomize`, or a `kubectl` that has one inside. */
  binaries: { helm: string; kustomize: string; helm3: string };
  /** Default of the combined size of plain manifests, in bytes; 0: none. */
  maxCombinedManifestBytes: number;
  /** Largest chart, extracted; 0: none. */
  maxChartBytes: number;
  logLevel: string;
  logFormat: "json" | "text";
}

/** The only reader of the environment. @throws AppError InvalidConfiguration naming every bad variable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const env = new EnvironmentReader(environment);
  const tlsFolder = env.text("TRIREME_TLS_DIR");
  const redis = env.text("REDIS_SERVER");
  const redisPassword = env.secret("REDIS_PASSWORD");
  const keysFile = env.text("TRIREME_KEYS_FILE");
  const bytes = (name: string, fallback: number): number => {
    const text = env.text(name);
    if (text === undefined) return fallback;
    const value = parseQuantity(text);
    if (value === undefined) env.problem(`${name} must be a size such as 10M or 1Gi, got ${JSON.stringify(text)}`);
    return value ?? fallback;
  };
  return env.finish({
    listen: address(env, "TRIREME_REPO_SERVER_LISTEN_ADDRESS", "127.0.0.1:8081"),
    probes: address(env, "TRIREME_PROBES_ADDRESS", "127.0.0.1:8084"),
    ...(tlsFolder === undefined ? {} : { tls: { cert: path.join(tlsFolder, "tls.crt"), key: path.join(tlsFolder, "tls.key"), ca: path.join(tlsFolder, "ca.crt") } }),
    dataFolder: env.text("TRIREME_REPO_SERVER_DATA", "/var/lib/trireme/repo-server"),
    ...(redis === undefined ? {} : { redis: { ...redisAddress(env, redis), ...(redisPassword === undefined ? {} : { password: redisPassword }), db: env.integer("REDISDB", 0, { min: 0 }) } }),
    ...(keysFile === undefined ? {} : readKeys(env, keysFile)),
    revisionCacheMs: env.duration("ARGOCD_RECONCILIATION_TIMEOUT", 180_000),
    renderCacheMs: env.duration("ARGOCD_REPO_CACHE_EXPIRATION", 24 * 3_600_000),
    renderCacheBytes: bytes("TRIREME_RENDER_CACHE_SIZE", 2 * 1024 ** 3),
    gitRequestTimeoutMs: env.duration("ARGOCD_GIT_REQUEST_TIMEOUT", 15_000),
    gitFetchTimeoutMs: env.duration("TRIREME_GIT_FETCH_TIMEOUT", 90_000),
    maxPackBytes: bytes("TRIREME_GIT_MAX_PACK_SIZE", 1024 ** 3),
    maxStoreBytes: bytes("TRIREME_GIT_MAX_STORE_SIZE", 2 * 1024 ** 3),
    exec: {
      timeoutMs: env.duration("ARGOCD_EXEC_TIMEOUT", 90_000),
      fatalTimeoutMs: env.duration("ARGOCD_EXEC_FATAL_TIMEOUT", 10_000),
      parallelism: env.integer("ARGOCD_REPO_SERVER_PARALLELISM_LIMIT", 0, { min: 0 }),
      maxOutputBytes: bytes("TRIREME_EXEC_MAX_OUTPUT_SIZE", 128 * 1024 * 1024),
    },
    binaries: { helm: env.text("TRIREME_HELM_BINARY", "helm"), kustomize: env.text("TRIREME_KUSTOMIZE_BINARY", "kustomize"), helm3: env.text("TRIREME_HELM3_BINARY", "helm3") },
    maxCombinedManifestBytes: bytes("ARGOCD_REPO_SERVER_MAX_COMBINED_DIRECTORY_MANIFESTS_SIZE", 10_000_000),
    maxChartBytes: bytes("ARGOCD_REPO_SERVER_HELM_MANIFEST_MAX_EXTRACTED_SIZE", 1_000_000_000),
    logLevel: env.oneOf("ARGOCD_REPO_SERVER_LOGLEVEL", ["trace", "debug", "info", "warn", "error"], "info"),
    logFormat: env.oneOf("ARGOCD_REPO_SERVER_LOGFORMAT", ["json", "text"], "json"),
  });
}

/** Kubernetes' quantities in bytes: `10M`, `1Gi`, `500`. */
export function parseQuantity(text: string): number | undefined {
  const match = /^(\d{1,15})(?:([kKMGT])(i?)B?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const power = match[2] === undefined ? 0 : " KMGT".indexOf(match[2].toUpperCase());
  return Number(match[1]) * (match[3] === "i" ? 1024 : 1000) ** power;
}

function address(env: EnvironmentReader, name: string, fallback: string): { host: string; port: number } {
  const text = env.text(name, fallback);
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3] ?? NaN);
  if (match === null || port > 65_535) {
    env.problem(`${name} must be host:port, got ${JSON.stringify(text)}`);
    return { host: "127.0.0.1", port: 0 };
  }
  return { host: match[1] ?? (match[2] === "" ? "0.0.0.0" : match[2]!), port };
}

function redisAddress(env: EnvironmentReader, text: string): RedisAddress {
  try {
    return parseRedisAddress(text);
  } catch (error) {
    env.problem((error as Error).message);
    return { host: "127.0.0.1", port: 6379 };
  }
}

function readKeys(env: EnvironmentReader, file: string): { keys?: Keys } {
  try {
    return { keys: parseKeys(readFileSync(file, "utf8"), file) };
  } catch (error) {
    env.problem(error instanceof AppError && error.code === Code.FailedPrecondition ? error.message : `TRIREME_KEYS_FILE: ${(error as Error).message}`);
    return {};
  }
}
