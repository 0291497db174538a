import type { Application, AppProject } from "@trireme/api/argo";
import { invalid, objectNotFound, permissionDenied } from "../../errors.ts";
import type { Context } from "../../context.ts";
import { projectNameOf, projectOf } from "../../state/projects.ts";
import { APPLICATION } from "../../state/resources.ts";
import type { ApplicationCall, Call, Rule } from "../rpc.ts";

/** How a request names an application. */
export interface ApplicationRef {
  name: string;
  namespace?: string | undefined;
  /** Given: the answer may say that the application is not in it. */
  project?: string | undefined;
}

/** The object that policies know an application by: `<project>/<name>`, with the namespace where it is not the control plane's. */
export function rbacName(app: { metadata: { name?: string; namespace?: string }; spec?: { project?: string } }, controlPlaneNamespace: string): string {
  const { name = "", namespace } = app.metadata;
  const place = namespace !== undefined && namespace !== "" && namespace !== controlPlaneNamespace ? `${namespace}/` : "";
  return `${projectNameOf(app)}/${place}${name}`;
}

/**
 * The application that a request names, if the caller may do `action` to it. Without a project in the
 * request, absent and forbidden answer alike; with one, what the caller may see of that project decides
 * between forbidden and not found.
 */
export async function applicationFor(wanted: ApplicationRef & { action: string; fresh: boolean }, { ctx, caller, signal }: Call): Promise<{ app: Application; project: AppProject }> {
  const namespace = wanted.namespace || ctx.namespace;
  const project = wanted.project ?? "";
  if (wanted.name === "") throw invalid("application name is missing");
  if (project !== "" && !caller.allows("applications", wanted.action, rbacName({ metadata: { name: wanted.name, namespace }, spec: { project } }, ctx.namespace))) throw permissionDenied();

  const app = await find(ctx, namespace, wanted.name, wanted.fresh, signal);
  const hidden = () => (project === "" ? permissionDenied() : objectNotFound("applications", wanted.name));
  if (app === undefined) throw hidden();
  if (!caller.allows("applications", wanted.action, rbacName(app, ctx.namespace))) throw hidden();
  if (project !== "" && projectNameOf(app) !== project) throw hidden();
  return { app, project: requireProject(app, ctx) };
}

/** The application's project, or an answer that does not tell whether it exists. */
export function requireProject(app: Application, ctx: Context): AppProject {
  const projects = { get: (name: string) => ctx.plane.projects.get(ctx.namespace, name), list: () => ctx.plane.projects.list() };
  const project = projectOf(app, projects, ctx.settings.current(), ctx.namespace);
  if (project === undefined) throw invalid(`app is not allowed in project ${JSON.stringify(app.spec.project ?? "")}, or the project does not exist`);
  return project;
}

/** A rule for RPCs about one application. */
export function forApplication(action: string | ((request: any, ctx: Context) => string), ref: (request: any) => ApplicationRef = byName, options: { fresh?: boolean } = {}): Rule {
  return { access: "application", action, ref, ...options };
}

export const byName = (request: any): ApplicationRef => ({ name: request.name ?? "", namespace: request.appNamespace, project: request.project });
export const byApplicationName = (request: any): ApplicationRef => ({ name: request.applicationName ?? "", namespace: request.appNamespace, project: request.project });

async function find(ctx: Context, namespace: string, name: string, fresh: boolean, signal: AbortSignal): Promise<Application | undefined> {
  if (!ctx.applications.serves(namespace)) return undefined;
  const known = ctx.applications.get(namespace, name);
  // What the watch has not brought yet may have been made by somebody else a moment ago.
  if (known !== undefined && !fresh) return known;
  const found = await ctx.kube.find<Application>({ ...APPLICATION, namespace, name }, { signal });
  if (found !== undefined) ctx.applications.observe(found);
  return found;
}

export type { ApplicationCall };
