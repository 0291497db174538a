import type { Application } from "@trireme/api/argo";
import { normalizeGitUrl } from "@trireme/settings";
import { parseLabelSelector } from "../../state/label-selector.ts";
import { projectNameOf } from "../../state/projects.ts";

/** What a list or a watch of applications asks for. */
export interface ApplicationFilter {
  matches(app: Application): boolean;
}

/** `projects` and its older name `project`. */
export function projectsOf(request: any): string[] {
  return [...(request.projects ?? []), ...(request.project ?? [])].filter((name: string) => name !== "");
}

/** Throws InvalidArgument for a selector that cannot be read. */
export function applicationFilter(request: any): ApplicationFilter {
  const labels = parseLabelSelector(request.selector ?? "");
  const projects = new Set(projectsOf(request));
  const repo = request.repo ? normalizeGitUrl(request.repo) : "";
  return {
    matches(app) {
      if (request.name && app.metadata.name !== request.name) return false;
      if (request.appNamespace && app.metadata.namespace !== request.appNamespace) return false;
      if (projects.size > 0 && !projects.has(projectNameOf(app))) return false;
      if (repo !== "" && ![app.spec.source, ...(app.spec.sources ?? [])].some((source) => source && normalizeGitUrl(source.repoURL ?? "") === repo)) return false;
      return labels(app.metadata.labels ?? {});
    },
  };
}
