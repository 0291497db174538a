import { isAlreadyExists } from "@trireme/kube";
import { AppError, asAppError, Code } from "@trireme/runtime";
import { renderTools, repositoryToData, sameUrl, secretNameFor, type Repositories, type Repository, type StoredRepository } from "@trireme/settings";
import { sourcesOf } from "@trireme/gitops";
import type { Context } from "../../context.ts";
import { invalid, notFound, permissionDenied, unknown } from "../../errors.ts";
import { accessOf, sourceOf } from "../../state/repository-access.ts";
import { projectNameOf } from "../../state/projects.ts";
import { deleteOwnedSecret, writeTypedSecret } from "../../state/typed-secrets.ts";
import { rbacName } from "../application/access.ts";
import { filter, inside, unary, type Call, type Rpc } from "../rpc.ts";
import { FOR_APPLICATIONS, readable, readableArtefact, readableForApplications, repositoryObject } from "./readable.ts";
import { connectionState, shownRepository } from "./shown.ts";

/** Read and write repositories are kept apart; both are handled alike. */
interface Kind {
  resource: "repositories" | "write-repositories";
  secretType: "repository" | "repository-write";
  prefix: string;
  all(ctx: Context): Repositories;
}

const READ: Kind = { resource: "repositories", secretType: "repository", prefix: "repo", all: (ctx) => ctx.settings.current().repositories };
const WRITE: Kind = { resource: "write-repositories", secretType: "repository-write", prefix: "repo-write", all: (ctx) => ctx.settings.current().writeRepositories };

const list = (kind: Kind): Rpc =>
  unary(filter(kind.resource), async (request, { ctx, caller }) => {
    const repositories = kind.all(ctx);
    const visible = repositories.all.filter(({ repository }) => caller.allows(kind.resource, "get", repositoryObject(repository)) && (!request.appProject || !repository.project || repository.project === request.appProject));
    const items = await Promise.all(visible.map(async (stored) => shown(stored, repositories, ctx, request.forceRefresh === true)));
    return { metadata: {}, items };
  });

const get = (kind: Kind): Rpc =>
  unary(inside("the stored repository carries the project", [kind.resource, "get"]), async (request, { ctx, caller }) => {
    const stored = findStored(kind, request, ctx);
    const object = stored === undefined ? request.repo : repositoryObject(stored.repository);
    if (stored === undefined || !caller.allows(kind.resource, "get", object)) throw hidden(request, caller.allows(kind.resource, "get", request.repo));
    return shown(stored, kind.all(ctx), ctx, request.forceRefresh === true);
  });

/**
 * Connects a repository. It is tried first: what does not answer is refused with the server's own
 * reason, and nothing is stored. The same once more answers with what is there; anything else needs `upsert`.
 */
const create = (kind: Kind): Rpc =>
  unary(inside("the object carries the project", [kind.resource, "create"], [kind.resource, "update"]), async (request, call) => {
    const { ctx, caller, signal } = call;
    const sent = repositoryOf(request.repo);
    caller.require(kind.resource, "create", repositoryObject(sent));
    if (sent.repo === "") throw invalid("missing payload in request: the repository has no URL");
    if (!request.credsOnly) await requireConnection(kind.all(ctx).withTemplate(sent), ctx, signal);
    const existing = kind.all(ctx).find(sent.repo, sent.project, { exact: true });
    if (existing !== undefined) return existingRepository(kind, existing, sent, request.upsert === true, call);
    try {
      await writeTypedSecret(ctx, { name: secretNameFor(kind.prefix, sent.repo, sent.project), type: kind.secretType, data: repositoryToData(sent), create: true, signal });
    } catch (thrown) {
      if (isAlreadyExists(thrown)) throw new AppError(`repository ${JSON.stringify(sent.repo)} already exists`, { reason: "AlreadyExists", code: Code.AlreadyExists, retry: "never" });
      throw thrown;
    }
    return shownRepository(sent);
  });

async function existingRepository(kind: Kind, existing: StoredRepository, sent: Repository, upsert: boolean, { ctx, caller, signal }: Call) {
  const differing = differingFields(existing.repository, sent);
  if (differing.length > 0) {
    if (!upsert) throw invalid(`existing repository spec is different; use upsert flag to force update; difference in keys ${JSON.stringify(differing.join(","))}`, "RepositoryExists");
    caller.require(kind.resource, "update", repositoryObject(sent));
    await writeTypedSecret(ctx, { name: existing.secret, type: kind.secretType, data: (old) => repositoryToData(sent, old), create: false, signal });
  }
  return shownRepository(sent);
}

