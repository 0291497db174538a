/** What both a repository and a credential template may hold; Argo's JSON names. */
export interface Credentials {
  username?: string;
  password?: string;
  bearerToken?: string;
  sshPrivateKey?: string;
  tlsClientCertData?: string;
  tlsClientCertKey?: string;
  githubAppPrivateKey?: string;
  githubAppID?: number;
  githubAppInstallationID?: number;
  githubAppEnterpriseBaseUrl?: string;
  gcpServiceAccountKey?: string;
  azureServicePrincipalClientId?: string;
  azureServicePrincipalClientSecret?: string;
  azureServicePrincipalTenantId?: string;
  azureActiveDirectoryEndpoint?: string;
  useAzureWorkloadIdentity?: boolean;
  proxy?: string;
  noProxy?: string;
  /** git (default), helm or oci. */
  type?: string;
  enableOCI?: boolean;
  insecureOCIForceHttp?: boolean;
  forceHttpBasicAuth?: boolean;
}

/** A repository as Argo's API shows it; only what is set is present. */
export interface Repository extends Credentials {
  repo: string;
  name?: string;
  project?: string;
  insecure?: boolean;
  insecureIgnoreHostKey?: boolean;
  enableLfs?: boolean;
  depth?: number;
  webhookManifestCacheWarmDisabled?: boolean;
  /** The credentials came from a template. */
  inheritedCreds?: boolean;
}

/** A credential template: fills what repositories below its URL lack. */
export interface RepoCreds extends Credentials {
  url: string;
}

/** A field, the Secret's key for it in a repository and in a template, and how it is written. */
export interface FieldKey {
  field: keyof Repository;
  key: string;
  kind: "text" | "flag" | "number";
}

const shared: FieldKey[] = [
  ...(["username", "password", "bearerToken", "sshPrivateKey", "tlsClientCertData", "tlsClientCertKey", "type", "githubAppPrivateKey", "githubAppEnterpriseBaseUrl", "gcpServiceAccountKey", "proxy", "noProxy", "azureServicePrincipalClientSecret", "azureActiveDirectoryEndpoint"] as const).map((field) => ({ field, key: field, kind: "text" as const })),
  ...(["enableOCI", "insecureOCIForceHttp", "forceHttpBasicAuth", "useAzureWorkloadIdentity"] as const).map((field) => ({ field, key: field, kind: "flag" as const })),
  ...(["githubAppID", "githubAppInstallationID"] as const).map((field) => ({ field, key: field, kind: "number" as const })),
];

export const REPOSITORY_FIELDS: readonly FieldKey[] = [
  { field: "repo", key: "url", kind: "text" },
  { field: "name", key: "name", kind: "text" },
  { field: "project", key: "project", kind: "text" },
  ...shared,
  { field: "azureServicePrincipalClientId", key: "azureServicePrincipalClientId", kind: "text" },
  { field: "azureServicePrincipalTenantId", key: "azureServicePrincipalTenantId", kind: "text" },
  ...(["insecure", "insecureIgnoreHostKey", "enableLfs", "webhookManifestCacheWarmDisabled"] as const).map((field) => ({ field, key: field, kind: "flag" as const })),
  { field: "depth", key: "depth", kind: "number" },
];

/** Templates spell two of the Azure keys with a capital ID. */
export const REPO_CREDS_FIELDS: readonly FieldKey[] = [
  ...shared,
  { field: "azureServicePrincipalClientId", key: "azureServicePrincipalClientID", kind: "text" },
  { field: "azureServicePrincipalTenantId", key: "azureServicePrincipalTenantID", kind: "text" },
];
