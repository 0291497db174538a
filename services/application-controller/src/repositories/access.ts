import type { ApplicationSource } from "@trireme/api/argo";
import type { repository, Input } from "@trireme/rpc";
import type { Repository, Settings } from "@trireme/settings";

/** How repo-server reaches a URL: its Secret or template, certificates and host keys from the settings. */
export function accessTo(url: string, project: string, settings: Settings, files: { tlsCertificates: Readonly<Record<string, string>>; sshKnownHosts: string }): Input<repository.RepositoryAccess> {
  return toAccess(settings.repositories.access(url, project), files);
}

export function toAccess(found: Repository, files: { tlsCertificates: Readonly<Record<string, string>>; sshKnownHosts: string }): Input<repository.RepositoryAccess> {
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
    caData: files.tlsCertificates[hostOf(found.repo)] ?? "",
    proxy: found.proxy ?? "",
    noProxy: found.noProxy ?? "",
    enableLfs: found.enableLfs ?? false,
    enableOci: found.enableOCI ?? false,
    forceHttpBasicAuth: found.forceHttpBasicAuth ?? false,
    depth: found.depth ?? 0,
    sshKnownHosts: files.sshKnownHosts,
    insecureIgnoreHostKey: found.insecureIgnoreHostKey ?? false,
    githubAppPrivateKey: found.githubAppPrivateKey ?? "",
    githubAppId: found.githubAppID ?? 0,
    githubAppInstallationId: found.githubAppInstallationID ?? 0,
    githubAppEnterpriseBaseUrl: found.githubAppEnterpriseBaseUrl ?? "",
  };
}

/** Everything else that the tools of a project's applications may have to reach: charts and templates of Helm and OCI. */
export function extraRepositories(project: string, settings: Settings, files: { tlsCertificates: Readonly<Record<string, string>>; sshKnownHosts: string }): Input<repository.RepositoryAccess>[] {
  return settings.repositories.all
    .filter(({ repository: one, problem }) => problem === undefined && (one.type === "helm" || one.type === "oci" || one.enableOCI === true) && ((one.project ?? "") === "" || one.project === project))
    .map(({ repository: one }) => toAccess(settings.repositories.withTemplate(one), files));
}

export function toolSettings(settings: Settings): Input<repository.ToolSettings> {
  const { kustomize, helm, jsonnet } = settings.tools;
  return {
    kustomizeDisabled: !kustomize.enabled,
    helmDisabled: !helm.enabled,
    jsonnetDisabled: !jsonnet.enabled,
    kustomizeBuildOptions: kustomize.buildOptions,
    kustomizeVersions: Object.fromEntries(kustomize.versions.map(({ name, path }) => [name, path])),
    helmValuesFileSchemes: [...helm.valuesFileSchemes],
    hasHelmValuesFileSchemes: true,
  };
}

/** `manifest-generate-paths` of an application, each relative to the repository's root. */
export function generatePaths(annotation: string | undefined, source: ApplicationSource): string[] {
  if (annotation === undefined || annotation.trim() === "") return [];
  return annotation
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("/") ? part.slice(1) : normalize(`${source.path ?? ""}/${part}`)));
}

function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") out.pop();
    else if (part !== "" && part !== ".") out.push(part);
  }
  return out.join("/");
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return /^[^@]*@([^:]+):/.exec(url)?.[1] ?? "";
  }
}