const update = (kind: Kind): Rpc =>
  unary(inside("the stored repository carries the project", [kind.resource, "update"]), async (request, { ctx, caller, signal }) => {
    const sent = repositoryOf(request.repo);
    const stored = kind.all(ctx).find(sent.repo, sent.project, { exact: true });
    if (stored === undefined) {
      if (caller.allows(kind.resource, "update", repositoryObject(sent))) throw notFound(`repo '${sent.repo}' not found`);
      throw permissionDenied();
    }
    caller.require(kind.resource, "update", repositoryObject(stored.repository));
    caller.require(kind.resource, "update", repositoryObject(sent));
    await requireConnection(kind.all(ctx).withTemplate(sent), ctx, signal);
    await writeTypedSecret(ctx, { name: stored.secret, type: kind.secretType, data: (old) => repositoryToData(sent, old), create: false, signal });
    return shownRepository(sent);
  });

const remove = (kind: Kind): Rpc =>
  unary(inside("the stored repository carries the project", [kind.resource, "delete"]), async (request, { ctx, caller, signal }) => {
    const stored = findStored(kind, request, ctx);
    if (stored === undefined || !caller.allows(kind.resource, "delete", repositoryObject(stored.repository))) throw hidden(request, caller.allows(kind.resource, "delete", request.repo));
    await deleteOwnedSecret(ctx, stored.secret, signal);
    return {};
  });

/** Tries a repository with given credentials, or the stored ones where none are given; stores nothing. */
const validate = (kind: Kind): Rpc =>
  unary(inside("the request carries the project", [kind.resource, "create"]), async (request, { ctx, caller, signal }) => {
    const { enableOci, insecureOciForceHttp, ...rest } = request;
    const sent = repositoryOf({ ...rest, ...(enableOci && { enableOCI: true }), ...(insecureOciForceHttp && { insecureOCIForceHttp: true }) });
    caller.require(kind.resource, "create", repositoryObject(sent));
    await requireConnection(kind.all(ctx).withTemplate(sent), ctx, signal);
    return {};
  });

const listRefs = unary(inside("the stored repository carries the project", ["repositories", "get"]), async (request, call) => {
  const { branches, tags } = await call.ctx.repo.listRefs({ repository: readable(request, call) }, { signal: call.signal });
  return { branches, tags };
});

/** Of a registry: the versions of what the URL names, newest first. */
const listOciTags = unary(inside("the stored repository carries the project", ["repositories", "get"]), async (request, call) => {
  const { tags } = await call.ctx.repo.tags(readableArtefact(request, call), { signal: call.signal });
  return { tags };
});

const listApps = unary(inside(FOR_APPLICATIONS.why, ...FOR_APPLICATIONS.asks), async (request, call) => {
  const repository = readableForApplications(request, call);
  const { typesByPath } = await call.ctx.repo.listPaths({ repository, revision: request.revision ?? "", tools: renderTools(call.ctx.settings.current()) }, { signal: call.signal });
  // Plain directories are not told: any folder could be one.
  const items = Object.entries(typesByPath).filter(([, type]) => type !== "Directory").map(([path, type]) => ({ path, type }));
  return { items: items.sort((a, b) => (a.path < b.path ? -1 : 1)) };
});

const getAppDetails = unary(inside("the application, or the right to create one", ["repositories", "get"], ["applications", "get"], ["applications", "create"]), async (request, call) => {
  const { ctx, caller, signal } = call;
  const source = request.source;
  if (source === undefined || source === null) throw invalid("missing payload in request");
  const project: string = request.appProject || "default";
  readable({ repo: source.repoURL, appProject: project }, call);
  const [namespace, name] = qualified(request.appName ?? "", ctx.namespace);
  const app = ctx.applications.get(namespace, name);
  const object = rbacName({ metadata: { name, namespace }, spec: { project } }, ctx.namespace);
  if (app !== undefined) {
    caller.require("applications", "get", rbacName(app, ctx.namespace));
    if (projectNameOf(app) !== project) throw permissionDenied();
    const own = sourcesOf(app.spec).some((one) => sameUrl(one.repoURL, source.repoURL));
    if (!own) caller.require("applications", "create", object);
  } else caller.require("applications", "create", object);
  const refs = (app?.spec.sources ?? []).filter((one) => one.ref).map((one) => sourceOf(one, project, ctx));
  const { type, detailsJson } = await ctx.repo.inspect({ source: sourceOf(source, project, ctx), appName: request.appName ?? "", tools: renderTools(ctx.settings.current()), refSources: refs }, { signal });
  const details = detailsJson.length === 0 ? {} : (JSON.parse(String(detailsJson)) as Record<string, unknown>);
  return { type, ...details };
});

const getHelmCharts = unary(inside("the stored repository carries the project", ["repositories", "get"]), async (request, call) => {
  const { charts } = await call.ctx.repo.charts({ repository: readable(request, call) }, { signal: call.signal });
  return { items: charts };
});

