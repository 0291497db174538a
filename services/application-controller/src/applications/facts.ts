import { gvkOf, keyOf } from "@trireme/api";
import type { Application, ApplicationCondition, AppProject } from "@trireme/api/argo";
import { refOf } from "@trireme/kube";
import { instanceName, isAppNamespacePermitted, isDestinationPermitted, specProblems, type IgnoreRule, type TrackingSettings } from "@trireme/gitops";
import { AppError, asAppError, Code } from "@trireme/runtime";
import type { Cluster, Settings, Trust } from "@trireme/settings";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { ClusterSchemas } from "../clusters/schemas.ts";
import type { Deps } from "../deps.ts";
import { checkManifests } from "./check-manifests.ts";
import { compareAll, ignoreRules, type Comparison } from "./compare.ts";
import type { AppMemory, Desired } from "./memory.ts";
import { keptTargets } from "./kept-fields.ts";
import { orphanCondition, orphanKinds, orphans } from "./orphans.ts";

/** What could change under a visit, read once at its start so that every step sees the same. */
export interface Facts {
  app: Application;
  project: AppProject;
  settings: Settings;
  cluster: Cluster;
  live: LiveCluster;
  schemas: ClusterSchemas;
  tracking: TrackingSettings;
  instance: string;
  projectClusters: readonly Cluster[];
  rules: readonly IgnoreRule[];
  /** Whether an object's mark is that of an application that there is. */
  isApp(instance: string): boolean;
  trust: Trust;
}

/** The application cannot be compared as it stands; the conditions say why, each naming its field. */
export class SpecError extends AppError {
  override readonly name = "SpecError";
  readonly conditions: readonly ApplicationCondition[];

  constructor(conditions: readonly ApplicationCondition[]) {
    super(conditions.map((condition) => condition.message).join("; "), { reason: "InvalidSpec", code: Code.FailedPrecondition, retry: "never" });
    this.conditions = conditions;
  }
}

/** Throws SpecError. */
export function factsOf(deps: Deps, app: Application): Facts {
  const { plane, clusters } = deps;
  const namespace = app.metadata.namespace ?? "";
  const problems = specProblems(app);
  if (problems.length > 0) throw new SpecError(problems);
  const settings = plane.settings();
  let project: AppProject;
  let cluster: Cluster;
  try {
    project = plane.project(app.spec.project ?? "");
  } catch (error) {
    throw new SpecError([{ type: "InvalidSpecError", message: asAppError(error).message }]);
  }
  if (!isAppNamespacePermitted(project, namespace, plane.namespace)) {
    throw new SpecError([{ type: "UnknownError", message: `app.Namespace '${namespace}' is not allowed in project '${project.metadata.name}'` }]);
  }
  try {
    cluster = clusters.resolve(app.spec.destination);
  } catch (error) {
    throw new SpecError([{ type: "InvalidSpecError", message: `application destination spec for ${app.metadata.name} is invalid: ${asAppError(error).message}` }]);
  }
  const projectClusters = settings.clusters.ofProject(project.metadata.name ?? "");
  if (!isDestinationPermitted(project.spec, cluster, app.spec.destination.namespace ?? "", projectClusters)) {
    const { server, name } = app.spec.destination;
    throw new SpecError([{ type: "InvalidSpecError", message: `application destination server '${server || name}' and namespace '${app.spec.destination.namespace ?? ""}' do not match any of the allowed destinations in project '${project.metadata.name}'` }]);
  }
  const live = clusters.live(cluster);
  return {
    app,
    project,
    settings,
    cluster,
    live,
    schemas: deps.schemas(live),
    tracking: settings.tracking,
    instance: instanceName({ namespace, name: app.metadata.name ?? "" }, plane.namespace),
    projectClusters,
    rules: ignoreRules(app, settings),
    isApp: (instance) => instance !== "" && plane.appOfInstance(instance) !== undefined,
    trust: plane.trust(),
  };
}

/** Compares an application's desired state with the cluster, listing what has to be listed first. Throws where anything is unreadable. */
export async function compareWith(facts: Facts, memory: AppMemory, desired: Desired, signal: AbortSignal): Promise<Comparison> {
  const { app, live, schemas } = facts;
  const kinds = [...desired.targets.values(), ...desired.hooks].map(gvkOf);
  const before = [...(app.status?.resources ?? []), ...(app.status?.operationState?.syncResult?.resources ?? [])].map(({ group = "", kind }) => ({ group, kind }));
  const namespaces = app.spec.syncPolicy?.syncOptions?.includes("CreateNamespace=true") === true ? [{ group: "", kind: "Namespace" }] : [];
  const everything = orphanKinds(facts.project, live, facts.settings);
  if (everything.length > 0) await live.watchForTree(everything, signal);
  await live.ensure([...kinds, ...before.filter(({ kind }) => kind !== ""), ...namespaces], signal);
  await schemas.load([...desired.targets.values(), ...desired.hooks], signal);
  const rules = JSON.stringify([facts.rules, facts.settings.compare, app.spec.syncPolicy?.syncOptions]);
  await convert(facts, memory, desired, signal);
  const { byKey, ...comparison } = compareAll(
    {
      desired,
      targets: keptTargets(desired, schemas),
      live,
      schemas,
      project: facts.project,
      cluster: facts.cluster,
      projectClusters: facts.projectClusters,
      tracking: facts.tracking,
      instance: facts.instance,
      appName: `${app.metadata.namespace}/${app.metadata.name}`,
      syncOptions: app.spec.syncPolicy?.syncOptions ?? [],
      ignoreDifferences: facts.rules,
      compareOptions: facts.settings.compare,
      converted: memory.converted,
    },
    memory.comparedRules === rules ? memory.compared : new Map(),
  );
  comparison.conditions.push(...checkManifests(desired, schemas, app.spec.syncPolicy?.syncOptions ?? []));
  comparison.conditions.push(...orphanCondition(facts.project, orphans(facts, comparison, facts.isApp)));
  memory.compared = byKey;
  memory.comparedRules = rules;
  return comparison;
}

/** A live object is watched in the cluster's preferred version; where Git writes another, it is read in that one. */
async function convert(facts: Facts, memory: AppMemory, desired: Desired, signal: AbortSignal): Promise<void> {
  for (const [id, target] of desired.targets) {
    const found = facts.live.get(keyOf(target));
    if (found === undefined || found.apiVersion === target.apiVersion) {
      memory.converted.delete(id);
      continue;
    }
    if (memory.converted.get(id)?.from === found) continue;
    const object = await facts.live.client.find(refOf(target), { signal });
    if (object !== undefined) memory.converted.set(id, { from: found, object: facts.live.redact(object) });
  }
}
