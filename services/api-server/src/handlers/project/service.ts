import type { AppProject } from "@trireme/api/argo";
import { isActive, isDestinationPermitted, isSourcePermitted, sourcesOf } from "@trireme/gitops";
import { isAlreadyExists } from "@trireme/kube";
import type { Context } from "../../context.ts";
import { invalid } from "../../errors.ts";
import { deleteObject } from "../../state/delete-object.ts";
import { globalProjectsOf, projectCluster, projectNameOf, projectScoped } from "../../state/projects.ts";
import { PROJECT } from "../../state/resources.ts";
import { eventsOf } from "../application/resources/resource-events.ts";
import { canonical } from "../application/same-spec.ts";
import { destinationCluster } from "../application/write.ts";
import { deepLinks } from "../links.ts";
import { shownRepository } from "../repository/shown.ts";
import { check, filter, inside, unary, type Call, type Rpc } from "../rpc.ts";
import { changeProject, projectNamed, recordProject } from "./access.ts";
import { createToken, deleteToken } from "./tokens.ts";
import { normalizePolicies, validateProject } from "./validate.ts";

const read = check("projects", "get", (request) => request.name ?? "");

const list = unary(filter("projects"), async (_request, { ctx, caller }) => {
  const items = ctx.plane.projects.list().filter((project) => caller.allows("projects", "get", project.metadata.name ?? ""));
  const highest = ctx.plane.projects.list().reduce((top, { metadata }) => (BigInt(metadata.resourceVersion ?? 0) > top ? BigInt(metadata.resourceVersion ?? 0) : top), 0n);
  return { metadata: { resourceVersion: String(highest) }, items: items.sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1)) };
});

const get = unary(read, (request, call) => projectNamed(request.name ?? "", call));

/** A project with what belongs to it alone and what it inherits. */
const getDetailedProject = unary(read, async (request, call) => {
  const { ctx } = call;
  const project = await projectNamed(request.name ?? "", call);
  const settings = ctx.settings.current();
  const clusters = settings.clusters.ofProject(project.metadata.name ?? "").map(({ server, name, namespaces, project: owner, labels, annotations }) => ({ server, name, config: { tlsClientConfig: { insecure: false } }, namespaces, project: owner, labels, annotations }));
  const repositories = settings.repositories.all.filter(({ repository }) => repository.project === project.metadata.name).map(({ repository }) => shownRepository(repository));
  return { globalProjects: parents(project, ctx), project, repositories, clusters };
});

const getGlobalProjects = unary(read, async (request, call) => ({ items: parents(await projectNamed(request.name ?? "", call), call.ctx) }));

const create = unary(inside("the object carries the name", ["projects", "create"], ["projects", "update"]), async (request, call) => {
  const { ctx, caller, signal } = call;
  const sent = request.project as AppProject | undefined;
  if (sent === undefined || sent === null) throw invalid("missing payload 'project' in request");
  const name = sent.metadata?.name ?? "";
  caller.require("projects", "create", name);
  const wanted = normalizePolicies({ ...sent, spec: sent.spec ?? {} });
  validateProject(wanted);
  const { labels, annotations, finalizers } = sent.metadata ?? {};
  try {
    const created = await ctx.kube.create<AppProject>({ apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name, namespace: ctx.namespace, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) }, spec: wanted.spec }, { fieldManager: "argocd-server", signal });
    ctx.plane.projects.observe(created);
    recordProject(created, "ResourceCreated", "created project", call);
    return created;
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
  }
  const existing = await projectNamed(name, call);
  if (request.upsert !== true) {
    if (canonical(existing.spec) !== canonical(wanted.spec)) throw invalid(`existing project spec is different; use upsert flag to force update; difference in keys ${JSON.stringify(differingKeys(existing.spec, wanted.spec))}`, "ProjectExists");
    return existing;
  }
  caller.require("projects", "update", name);
  const updated = await changeProject(existing, (current) => ({ ...current, spec: wanted.spec }), call);
  recordProject(updated, "ResourceCreated", "created project", call);
  return updated;
});

const update = unary(inside("the object carries the name; new clusters and repositories need rights too", ["projects", "update"], ["clusters", "update"], ["repositories", "update"]), async (request, call) => {
  const { caller } = call;
  const sent = request.project as AppProject | undefined;
  if (sent === undefined || sent === null) throw invalid("missing payload 'project' in request");
  const name = sent.metadata?.name ?? "";
  caller.require("projects", "update", name);
  const wanted = normalizePolicies({ ...sent, spec: sent.spec ?? {} });
  validateProject(wanted);
  const old = await projectNamed(name, call);
  requireNewParts(old, wanted, call);
  requireApplicationsStay(old, wanted, call.ctx);
  const { labels, annotations, finalizers, resourceVersion } = sent.metadata ?? {};
  const updated = await changeProject(
    old,
    (current) => {
      if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) throw invalid(`project ${name} was changed by somebody else; read it again`, "Conflict");
      const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...identity } = current.metadata;
      return { ...current, metadata: { ...identity, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) }, spec: wanted.spec };
    },
    call,
  );
  recordProject(updated, "ResourceUpdated", "updated project", call);
  return updated;
});

