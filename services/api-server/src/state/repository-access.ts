import type { ApplicationSource } from "@trireme/api/argo";
import type { repository } from "@trireme/rpc";
import { repositoryAccess, type Repository, type Trust } from "@trireme/settings";
import type { Context } from "../context.ts";

/** The certificates and host keys that the installation trusts now. */
export function trustOf(ctx: Pick<Context, "settings">): Trust {
  return { tlsCertificates: ctx.settings.configMap("argocd-tls-certs-cm")?.data ?? {}, sshKnownHosts: ctx.settings.configMap("argocd-ssh-known-hosts-cm")?.data?.["ssh_known_hosts"] ?? "" };
}

export function accessOf(found: Repository, ctx: Pick<Context, "settings">): repository.RepositoryAccess {
  return repositoryAccess(found, trustOf(ctx));
}

/** A source with the access its project has to it. */
export function sourceOf(source: ApplicationSource, project: string, ctx: Pick<Context, "settings">, revision = ""): repository.Source {
  return { repository: accessOf(ctx.settings.current().repositories.access(source.repoURL, project), ctx), sourceJson: Buffer.from(JSON.stringify(source)), revision };
}
