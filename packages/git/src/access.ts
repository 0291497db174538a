import { createHash } from "node:crypto";

/** How a repository is reached. Field names are those of `trireme.repo.v1.RepositoryAccess` in JSON. */
export interface RepositoryAccess {
  url: string;
  type?: string;
  name?: string;
  project?: string;
  username?: string;
  password?: string;
  bearerToken?: string;
  sshPrivateKey?: string;
  /** Accepts any server certificate. */
  insecure?: boolean;
  /** PEM client certificate and its key. */
  tlsClientCertData?: string;
  tlsClientCertKey?: string;
  /** PEM bundle that the server's certificate must chain to; absent: the system's. */
  caData?: string;
  proxy?: string;
  /** Comma separated hosts and suffixes that bypass the proxy. */
  noProxy?: string;
  enableLfs?: boolean;
  enableOci?: boolean;
  forceHttpBasicAuth?: boolean;
  depth?: number | string;
  sshKnownHosts?: string;
  insecureIgnoreHostKey?: boolean;
  /** PEM key and number of a GitHub App that reads the repository; a password or bearer token counts before it. */
  githubAppPrivateKey?: string;
  githubAppId?: number | string;
  /** Absent or 0: the installation at the repository's owner. */
  githubAppInstallationId?: number | string;
  /** API of a GitHub Enterprise Server (`https://ghe.test/api/v3`); absent: GitHub's own. */
  githubAppEnterpriseBaseUrl?: string;
}

/**
 * One spelling for the spellings of one repository, as Argo CD compares them: trimmed, lower case,
 * `git@host:path` as a path, no `ssh://`, no trailing `.git` or slash.
 */
export function normalizeUrl(url: string): string {
  let text = url.trim().toLowerCase();
  const scp = /^([^@/:]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(text);
  if (scp !== null && !text.includes("://")) text = `${scp[1] ?? ""}${scp[2]}/${scp[3]!.replace(/^\/+/, "")}`;
  return text.replace(/^ssh:\/\//, "").replace(/\/+$/, "").replace(/\.git$/, "");
}

export function isHttpUrl(url: string): boolean {
  return /^https?:\/\//i.test(url.trim());
}

/** A URL fit for messages, logs and labels: without user or password. */
export function displayUrl(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^@/]*@/i, "$1");
}

/** The same for every spelling of a repository's address and for whoever it names as user. */
export function repositoryKey(url: string): string {
  return normalizeUrl(displayUrl(url.trim()));
}

/** The `authorization` header, or none. Credentials in the URL itself count last. */
export function authorization(access: RepositoryAccess): string | undefined {
  if (access.bearerToken) return `Bearer ${access.bearerToken}`;
  if (access.username || access.password) return basic(access.username ?? "", access.password ?? "");
  if (!isHttpUrl(access.url) || !URL.canParse(access.url)) return undefined;
  const { username, password } = new URL(access.url);
  return username || password ? basic(decodeURIComponent(username), decodeURIComponent(password)) : undefined;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Stands for "the same door with the same key": what was let in once is let in again without asking. */
export function accessFingerprint(access: RepositoryAccess): string {
  const parts = [access.url.trim(), authorization(access), access.sshPrivateKey, access.insecure, access.tlsClientCertData, access.tlsClientCertKey, access.caData, access.proxy, access.noProxy, access.sshKnownHosts, access.insecureIgnoreHostKey, access.githubAppPrivateKey, access.githubAppId, access.githubAppInstallationId, access.githubAppEnterpriseBaseUrl];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
