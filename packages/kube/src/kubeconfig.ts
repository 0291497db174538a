import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, resolve } from "node:path";
import { load } from "js-yaml";
import { basicAuthorization, renewedCredentials, staticCredentials, type Connection, type Credentials } from "./connection.ts";
import { KubeCredentialsError } from "./errors.ts";
import { runExecPlugin } from "./exec-credentials.ts";

interface Named<T> {
  name: string;
  value: T;
  /** Folder of the file it stands in: relative paths start there. */
  dir: string;
  file: string;
}

interface ClusterEntry {
  server: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
  "proxy-url"?: string;
}

interface UserEntry {
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  exec?: { command: string; args?: string[]; env?: { name: string; value: string }[]; apiVersion?: string; installHint?: string; provideClusterInfo?: boolean };
  "auth-provider"?: { name: string; config?: Record<string, string> };
  as?: string;
  "as-groups"?: string[];
}

interface Kubeconfig {
  files: string[];
  currentContext: string | undefined;
  contexts: Named<{ cluster: string; user?: string; namespace?: string }>[];
  clusters: Named<ClusterEntry>[];
  users: Named<UserEntry>[];
}

const SERVICE_ACCOUNT_DIR = "/var/run/secrets/kubernetes.io/serviceaccount";
/** Token files and certificate files are read again after this long, as client-go does. */
const FILES_MS = 60_000;

/**
 * The connection of a kubeconfig's context (default: its current one). Without a path: the files of
 * KUBECONFIG, else the pod's own service account, else ~/.kube/config.
 * Throws KubeCredentialsError naming the file and what is missing in it.
 */
export async function loadKubeconfig(path?: string, context?: string): Promise<Connection> {
  if (path === undefined && !process.env["KUBECONFIG"] && insideCluster()) return inClusterConnection();
  const files = path !== undefined ? [path] : (process.env["KUBECONFIG"] || resolve(homedir(), ".kube/config")).split(delimiter).filter(Boolean);
  return connectionOf(await readFiles(files, path !== undefined), context);
}

/** Whether this process runs in a pod with a service account. */
export function insideCluster(): boolean {
  return Boolean(process.env["KUBERNETES_SERVICE_HOST"]) && existsSync(`${SERVICE_ACCOUNT_DIR}/token`);
}

