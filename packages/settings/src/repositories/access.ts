import type { DataObject } from "../kube-data.ts";
import type { Settings } from "../settings.ts";
import type { Repository } from "./types.ts";

/** What an installation trusts: argocd-tls-certs-cm, by host, and the lines of argocd-ssh-known-hosts-cm. */
export interface Trust {
  tlsCertificates: Readonly<Record<string, string>>;
  sshKnownHosts: string;
}

/** What is trusted now. @param of finds ConfigMaps of the installation; one that is not there trusts nobody. */
export function trustOf(of: { configMap(name: string): Pick<DataObject, "data"> | undefined }): Trust {
  return { tlsCertificates: of.configMap("argocd-tls-certs-cm")?.data ?? {}, sshKnownHosts: of.configMap("argocd-ssh-known-hosts-cm")?.data?.["ssh_known_hosts"] ?? "" };
}

/** A repository with its credentials, as the repo-server takes it: with each call, never stored there. */
export function repositoryAccess(found: Repository, trust: Trust) {
  return {
    url: found.repo,
    type: found.type ?? "",
    name: found.name ?? "",
    project: found.project ?? "",
    username: found.username ?? "",
    password: found.password ?? "",
    bearerToken: found.bearerToken ?? "",
    sshPrivateKey: found.sshPrivateKey ?? "",
    insecure: found.insecure ?? false,
    tlsClientCertData: found.tlsClientCertData ?? "",
    tlsClientCertKey: found.tlsClientCertKey ?? "",
    caData: trust.tlsCertificates[hostOf(found.repo)] ?? "",
    proxy: found.proxy ?? "",
    noProxy: found.noProxy ?? "",
    enableLfs: found.enableLfs ?? false,
    enableOci: found.enableOCI ?? false,
    forceHttpBasicAuth: found.forceHttpBasicAuth ?? false,
    depth: found.depth ?? 0,
    sshKnownHosts: trust.sshKnownHosts,
    insecureIgnoreHostKey: found.insecureIgnoreHostKey ?? false,
    githubAppPrivateKey: found.githubAppPrivateKey ?? "",
    githubAppId: found.githubAppID ?? 0,
    githubAppInstallationId: found.githubAppInstallationID ?? 0,
    githubAppEnterpriseBaseUrl: found.githubAppEnterpriseBaseUrl ?? "",
  };
}

/** What the charts of a project's applications may draw on: its repositories and everybody's, of Helm and OCI. */
export function chartRepositories(project: string, settings: Settings, trust: Trust): ReturnType<typeof repositoryAccess>[] {
  return settings.repositories.all
    .filter(({ repository, problem }) => problem === undefined && (repository.type === "helm" || repository.type === "oci" || repository.enableOCI === true) && ((repository.project ?? "") === "" || repository.project === project))
    .map(({ repository }) => repositoryAccess(settings.repositories.withTemplate(repository), trust));
}

/** How an installation lets its tools render, as the repo-server takes it. */
export function renderTools({ tools: { kustomize, helm, jsonnet } }: Settings) {
  return {
    kustomizeDisabled: !kustomize.enabled,
    helmDisabled: !helm.enabled,
    jsonnetDisabled: !jsonnet.enabled,
    kustomizeBuildOptions: kustomize.buildOptions,
    kustomizeVersions: Object.fromEntries(kustomize.versions.map(({ name, path }) => [name, path])),
    helmValuesFileSchemes: [...helm.valuesFileSchemes],
    hasHelmValuesFileSchemes: true,
    maxCombinedDirectoryManifestsSize: 0,
  };
}

/** By whose name a certificate is looked up: URLs, `git@host:path`, and registries without a scheme. */
function hostOf(url: string): string {
  for (const text of [url, `https://${url}`]) {
    const host = URL.canParse(text) ? new URL(text).hostname : "";
    if (host !== "") return host;
  }
  return /^[^@/]*@([^:/]+):/.exec(url)?.[1] ?? "";
}