function findStored(kind: Kind, request: { repo?: string; appProject?: string }, ctx: Context): StoredRepository | undefined {
  const url = request.repo ?? "";
  if (request.appProject) return kind.all(ctx).find(url, request.appProject, { exact: true });
  const same = kind.all(ctx).all.filter(({ repository }) => sameUrl(repository.repo, url));
  const unscoped = same.find(({ repository }) => !repository.project);
  if (unscoped === undefined && same.length > 1) throw invalid(`repository not found for url ${JSON.stringify(url)}: there are several projects' own; name one by appProject`);
  return unscoped ?? same[0];
}

function hidden(request: { repo?: string }, mayKnow: boolean): AppError {
  return mayKnow ? notFound(`repo '${request.repo ?? ""}' not found`) : permissionDenied();
}

async function shown(stored: StoredRepository, repositories: Repositories, ctx: Context, force: boolean) {
  if (stored.problem !== undefined) return shownRepository(stored.repository, { status: "Failed", message: "Configuration error - please check the server logs", attemptedAt: null });
  const complete = repositories.withTemplate(stored.repository);
  return shownRepository({ ...stored.repository, ...(complete.inheritedCreds && { inheritedCreds: true }) }, await connectionState(complete, ctx, { force }));
}

async function requireConnection(repository: Repository, ctx: Context, signal: AbortSignal): Promise<void> {
  try {
    await ctx.repo.test({ repository: accessOf(repository, ctx) }, { signal });
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code === Code.Canceled || error.reason === "ServiceUnavailable") throw error;
    throw unknown(`error testing repository connectivity: ${error.message}`, error.reason, thrown);
  }
}

function repositoryOf(sent: any): Repository {
  const { connectionState: _state, inheritedCreds: _inherited, ...repository } = sent ?? {};
  const out = Object.fromEntries(Object.entries(repository).filter(([, value]) => value !== "" && value !== false && value !== 0 && value !== null && value !== undefined));
  return { ...out, repo: String(repository.repo ?? "").trim(), type: repository.type || "git" };
}

const GO_NAMES: [keyof Repository, string][] = [["username", "Username"], ["password", "Password"], ["sshPrivateKey", "SSHPrivateKey"], ["insecureIgnoreHostKey", "InsecureIgnoreHostKey"], ["insecure", "Insecure"], ["enableLfs", "EnableLFS"], ["tlsClientCertData", "TLSClientCertData"], ["tlsClientCertKey", "TLSClientCertKey"], ["type", "Type"], ["name", "Name"], ["enableOCI", "EnableOCI"], ["githubAppPrivateKey", "GithubAppPrivateKey"], ["githubAppID", "GithubAppId"], ["githubAppInstallationID", "GithubAppInstallationId"], ["githubAppEnterpriseBaseUrl", "GitHubAppEnterpriseBaseURL"], ["proxy", "Proxy"], ["project", "Project"], ["gcpServiceAccountKey", "GCPServiceAccountKey"], ["forceHttpBasicAuth", "ForceHttpBasicAuth"], ["noProxy", "NoProxy"], ["useAzureWorkloadIdentity", "UseAzureWorkloadIdentity"], ["bearerToken", "BearerToken"], ["insecureOCIForceHttp", "InsecureOCIForceHttp"], ["depth", "Depth"]];

function differingFields(stored: Repository, sent: Repository): string[] {
  const value = (repository: Repository, field: keyof Repository) => repository[field] ?? (field === "type" ? "git" : undefined);
  return GO_NAMES.filter(([field]) => (value(stored, field) || "") !== (value(sent, field) || "")).map(([, name]) => name);
}

function qualified(name: string, namespace: string): [namespace: string, name: string] {
  const slash = name.indexOf("/");
  return slash < 0 ? [namespace, name] : [name.slice(0, slash), name.slice(slash + 1)];
}

export const repositoryService: Record<string, Rpc> = {
  List: list(READ),
  ListRepositories: list(READ),
  ListWriteRepositories: list(WRITE),
  Get: get(READ),
  GetWrite: get(WRITE),
  Create: create(READ),
  CreateRepository: create(READ),
  CreateWriteRepository: create(WRITE),
  Update: update(READ),
  UpdateRepository: update(READ),
  UpdateWriteRepository: update(WRITE),
  Delete: remove(READ),
  DeleteRepository: remove(READ),
  DeleteWriteRepository: remove(WRITE),
  ValidateAccess: validate(READ),
  ValidateWriteAccess: validate(WRITE),
  ListRefs: listRefs,
  ListOCITags: listOciTags,
  ListApps: listApps,
  GetAppDetails: getAppDetails,
  GetHelmCharts: getHelmCharts,
};
