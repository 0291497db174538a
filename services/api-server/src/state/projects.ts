import type { Application, AppProject } from "@trireme/api/argo";
import { isAppNamespacePermitted, type ProjectCluster } from "@trireme/gitops";
import type { Cluster, Settings } from "@trireme/settings";
import { matchesSelector } from "./label-selector.ts";

const INHERITED = ["clusterResourceWhitelist", "clusterResourceBlacklist", "namespaceResourceWhitelist", "namespaceResourceBlacklist", "syncWindows", "sourceRepos", "destinations", "destinationServiceAccounts"] as const;

export interface ProjectSource {
  get(name: string): AppProject | undefined;
  list(): readonly AppProject[];
}

/** Name of the project that an application belongs to. */
export function projectNameOf(app: { spec?: { project?: string } }): string {
  return app.spec?.project || "default";
}

/** A project with what its global projects add. */
export function effectiveProject(project: AppProject, projects: ProjectSource, settings: Settings): AppProject {
  const parents = globalProjectsOf(project, projects, settings);
  if (parents.length === 0) return project;
  const spec: Record<string, unknown> = { ...project.spec };
  for (const parent of parents) {
    for (const field of INHERITED) {
      const added = parent.spec[field] as unknown[] | undefined;
      if (added !== undefined && added !== null) spec[field] = [...((spec[field] as unknown[] | undefined) ?? []), ...added];
    }
  }
  return { ...project, spec: spec };
}

/** The projects that argocd-cm's `globalProjects` makes this one inherit from. */
export function globalProjectsOf(project: AppProject, projects: ProjectSource, settings: Settings): AppProject[] {
  return settings.globalProjects.flatMap((entry) => {
    if (entry.projectName === project.metadata.name || !matchesSelector(entry.labelSelector, project.metadata.labels ?? {})) return [];
    const parent = projects.get(entry.projectName);
    return parent === undefined ? [] : [parent];
  });
}

/** The project that an application may use, global ones merged in; `undefined` where there is none or it does not admit the namespace. */
export function projectOf(app: Application, projects: ProjectSource, settings: Settings, controlPlaneNamespace: string): AppProject | undefined {
  const project = projects.get(projectNameOf(app));
  if (project === undefined || !isAppNamespacePermitted(project, app.metadata.namespace ?? controlPlaneNamespace, controlPlaneNamespace)) return undefined;
  return effectiveProject(project, projects, settings);
}

export function projectCluster(cluster: Cluster): ProjectCluster {
  return { server: cluster.server, name: cluster.name, ...(cluster.project !== "" && { project: cluster.project }), namespaces: cluster.namespaces };
}

/** Clusters and repository URLs that belong to the project itself: its applications may use them. */
export function projectScoped(settings: Settings, project: string): { clusters: ProjectCluster[]; repositories: string[] } {
  return {
    clusters: settings.clusters.ofProject(project).map(projectCluster),
    repositories: settings.repositories.all.flatMap(({ repository }) => (repository.project === project && project !== "" ? [repository.repo] : [])),
  };
}
