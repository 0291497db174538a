/** The `config` of a cluster Secret, Argo's JSON names. Certificates are base64 of PEM. */
export interface ClusterConfig {
  username?: string;
  password?: string;
  bearerToken?: string;
  tlsClientConfig?: { insecure?: boolean; serverName?: string; certData?: string; keyData?: string; caData?: string };
  awsAuthConfig?: { clusterName?: string; roleARN?: string; profile?: string };
  execProviderConfig?: { command?: string; args?: string[]; env?: Record<string, string>; apiVersion?: string; installHint?: string; provideClusterInfo?: boolean; config?: unknown };
  disableCompression?: boolean;
  proxyUrl?: string;
}