const remove = unary(check("projects", "delete", (request) => request.name ?? ""), async (request, call) => {
  const { ctx, signal } = call;
  const name: string = request.name ?? "";
  if (name === "default") throw invalid("name 'default' is reserved and cannot be deleted");
  const project = await projectNamed(name, call);
  const users = ctx.applications.list().filter((app) => projectNameOf(app) === name).length;
  if (users > 0) throw invalid(`project is referenced by ${users} applications`, "ProjectInUse");
  await deleteObject(project, PROJECT, ctx.plane.projects, ctx, signal);
  recordProject(project, "ResourceDeleted", "deleted project", call);
  return {};
});

const listEvents = unary(read, async (request, call) => {
  const { metadata } = await projectNamed(request.name ?? "", call);
  await call.ctx.events.flush();
  return eventsOf(call.ctx.kube, { name: metadata.name ?? "", uid: metadata.uid ?? "", namespace: call.ctx.namespace }, call.signal);
});

const getSyncWindowsState = unary(read, async (request, call) => {
  const { spec } = await projectNamed(request.name ?? "", call);
  return { windows: (spec.syncWindows ?? []).filter((window) => isActive(window, call.ctx.clock.now())) };
});

const listLinks = unary(read, async (request, call) => {
  const { status: _tokens, ...project } = await projectNamed(request.name ?? "", call);
  return deepLinks(call.ctx.settings.current().links.project, { project }, call.ctx.log);
});

function parents(project: AppProject, ctx: Context): AppProject[] {
  const projects = { get: (name: string) => ctx.plane.projects.get(ctx.namespace, name), list: () => ctx.plane.projects.list() };
  return globalProjectsOf(project, projects, ctx.settings.current());
}

/** Whoever opens a project to more clusters, repositories or kinds needs rights there too. */
function requireNewParts(old: AppProject, wanted: AppProject, { caller }: Call): void {
  const clusters = (project: AppProject) => [...new Set((project.spec.destinations ?? []).map(({ server }) => server ?? ""))].filter((server) => server !== "");
  const kinds = (project: AppProject) => canonical([project.spec.clusterResourceWhitelist, project.spec.clusterResourceBlacklist, project.spec.namespaceResourceWhitelist, project.spec.namespaceResourceBlacklist]);
  for (const server of clusters(wanted).filter((one) => !clusters(old).includes(one))) caller.require("clusters", "update", server);
  for (const repo of (wanted.spec.sourceRepos ?? []).filter((one) => !(old.spec.sourceRepos ?? []).includes(one))) caller.require("repositories", "update", repo);
  if (kinds(old) !== kinds(wanted)) for (const server of clusters(wanted)) caller.require("clusters", "update", server);
}

/** What applications use now may not be taken from under them. */
function requireApplicationsStay(old: AppProject, wanted: AppProject, ctx: Context): void {
  const own = projectScoped(ctx.settings.current(), old.metadata.name ?? "");
  let sources = 0;
  let destinations = 0;
  for (const app of ctx.applications.list().filter((one) => projectNameOf(one) === old.metadata.name)) {
    const permitted = (project: AppProject) => sourcesOf(app.spec).every((source) => isSourcePermitted(project.spec, source.repoURL, own.repositories));
    if (permitted(old) && !permitted(wanted)) sources++;
    const cluster = destinationCluster(app, ctx);
    if (cluster === undefined) continue;
    const reached = (project: AppProject) => isDestinationPermitted(project.spec, projectCluster(cluster), app.spec.destination.namespace ?? "", own.clusters);
    if (reached(old) && !reached(wanted)) destinations++;
  }
  const parts = [...(sources > 0 ? [`${sources} applications source became invalid`] : []), ...(destinations > 0 ? [`${destinations} applications destination became invalid`] : [])];
  if (parts.length > 0) throw invalid(`as a result of project update ${parts.join(" and ")}`, "ProjectInUse");
}

function differingKeys(a: object, b: object): string {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => canonical((a as Record<string, unknown>)[key]) !== canonical((b as Record<string, unknown>)[key])).map((key) => key[0]!.toUpperCase() + key.slice(1)).join(",");
}

export const projectService: Record<string, Rpc> = {
  List: list,
  Get: get,
  GetDetailedProject: getDetailedProject,
  GetGlobalProjects: getGlobalProjects,
  Create: create,
  Update: update,
  Delete: remove,
  CreateToken: createToken,
  DeleteToken: deleteToken,
  ListEvents: listEvents,
  GetSyncWindowsState: getSyncWindowsState,
  ListLinks: listLinks,
};
