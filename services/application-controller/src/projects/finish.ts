import type { AppProject } from "@trireme/api/argo";
import { Finalizer } from "@trireme/gitops";
import { isConflict, isNotFound, refOf } from "@trireme/kube";
import type { Deps } from "../deps.ts";

/** Lets a project that is being deleted go once no application refers to it any more. */
export function finishProjects(deps: Deps): Disposable {
  const { plane, ctx } = deps;
  const check = async (project: AppProject) => {
    const { finalizers, deletionTimestamp, name } = project.metadata;
    if (deletionTimestamp === undefined || finalizers?.includes(Finalizer.Cascade) !== true) return;
    if (plane.apps().some((app) => (app.spec.project || "default") === name)) return;
    const left = finalizers.filter((each) => each !== Finalizer.Cascade);
    try {
      await ctx.control.patch(refOf(project), "merge", { metadata: { resourceVersion: project.metadata.resourceVersion, finalizers: left.length > 0 ? left : null } });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) ctx.log.warn({ project: name, error: (error as Error).message }, "project not released");
    }
  };
  const checkAll = () => plane.projects().forEach((project) => void check(project));
  const stops = [plane.onProject((event) => void (event.type !== "deleted" && check(event.object))), plane.onApp((event) => event.type === "deleted" && checkAll())];
  checkAll();
  return { [Symbol.dispose]: () => stops.forEach((stop) => stop()) };
}
