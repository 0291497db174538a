import type { AppProject } from "@trireme/api/argo";
import { isConflict } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime";
import { objectNotFound } from "../../errors.ts";
import { PROJECT } from "../../state/resources.ts";
import type { Call } from "../rpc.ts";

const ATTEMPTS = 5;

/** The project, from memory or, where the watch has not brought it yet, from the API server. */
export async function findProject(name: string, { ctx, signal }: Call): Promise<AppProject | undefined> {
  const known = ctx.plane.projects.get(ctx.namespace, name);
  if (known !== undefined || name === "") return known;
  const found = await ctx.kube.find<AppProject>({ ...PROJECT, namespace: ctx.namespace, name }, { signal });
  if (found !== undefined) ctx.plane.projects.observe(found);
  return found;
}

export async function projectNamed(name: string, call: Call): Promise<AppProject> {
  const found = await findProject(name, call);
  if (found === undefined) throw objectNotFound("appprojects", name);
  return found;
}

/** Writes a project as `change` makes it from the newest one; a lost race is read again and decided again. */
export async function changeProject(project: AppProject, change: (current: AppProject) => AppProject, { ctx, signal }: Call): Promise<AppProject> {
  let current = project;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const written = await ctx.kube.update<AppProject>({ ...change(current), apiVersion: "argoproj.io/v1alpha1", kind: "AppProject" }, { fieldManager: "argocd-server", signal });
      ctx.plane.projects.observe(written);
      return written;
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
      current = await ctx.kube.get<AppProject>({ ...PROJECT, namespace: ctx.namespace, name: project.metadata.name ?? "" }, { signal });
    }
  }
  throw new AppError(`project ${project.metadata.name} changed ${ATTEMPTS} times while it was being written`, { reason: "TooManyConflicts", code: Code.Aborted, retry: "now" });
}

/** Writes down who did what to a project, as an Event on it. */
export function recordProject(project: AppProject, reason: string, what: string, { ctx, caller }: Call): void {
  ctx.events.record({ ...project, apiVersion: "argoproj.io/v1alpha1", kind: "AppProject" }, reason, `${caller.username || "Unknown user"} ${what}`);
}
