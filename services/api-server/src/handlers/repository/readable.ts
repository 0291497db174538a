import type { repository as rpc } from "@trireme/rpc";
import type { Repository } from "@trireme/settings";
import { permissionDenied } from "../../errors.ts";
import { accessOf } from "../../state/repository-access.ts";
import type { Call } from "../rpc.ts";

interface Asked {
  repo?: string;
  appProject?: string;
}

/** What policies know a repository by. */
export function repositoryObject(repository: { repo: string; project?: string }): string {
  return repository.project ? `${repository.project}/${repository.repo}` : repository.repo;
}

/** The access to a repository that the caller may read. */
export function readable({ repo = "", appProject = "" }: Asked, call: Call): rpc.RepositoryAccess {
  return permitted(call.ctx.settings.current().repositories.access(repo, appProject), call);
}

/** What is asked of whoever looks into a repository for what an application could be made of. */
export const FOR_APPLICATIONS = { why: "applications, create or update, in the given project", asks: [["repositories", "get"], ["applications", "create"], ["applications", "update"]] as [string, string][] };

export function readableForApplications(asked: Asked, call: Call): rpc.RepositoryAccess {
  const repository = readable(asked, call);
  const anywhere = `${asked.appProject ?? ""}/*`;
  if (!call.caller.allows("applications", "create", anywhere) && !call.caller.allows("applications", "update", anywhere)) throw permissionDenied();
  return repository;
}

/** An artefact in a registry: connected by its own URL, or a chart below that of a registry that is. */
export function readableArtefact({ repo = "", appProject = "" }: Asked, call: Call): { repository: rpc.RepositoryAccess; chart: string } {
  const { repositories } = call.ctx.settings.current();
  const url = bare(repo);
  if (repositories.find(repo, appProject) !== undefined) return { repository: readable({ repo, appProject }, call), chart: "" };
  const registries = repositories.all
    .filter(({ repository, problem }) => problem === undefined && (!repository.project || repository.project === appProject) && url.startsWith(`${bare(repository.repo)}/`))
    .map(({ repository }) => repositories.withTemplate(repository))
    .filter(({ type, enableOCI }) => enableOCI === true || type === "oci")
    // The nearest, and of two alike the project's own.
    .sort((a, b) => bare(b.repo).length - bare(a.repo).length || Number(Boolean(b.project)) - Number(Boolean(a.project)));
  const [registry] = registries;
  if (registry === undefined) return { repository: readable({ repo, appProject }, call), chart: "" };
  return { repository: permitted(registry, call), chart: url.slice(bare(registry.repo).length + 1) };
}

function permitted(repository: Repository, { ctx, caller }: Call): rpc.RepositoryAccess {
  if (!caller.allows("repositories", "get", repositoryObject(repository))) throw permissionDenied();
  return accessOf(repository, ctx);
}

function bare(url: string): string {
  return url.trim().replace(/^oci:\/\//i, "").replace(/\/+$/, "");
}
