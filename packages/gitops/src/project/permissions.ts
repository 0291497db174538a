import type { GroupKind, ObjectKey } from "@trireme/api";
import type { ApplicationDestination, AppProject, AppProjectSpec, ClusterResourceRestrictionItem } from "@trireme/api/argo";
import { globMatches, listMatches } from "../globs.ts";
import { normalizeRepoUrl } from "./repo-url.ts";

/** A cluster as projects name it. */
export interface ProjectCluster {
  server: string;
  name: string;
  /** Project whose own the cluster is; "" for everybody's. */
  project?: string;
  namespaces?: readonly string[];
}

/** Whether a project's sources allow a repository. A deny entry (`!x`) allows every other URL, as in Argo CD. */
export function isSourcePermitted(project: AppProjectSpec, repoURL: string, ownRepositories: readonly string[] = []): boolean {
  const url = normalizeRepoUrl(repoURL);
  let permitted = false;
  for (const entry of [...(project.sourceRepos ?? []), ...ownRepositories]) {
    const denies = entry.startsWith("!");
    const pattern = denies ? entry.slice(1) : entry;
    const matches = pattern === "*" || globMatches(normalizeRepoUrl(pattern), url, "/");
    if (denies && matches) return false;
    permitted ||= denies || matches;
  }
  return permitted;
}

/** Whether objects may go to a namespace of a cluster. Pass "" for the namespace to ask about the cluster alone. */
export function isDestinationPermitted(project: AppProjectSpec, cluster: ProjectCluster, namespace: string, projectClusters: readonly ProjectCluster[] = []): boolean {
  if (project.permitOnlyProjectScopedClusters === true && !projectClusters.some((own) => own.server === cluster.server || own.name === cluster.name)) return false;
  const own = projectClusters.flatMap((each): ApplicationDestination[] => (each.namespaces === undefined || each.namespaces.length === 0 ? ["*"] : each.namespaces).map((ns) => ({ server: each.server, name: each.name, namespace: ns })));
  let permitted = false;
  for (const entry of [...(project.destinations ?? []), ...own]) {
    const server = cluster.server !== "" && matches(entry.server, cluster.server);
    const name = cluster.name !== "" && matches(entry.name, cluster.name);
    const place = matches(entry.namespace, namespace);
    if ((server || name) && place) permitted = true;
    else if ((!name && isDenial(entry.name)) || (!server && isDenial(entry.server) && place)) return false;
    else if (!place && isDenial(entry.namespace) && server) return false;
  }
  return permitted;
}

/** One field of a destination: `!x` denies x and, as in Argo CD, matches everything else. */
function matches(pattern: string | undefined, text: string): boolean {
  if (isDenial(pattern)) return !globMatches(pattern!.slice(1), text);
  return globMatches(pattern ?? "", text);
}

const isDenial = (pattern: string | undefined): boolean => pattern?.startsWith("!") === true;

/** Whether a kind (and, for cluster-scoped ones, a name) may be managed. */
export function isKindPermitted(project: AppProjectSpec, kind: GroupKind, name: string, namespaced: boolean): boolean {
  if (namespaced) {
    const allowed = project.namespaceResourceWhitelist === undefined || project.namespaceResourceWhitelist === null || inList(project.namespaceResourceWhitelist, kind, name);
    return allowed && !inList(project.namespaceResourceBlacklist, kind, name);
  }
  return inList(project.clusterResourceWhitelist, kind, name) && !inList(project.clusterResourceBlacklist, kind, name);
}

function inList(list: readonly ClusterResourceRestrictionItem[] | undefined, kind: GroupKind, name: string): boolean {
  return list?.some((entry) => globMatches(entry.group, kind.group, "/") && globMatches(entry.kind, kind.kind, "/") && (entry.name === undefined || entry.name === "" || globMatches(entry.name, name, "/"))) ?? false;
}

/** Whether a live object may be touched for the project: its kind, and its namespace on that cluster. */
export function isLivePermitted(project: AppProjectSpec, key: ObjectKey, cluster: ProjectCluster, projectClusters: readonly ProjectCluster[] = []): boolean {
  if (!isKindPermitted(project, key, key.name, key.namespace !== "")) return false;
  return key.namespace === "" || isDestinationPermitted(project, cluster, key.namespace, projectClusters);
}

/** Whether applications of this project may live in a namespace; the control plane's own always may. */
export function isAppNamespacePermitted(project: AppProject, namespace: string, controlPlaneNamespace: string): boolean {
  return namespace === controlPlaneNamespace || (project.spec.sourceNamespaces?.some((entry) => listMatches(entry, namespace)) ?? false);
}

/** Why a task of a sync may not run; `undefined` where it may. Argo's words. */
export function syncProblem(project: AppProject, key: ObjectKey, namespaced: boolean, cluster: ProjectCluster, projectClusters: readonly ProjectCluster[] = []): string | undefined {
  if (!isKindPermitted(project.spec, key, key.name, namespaced)) return `resource ${key.group}:${key.kind} is not permitted in project ${project.metadata.name}`;
  if (namespaced && !isDestinationPermitted(project.spec, cluster, key.namespace, projectClusters)) return `namespace ${key.namespace} is not permitted in project '${project.metadata.name}'`;
  return undefined;
}

/**
 * The service account that a project's operations act as (`system:serviceaccount:ns:name`): the first entry that
 * matches, "" where none does. Throws TypeError for an entry that cannot be one.
 */
export function impersonatedAccount(project: AppProject, cluster: { server: string }, destinationNamespace: string): string {
  for (const entry of project.spec.destinationServiceAccounts ?? []) {
    if (!globMatches(entry.server, cluster.server) || !globMatches(entry.namespace ?? "", destinationNamespace)) continue;
    const account = entry.defaultServiceAccount;
    if (account.trim() === "" || /[!*[\]{}\\/]/.test(account)) throw new TypeError(`default service account contains invalid chars '${account}'`);
    return account.includes(":") ? `system:serviceaccount:${account}` : `system:serviceaccount:${destinationNamespace}:${account}`;
  }
  return "";
}