/** The pod's own service account. The token file is read again as the kubelet rotates it. */
export async function inClusterConnection(dir = SERVICE_ACCOUNT_DIR): Promise<Connection> {
  const host = process.env["KUBERNETES_SERVICE_HOST"];
  const port = process.env["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (!host) throw new KubeCredentialsError("KUBERNETES_SERVICE_HOST is not set: this process runs in no pod", { retry: "never" });
  return serviceAccountConnection({ server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`, dir });
}

/** A service account as it is mounted into pods: `token`, `ca.crt` and `namespace` in a folder. */
export async function serviceAccountConnection(options: { server: string; dir: string }): Promise<Connection> {
  const namespace = await readFile(`${options.dir}/namespace`, "utf8").catch(() => undefined);
  return {
    server: options.server,
    tls: { ca: await readText(`${options.dir}/ca.crt`, "the service account's certificate authority") },
    ...(namespace && { namespace: namespace.trim() }),
    credentials: tokenFile(`${options.dir}/token`),
  };
}

async function connectionOf(config: Kubeconfig, wanted: string | undefined): Promise<Connection> {
  const files = config.files.join(", ");
  const name = wanted ?? config.currentContext;
  if (!name) throw new KubeCredentialsError(`${files} has no current-context`, { retry: "never" });
  const context = config.contexts.find((entry) => entry.name === name);
  if (!context) throw new KubeCredentialsError(`${files} has no context ${JSON.stringify(name)}; it has ${config.contexts.map((entry) => entry.name).join(", ") || "none"}`, { retry: "never" });
  const cluster = config.clusters.find((entry) => entry.name === context.value.cluster);
  if (!cluster?.value.server) throw new KubeCredentialsError(`${context.file}: context ${name} names the cluster ${JSON.stringify(context.value.cluster)}, which is not there or has no server`, { retry: "never" });
  const user = config.users.find((entry) => entry.name === context.value.user);
  if (context.value.user && !user) throw new KubeCredentialsError(`${context.file}: context ${name} names the user ${JSON.stringify(context.value.user)}, which is not there`, { retry: "never" });

  const ca = await dataOrFile(cluster.value["certificate-authority-data"], cluster.value["certificate-authority"], cluster.dir);
  const insecure = cluster.value["insecure-skip-tls-verify"] === true;
  const connection = {
    server: cluster.value.server.replace(/\/+$/, ""),
    tls: { ...(ca && !insecure && { ca }), ...(insecure && { insecure }), ...(cluster.value["tls-server-name"] && { serverName: cluster.value["tls-server-name"] }) },
    ...(cluster.value["proxy-url"] && { proxyUrl: cluster.value["proxy-url"] }),
    ...(context.value.namespace && { namespace: context.value.namespace }),
  };
  return { ...connection, credentials: user ? await credentialsOf(user, connection, { ...(ca && { ca }), contextName: name, files: config.files }) : staticCredentials({}) };
}

async function credentialsOf(user: Named<UserEntry>, cluster: Omit<Connection, "credentials">, extra: { ca?: string; contextName: string; files: string[] }): Promise<Connection["credentials"]> {
  const entry = user.value;
  const pair = async () => {
    const cert = await dataOrFile(entry["client-certificate-data"], entry["client-certificate"], user.dir);
    const key = await dataOrFile(entry["client-key-data"], entry["client-key"], user.dir);
    return { ...(cert && key && { cert, key }) };
  };
  const isRotated = !entry["client-certificate-data"] && entry["client-certificate"] !== undefined;
  // A file that is not there is told now, not at the first request.
  const certificate = await pair();
  const headers = { ...(entry.as && { "impersonate-user": entry.as }), ...(entry["as-groups"]?.length && { "impersonate-group": entry["as-groups"] }) };
  const always: Credentials = { ...certificate, ...(Object.keys(headers).length > 0 && { headers }) };

  if (entry.tokenFile) return withAlways(tokenFile(resolve(user.dir, entry.tokenFile)), always);
  if (entry.token) return staticCredentials({ ...always, authorization: `Bearer ${entry.token}` });
  if (entry.username) return staticCredentials({ ...always, authorization: basicAuthorization(entry.username, entry.password ?? "") });
  if (entry.exec) {
    const { env, ...exec } = entry.exec;
    // A command with a slash is meant relative to the file it stands in.
    const command = exec.command.includes("/") ? resolve(user.dir, exec.command) : exec.command;
    const plugin = { ...exec, command, env: Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])) };
    const target = { server: cluster.server, ...(extra.ca && { ca: extra.ca }), ...(cluster.tls?.insecure && { insecure: true }), ...(cluster.tls?.serverName && { serverName: cluster.tls.serverName }) };
    return withAlways(renewedCredentials(() => runExecPlugin(plugin, target)), always);
  }
  if (entry["auth-provider"]) return withAlways(authProvider(extra.files, extra.contextName), always);
  // Whoever renews certificates writes the files anew.
  if (isRotated) return withAlways(renewedCredentials(async () => ({ credentials: await pair(), expiresAt: Date.now() + FILES_MS })), always);
  return staticCredentials(always);
}

function withAlways(source: Connection["credentials"], always: Credentials): Connection["credentials"] {
  return async (options) => ({ ...always, ...(await source(options)) });
}

function tokenFile(path: string): Connection["credentials"] {
  return renewedCredentials(async () => ({ credentials: { authorization: `Bearer ${(await readText(path, "the token file")).trim()}` }, expiresAt: Date.now() + FILES_MS }));
}

/** The retired auth-provider plugins (OIDC among them) live in client-node, which is only loaded for them: it takes a second and 80 MB. */
function authProvider(files: string[], context: string): Connection["credentials"] {
  return renewedCredentials(async () => {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromFile(files[0]!);
    for (const file of files.slice(1)) {
      const more = new KubeConfig();
      more.loadFromFile(file);
      config.mergeConfig(more);
    }
    config.setCurrentContext(context);
    const options: { headers?: Record<string, string> } = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new KubeCredentialsError(`the auth-provider of context ${context} in ${files.join(", ")} failed: ${(cause as Error).message}`, { cause });
    }
    const authorization = options.headers?.["Authorization"];
    return { credentials: { ...(authorization && { authorization }) }, expiresAt: Date.now() + FILES_MS };
  });
}

async function readFiles(files: string[], mustExist: boolean): Promise<Kubeconfig> {
  const config: Kubeconfig = { files: [], currentContext: undefined, contexts: [], clusters: [], users: [] };
  for (const file of files) {
    // As kubectl: of several files, those that are missing do not count, and the first word wins.
    if (!mustExist && !existsSync(file)) continue;
    merge(config, file, await readText(file, "the kubeconfig"));
  }
  if (config.files.length === 0) throw new KubeCredentialsError(`no kubeconfig: ${files.join(", ")} is not there, and this is no pod with a service account`, { retry: "never" });
  return config;
}

function merge(into: Kubeconfig, file: string, text: string): void {
  let parsed: Record<string, any>;
  try {
    parsed = (load(text) ?? {}) as Record<string, any>;
    if (typeof parsed !== "object" || Array.isArray(parsed)) throw new Error("it is not a mapping");
  } catch {
    throw new KubeCredentialsError(`${file} is not a kubeconfig: it is no YAML mapping`, { retry: "never" });
  }
  const dir = dirname(resolve(file));
  const named = <T>(list: unknown, field: string): Named<T>[] => (Array.isArray(list) ? list : []).map((entry) => ({ name: String(entry?.name ?? ""), value: (entry?.[field] ?? {}) as T, dir, file }));
  into.files.push(file);
  into.currentContext ||= typeof parsed["current-context"] === "string" ? parsed["current-context"] : undefined;
  into.contexts.push(...named<{ cluster: string; user?: string; namespace?: string }>(parsed["contexts"], "context"));
  into.clusters.push(...named<ClusterEntry>(parsed["clusters"], "cluster"));
  into.users.push(...named<UserEntry>(parsed["users"], "user"));
}

async function dataOrFile(data: string | undefined, file: string | undefined, dir: string): Promise<string | undefined> {
  if (data) return Buffer.from(data, "base64").toString("utf8");
  return file ? readText(resolve(dir, file), "a file that the kubeconfig names") : undefined;
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new KubeCredentialsError(`cannot read ${what} ${path}: ${(cause as Error).message}`, { cause });
  }
}
