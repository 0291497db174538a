import type { DataObject } from "../kube-data.ts";
import type { RepoCreds, Repository } from "./types.ts";
import { normalizeGitUrl, sameUrl } from "./url.ts";
import { repoCredsFromSecret, repositoryFromSecret } from "./secrets.ts";

/** A repository and the Secret that holds it. */
export interface StoredRepository {
  repository: Repository;
  secret: string;
  /** Why its Secret cannot be used; the readable fields are still there. */
  problem?: string;
}

export interface StoredRepoCreds {
  creds: RepoCreds;
  secret: string;
}

/** The repositories and credential templates of an installation. */
export class Repositories {
  readonly all: readonly StoredRepository[];
  readonly templates: readonly StoredRepoCreds[];

  constructor(all: readonly StoredRepository[], templates: readonly StoredRepoCreds[]) {
    this.all = all;
    this.templates = templates;
  }

  /**
   * The stored repository for a URL: the project's own first, then an unscoped one. With `exact`
   * only the one with precisely this project ("" for unscoped).
   */
  find(url: string, project = "", options: { exact?: boolean } = {}): StoredRepository | undefined {
    const same = this.all.filter((stored) => sameUrl(stored.repository.repo, url));
    const own = same.find((stored) => (stored.repository.project ?? "") === project);
    if (own !== undefined || options.exact) return own;
    return same.find((stored) => (stored.repository.project ?? "") === "");
  }

  /** The template whose normalised URL is the longest prefix of this one. */
  template(url: string): StoredRepoCreds | undefined {
    const wanted = normalizeGitUrl(url);
    let best: StoredRepoCreds | undefined;
    let length = 0;
    for (const stored of this.templates) {
      const prefix = normalizeGitUrl(stored.creds.url);
      if (prefix.length > length && wanted.startsWith(prefix)) {
        best = stored;
        length = prefix.length;
      }
    }
    return best;
  }

  /**
   * What to reach a URL with, for an application of `project`: the stored repository or a bare one,
   * completed by a template when it has no credentials of its own. Never throws: a repository nobody
   * connected is tried without credentials.
   */
  access(url: string, project = ""): Repository {
    const stored = this.find(url, project)?.repository;
    return this.withTemplate(stored === undefined ? { repo: url } : { ...stored, repo: stored.repo });
  }

  /** The repository completed by its template, when it has no credentials of its own. */
  withTemplate(repository: Repository): Repository {
    if (hasCredentials(repository)) return repository;
    const template = this.template(repository.repo)?.creds;
    return template === undefined ? repository : { ...inherit(repository, template), inheritedCreds: true };
  }
}

/** Reads the Secrets labelled as repositories and templates. One that cannot be read stays, with its problem. */
export function parseRepositories(repositorySecrets: readonly DataObject[], credsSecrets: readonly DataObject[]): Repositories {
  const byName = (a: DataObject, b: DataObject) => (a.metadata.name! < b.metadata.name! ? -1 : 1);
  return new Repositories([...repositorySecrets].sort(byName).map(readStored), [...credsSecrets].sort(byName).flatMap(readTemplate));
}

/** Whether a repository brings credentials of its own, of any kind. */
export function hasCredentials(repository: Repository): boolean {
  const { password, bearerToken, username, sshPrivateKey, tlsClientCertKey, githubAppPrivateKey, gcpServiceAccountKey, useAzureWorkloadIdentity, azureServicePrincipalClientSecret } = repository;
  return [password, bearerToken, username, sshPrivateKey, tlsClientCertKey, githubAppPrivateKey, gcpServiceAccountKey, useAzureWorkloadIdentity, azureServicePrincipalClientSecret].some(Boolean);
}

function inherit(repository: Repository, template: RepoCreds): Repository {
  const { url: _url, enableOCI, insecureOCIForceHttp, forceHttpBasicAuth, useAzureWorkloadIdentity, ...rest } = template;
  const flags = Object.fromEntries(Object.entries({ enableOCI, insecureOCIForceHttp, forceHttpBasicAuth, useAzureWorkloadIdentity }).filter(([, value]) => value));
  // These four are the template's, set or not; everything else fills only what is missing.
  const { enableOCI: _a, insecureOCIForceHttp: _b, forceHttpBasicAuth: _c, useAzureWorkloadIdentity: _d, ...own } = repository;
  return { ...rest, ...own, ...flags };
}

function readStored(secret: DataObject): StoredRepository {
  const name = secret.metadata.name ?? "";
  try {
    return { repository: repositoryFromSecret(secret), secret: name };
  } catch (thrown) {
    const { repo, project } = repositoryFromSecret({ ...secret, data: pick(secret.data, ["url", "project", "name", "type"]) });
    return { repository: { repo, ...(project !== undefined && { project }) }, secret: name, problem: (thrown as Error).message };
  }
}

function readTemplate(secret: DataObject): StoredRepoCreds[] {
  try {
    return [{ creds: repoCredsFromSecret(secret), secret: secret.metadata.name ?? "" }];
  } catch {
    return [];
  }
}

function pick(data: Record<string, string> | undefined, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(data ?? {}).filter(([key]) => keys.includes(key)));
}
