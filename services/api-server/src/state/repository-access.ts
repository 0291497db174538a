import type { ApplicationSource } from "@trireme/api/argo";
import type { repository } from "@trireme/rpc";
import { repositoryAccess, trustOf, type Repository } from "@trireme/settings";
import type { Context } from "../context.ts";

export function accessOf(found: Repository, ctx: Pick<Context, "settings">): repository.RepositoryAccess {
  return repositoryAccess(found, trustOf(ctx.settings));
}

/** A source with the access its project has to it. */
export function sourceOf(source: ApplicationSource, project: string, ctx: Pick<Context, "settings">, revision = ""): repository.Source {
  return { repository: accessOf(ctx.settings.current().repositories.access(source.repoURL, project), ctx), sourceJson: Buffer.from(JSON.stringify(source)), revision };
}
