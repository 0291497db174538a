import type { ApplicationSource } from "@trireme/api/argo";
import type { repository } from "@trireme/rpc";
import { type Repository, type Settings } from "@trireme/settings";
import type { Context } from "../context.ts";

/** A repository with its credentials, as the repo-server takes it: with each call, never stored there. */
export function accessOf(found: Repository, ctx: Pick<Context, "settings">): repository.RepositoryAccess {
  const host = hostOf(found.repo);
  const knownHosts = ctx.settings.configMap("argocd-ssh-known-hosts-cm")?.data?.["ssh_known_hosts"] ?? "";
  const certificates = ctx.settings.configMap("argocd-tls-certs-cm")?.data ?? {};
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
    caData: certificates[host] ?? "",
    proxy: found.proxy ?? "",
    noProxy: found.noProxy ?? "",
    enableLfs: found.enableLfs ?? false,
    enableOci: found.enableOCI ?? false,
    forceHttpBasicAuth: found.forceHttpBasicAuth ?? false,
    depth: found.depth ?? 0,
    sshKnownHosts: knownHosts,
    insecureIgnoreHostKey: found.insecureIgnoreHostKey ?? false,
    githubAppPrivateKey: found.githubAppPrivateKey ?? "",
    githubAppId: found.githubAppID ?? 0,
    githubAppInstallationId: found.githubAppInstallationID ?? 0,
    githubAppEnterpriseBaseUrl: found.githubAppEnterpriseBaseUrl ?? "",
  };
}

/** A source with the access its project has to it. */
export function sourceOf(source: ApplicationSource, project: string, ctx: Pick<Context, "settings">, revision = ""): repository.Source {
  return { repository: accessOf(ctx.settings.current().repositories.access(source.repoURL, project), ctx), sourceJson: Buffer.from(JSON.stringify(source)), revision };
}

export function toolSettings(settings: Settings): repository.ToolSettings {
  const { kustomize, helm, jsonnet } = settings.tools;
  return {
    kustomizeDisabled: !kustomize.enabled,
    helmDisabled: !helm.enabled,
    jsonnetDisabled: !jsonnet.enabled,
    kustomizeBuildOptions: kustomize.buildOptions,
    kustomizeVersions: Object.fromEntries(kustomize.versions.map((version) => [version.name, version.path])),
    helmValuesFileSchemes: helm.valuesFileSchemes,
    hasHelmValuesFileSchemes: true,
    maxCombinedDirectoryManifestsSize: 0,
  };
}

/** Helm and OCI repositories that a project's charts may draw on. */
export function chartRepositories(settings: Settings, project: string, ctx: Pick<Context, "settings">): repository.RepositoryAccess[] {
  return settings.repositories.all
    .filter(({ repository, problem }) => problem === undefined && (repository.type === "helm" || repository.type === "oci") && (!repository.project || repository.project === project))
    .map(({ repository }) => accessOf(settings.repositories.withTemplate(repository), ctx));
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return /^[^@/]*@?([^:/]+)[:/]/.exec(url)?.[1] ?? "";
  }
}
