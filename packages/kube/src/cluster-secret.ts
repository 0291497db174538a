import type { ClusterConfig } from "@trireme/api";
import { basicAuthorization, renewedCredentials, staticCredentials, type Connection } from "./connection.ts";
import { KubeCredentialsError } from "./errors.ts";
import { runExecPlugin, type ExecPlugin } from "./exec-credentials.ts";

/**
 * The connection that an Argo cluster Secret describes. `config` is its `config` key, as text or parsed;
 * `server` its `server` key. Throws KubeCredentialsError where the text is not JSON or contradicts itself.
 */
export function connectionFromClusterSecret(config: string | ClusterConfig, server: string): Connection {
  const parsed = typeof config === "string" ? parse(config, server) : config;
  const tls = parsed.tlsClientConfig ?? {};
  if (tls.insecure && tls.caData) throw new KubeCredentialsError(`cluster ${server}: tlsClientConfig has both insecure and caData; keep one`, { retry: "never" });
  if (Boolean(tls.certData) !== Boolean(tls.keyData)) throw new KubeCredentialsError(`cluster ${server}: tlsClientConfig needs certData and keyData together`, { retry: "never" });
  const ca = pem(tls.caData);
  const cert = pem(tls.certData);
  const key = pem(tls.keyData);
  return {
    server: server.replace(/\/+$/, ""),
    tls: { ...(ca && { ca }), ...(tls.serverName && { serverName: tls.serverName }), ...(tls.insecure && { insecure: true }) },
    ...(parsed.proxyUrl && { proxyUrl: parsed.proxyUrl }),
    credentials: credentialsOf(parsed, server, { ...(ca && { ca }), ...(cert && key && { cert, key }) }),
  };
}

function credentialsOf(config: ClusterConfig, server: string, tls: { ca?: string; cert?: string; key?: string }): Connection["credentials"] {
  const certificate = { ...(tls.cert && tls.key && { cert: tls.cert, key: tls.key }) };
  const plugin = pluginOf(config);
  if (plugin) {
    const cluster = { server, ...(tls.ca && { ca: tls.ca }), ...(config.tlsClientConfig?.insecure && { insecure: true }), ...(config.tlsClientConfig?.serverName && { serverName: config.tlsClientConfig.serverName }), ...(config.proxyUrl && { proxyUrl: config.proxyUrl }) };
    return renewedCredentials(async () => {
      const { credentials, ...rest } = await runExecPlugin(plugin, cluster);
      return { credentials: { ...certificate, ...credentials }, ...rest };
    });
  }
  if (config.bearerToken) return staticCredentials({ ...certificate, authorization: `Bearer ${config.bearerToken}` });
  if (config.username) return staticCredentials({ ...certificate, authorization: basicAuthorization(config.username, config.password ?? "") });
  return staticCredentials(certificate);
}

function pluginOf(config: ClusterConfig): ExecPlugin | undefined {
  const { awsAuthConfig: aws, execProviderConfig: exec } = config;
  // Argo CD maps its AWS shorthand onto this command of its image; the same command keeps such Secrets working.
  if (aws?.clusterName) {
    const args = ["aws", "--cluster-name", aws.clusterName, ...(aws.roleARN ? ["--role-arn", aws.roleARN] : []), ...(aws.profile ? ["--profile", aws.profile] : [])];
    return { command: "argocd-k8s-auth", args, apiVersion: "client.authentication.k8s.io/v1beta1", installHint: "use execProviderConfig with the aws CLI (aws eks get-token) instead" };
  }
  return exec?.command ? { ...exec, command: exec.command } : undefined;
}

function parse(text: string, server: string): ClusterConfig {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch {
    // The parser's message would quote the text, and the text holds secrets.
  }
  throw new KubeCredentialsError(`cluster ${server}: the Secret's config is not a JSON object`, { retry: "never" });
}

function pem(base64: string | undefined): string | undefined {
  return base64 ? Buffer.from(base64, "base64").toString("utf8") : undefined;
}
