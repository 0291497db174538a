import type { Application, ApplicationSource, AppProject } from "@trireme/api/argo";
import { isDestinationPermitted, isSourcePermitted, sourcesOf, specProblems } from "@trireme/gitops";
import { AppError, asAppError, Code } from "@trireme/runtime";
import { chartRepositories, renderTools, trustOf, type Cluster } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { invalid, unknown } from "../../errors.ts";
import { projectCluster, projectNameOf, projectScoped } from "../../state/projects.ts";
import { sourceOf } from "../../state/repository-access.ts";
import { rbacName, requireProject } from "./access.ts";
import { resolveDestination } from "./destination.ts";
import { normalizeSpec } from "./normalize.ts";
import type { Call } from "../rpc.ts";

/**
 * Says whether an application may be written as it stands, in the order of Argo CD: moving between
 * projects, destination, repositories and manifests (unless `validate` is off), what the project
 * permits. The answer has its spec normalised. Throws InvalidArgument with what is wrong.
 */
export async function validated(app: Application, options: { current: Application | undefined; validate: boolean }, call: Call): Promise<Application> {
  const { ctx } = call;
  const name = app.metadata.name ?? "";
  if (name === "") throw unknown("resource name may not be empty", "InvalidSpec");
  requireUniqueSourceNames(app);
  requireMove(app, options.current, call);
  const project = requireProject(app, ctx);
  const destination = resolveDestination(app, ctx);
  if ("problem" in destination) throw invalid(`application destination spec for ${name} is invalid: ${destination.problem}`);

  const shape = specProblems(app).map((problem) => `${problem.type}: ${problem.message}`);
  if (shape.length > 0) throw invalid(`application spec for ${name} is invalid: ${shape.join(";")}`, "InvalidSpec");
  const conditions = [...permissionProblems(app, project, destination.cluster, ctx), ...(options.validate ? await renderProblems(app, destination.cluster, call) : [])];
  if (conditions.length > 0) throw invalid(`application spec for ${name} is invalid: ${conditions.map((message) => `InvalidSpecError: ${message}`).join(";")}`, "InvalidSpec");
  return { ...app, spec: normalizeSpec(app.spec) };
}

function requireUniqueSourceNames(app: Application): void {
  const names = (app.spec.sources ?? []).flatMap((source) => source.name || []);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`application ${app.metadata.name} has duplicate source name: ${twice}`);
}

/** Whoever moves an application to another project needs to create there and to update here. */
function requireMove(app: Application, current: Application | undefined, { ctx, caller }: Call): void {
  if (current === undefined || projectNameOf(current) === projectNameOf(app)) return;
  caller.require("applications", "create", rbacName(app, ctx.namespace));
  caller.require("applications", "update", rbacName(current, ctx.namespace));
}

function permissionProblems(app: Application, project: AppProject, cluster: Cluster, ctx: Context): string[] {
  const name = project.metadata.name ?? "";
  const own = projectScoped(ctx.settings.current(), name);
  const sources = sourcesOf(app.spec).filter((source) => !isSourcePermitted(project.spec, source.repoURL, own.repositories)).map((source) => `application repo ${source.repoURL} is not permitted in project '${name}'`);
  const namespace = app.spec.destination.namespace ?? "";
  if (isDestinationPermitted(project.spec, projectCluster(cluster), namespace, own.clusters)) return sources;
  const server = app.spec.destination.name ? cluster.name : cluster.server;
  return [...sources, `application destination server '${server}' and namespace '${namespace}' do not match any of the allowed destinations in project '${name}'`];
}

/** Renders every source once, as the controller will: what fails now would fail then. */
async function renderProblems(app: Application, cluster: Cluster, { ctx, signal }: Call): Promise<string[]> {
  const project = projectNameOf(app);
  const settings = ctx.settings.current();
  const sources = sourcesOf(app.spec);
  let version: { kubeVersion: string; apiVersions: string[] };
  try {
    version = await clusterVersion(cluster, ctx, signal);
  } catch (thrown) {
    throw unknown(`error validating the repo: error getting k8s server version: ${asAppError(thrown).message}`, "ClusterUnreachable", thrown);
  }
  const request = {
    appName: app.metadata.name ?? "",
    appNamespace: app.metadata.namespace || ctx.namespace,
    instanceName: app.metadata.name ?? "",
    project,
    destinationNamespace: app.spec.destination.namespace ?? "",
    sources: sources.map((source) => sourceOf(source, project, ctx)),
    ...version,
    tools: renderTools(settings),
    noRevisionCache: true,
    extraRepositories: chartRepositories(project, settings, trustOf(ctx.settings)),
  };
  try {
    // The header comes once everything is rendered; the objects themselves are the controller's business.
    for await (const _part of ctx.repo.render(request, { signal })) break;
    return [];
  } catch (thrown) {
    return [renderProblem(asAppError(thrown), sources)];
  }
}

/** The repository itself could not be read, whatever stands in it. */
const NOT_ACCESSIBLE = new Set(["RepositoryNotFound", "RepositoryUnreachable", "GitAuthenticationRequired", "GitAuthorizationFailed", "GitServerError", "GitServerUnreachable", "GitTimeout", "GitProtocolError"]);
/** Nobody looked at the source: that says nothing about the application. */
const NOT_ASKED = new Set(["ServiceUnavailable", "DeadlineExceeded", "Canceled"]);

/** What a source that cannot be rendered is said to be, in Argo CD's words. Throws where nobody looked at it. */
export function renderProblem(error: AppError, sources: readonly ApplicationSource[]): string {
  if (NOT_ASKED.has(error.reason)) throw new AppError(`error validating the repo: ${error.message}`, { reason: error.reason, code: error.code, retry: error.retry, cause: error });
  const failing = failingSource(error, sources);
  if (NOT_ACCESSIBLE.has(error.reason) || error.code === Code.Unauthenticated) return `repository not accessible: repositories not accessible: ${failing?.repoURL}: ${error.message}`;
  const code = Object.entries(Code).find(([, number]) => number === error.code)?.[0] ?? "Unknown";
  return `Unable to generate manifests in ${failing?.path ?? ""}: rpc error: code = ${code === "Internal" || code === "NotFound" || code === "InvalidArgument" || code === "FailedPrecondition" ? "Unknown" : code} desc = ${error.message}`;
}

/** Of several sources the one that the failure names by its repository or path. */
function failingSource({ details }: AppError, sources: readonly ApplicationSource[]): ApplicationSource | undefined {
  const named = sources.filter(({ repoURL, path }) => (details["repository"] === undefined || details["repository"] === repoURL) && (details["path"] === undefined || details["path"] === path));
  return named[0] ?? sources[0];
}

/** What charts may ask about the cluster. */
export async function clusterVersion(cluster: Cluster, ctx: Context, signal: AbortSignal): Promise<{ kubeVersion: string; apiVersions: string[] }> {
  const { serverVersion, resources } = await ctx.destinations.of(cluster).discovery({ signal });
  const apiVersions = new Set<string>();
  for (const { group, version, kind } of resources) {
    const groupVersion = group === "" ? version : `${group}/${version}`;
    apiVersions.add(groupVersion).add(`${groupVersion}/${kind}`);
  }
  return { kubeVersion: serverVersion.gitVersion.replace(/^v/, "").replace(/[-+].*$/, ""), apiVersions: [...apiVersions].sort() };
}
