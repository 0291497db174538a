import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import type { Credentials } from "./connection.ts";
import { KubeCredentialsError } from "./errors.ts";

/** A credential plugin, as kubeconfigs (`users[].user.exec`) and Argo's `execProviderConfig` describe it. */
export interface ExecPlugin {
  command: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  apiVersion?: string;
  installHint?: string;
  provideClusterInfo?: boolean;
  /** Handed to the plugin within its cluster info. */
  config?: unknown;
}

export interface ExecCluster {
  server: string;
  ca?: string;
  insecure?: boolean;
  serverName?: string;
  proxyUrl?: string;
}

const EXEC_DEADLINE_MS = 30_000;
const MAX_OUTPUT_BYTES = 1 << 20;
/** Renewed this much before a token's own end, so that no request meets the edge. */
const EARLY_MS = 10_000;

/** Runs the plugin and reads its ExecCredential. Throws KubeCredentialsError naming the command. */
export async function runExecPlugin(plugin: ExecPlugin, cluster: ExecCluster): Promise<{ credentials: Credentials; expiresAt?: number }> {
  const stdout = await run(plugin, execInfo(plugin, cluster));
  let status: { token?: string; clientCertificateData?: string; clientKeyData?: string; expirationTimestamp?: string } | undefined;
  try {
    const parsed = JSON.parse(stdout) as { kind?: string; status?: typeof status };
    if (parsed.kind !== "ExecCredential") throw new Error(`kind is ${JSON.stringify(parsed.kind)}`);
    status = parsed.status;
  } catch (cause) {
    throw new KubeCredentialsError(`credential plugin ${plugin.command} printed no ExecCredential`, { cause, details: { command: plugin.command } });
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status ?? {};
  if (!token && !(cert && key)) throw new KubeCredentialsError(`credential plugin ${plugin.command} gave neither a token nor a client certificate`, { details: { command: plugin.command } });
  // As client-go: what is not dated otherwise lasts as long as its certificate.
  const expires = expirationTimestamp !== undefined ? Date.parse(expirationTimestamp) : cert && key ? expiryOf(cert) : NaN;
  return { credentials: { ...(token && { authorization: `Bearer ${token}` }), ...(cert && key && { cert, key }) }, ...(Number.isFinite(expires) && { expiresAt: expires - EARLY_MS }) };
}

function expiryOf(cert: string): number {
  try {
    return new X509Certificate(cert).validToDate.getTime();
  } catch {
    // What is no certificate is refused where it is used, with the reason.
    return NaN;
  }
}

function execInfo(plugin: ExecPlugin, cluster: ExecCluster): string {
  const info = {
    apiVersion: plugin.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          ...(cluster.ca && { "certificate-authority-data": Buffer.from(cluster.ca).toString("base64") }),
          ...(cluster.insecure && { "insecure-skip-tls-verify": true }),
          ...(cluster.serverName && { "tls-server-name": cluster.serverName }),
          ...(cluster.proxyUrl && { "proxy-url": cluster.proxyUrl }),
          ...(plugin.config !== undefined && { config: plugin.config }),
        },
      }),
    },
  };
  return JSON.stringify(info);
}

function run(plugin: ExecPlugin, info: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (what: string, cause?: unknown) => reject(new KubeCredentialsError(`credential plugin ${plugin.command} ${what}`, { cause, details: { command: plugin.command } }));
  const child = spawn(plugin.command, plugin.args ?? [], {
    env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: info },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), EXEC_DEADLINE_MS);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (stdout.length > MAX_OUTPUT_BYTES) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < 2_000) stderr += text;
  });
  child.on("error", (cause: NodeJS.ErrnoException) => fail(cause.code === "ENOENT" ? `is not installed${plugin.installHint ? `: ${plugin.installHint}` : ""}` : `could not run: ${cause.message}`, cause));
  child.on("close", (code, killedBy) => {
    if (code === 0) resolve(stdout);
    else if (killedBy) fail(stdout.length > MAX_OUTPUT_BYTES ? `printed more than ${MAX_OUTPUT_BYTES} bytes` : `was stopped after ${EXEC_DEADLINE_MS / 1000} s (${killedBy})`);
    else fail(`ended with code ${code}: ${stderr.trim().slice(0, 500)}`);
  });
  return promise.finally(() => clearTimeout(timer));
}
