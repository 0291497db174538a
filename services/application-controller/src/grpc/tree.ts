import { keyOf } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import type { ResourceNode } from "@trireme/gitops";
import type { Reconciler } from "../applications/reconciler.ts";
import type { Comparison } from "../applications/compare.ts";
import { factsOf } from "../applications/facts.ts";
import { orphans } from "../applications/orphans.ts";
import { treeNodes } from "../applications/status.ts";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";
import { hostsOf } from "./hosts.ts";

export interface ApplicationTree {
  nodes: ResourceNode[];
  orphanedNodes?: ResourceNode[];
  hosts?: unknown[];
}

/** An application's objects with everything below them, as clients draw it. */
export function applicationTree(deps: Deps, reconciler: Reconciler, app: Application): ApplicationTree {
  const memory = reconciler.memory(app);
  const live = deps.clusters.live(deps.clusters.resolve(app.spec.destination));
  const settings = deps.plane.settings();
  const labels = (settings.config["resource.customLabels"] ?? "").split(",").map((label) => label.trim()).filter((label) => label !== "");
  const objects = [...(memory?.compared.values() ?? [])].map((compared) => ({ ...compared, live: compared.live === undefined ? live.get(compared.key) : (live.get(compared.key) ?? compared.live) }));
  const nodes = treeNodes({ objects, conditions: [] }, live, labels).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const orphaned = orphanedNodes(deps, app, objects, live, labels);
  const hosts = hostsOf(nodes, live, (settings.config["application.allowedNodeLabels"] ?? "").split(",").map((label) => label.trim()).filter((label) => label !== ""));
  return { nodes, ...(orphaned.length > 0 && { orphanedNodes: orphaned }), ...(hosts.length > 0 && { hosts }) };
}

const nameOf = (node: ResourceNode): string => `${node.group ?? ""}/${node.kind}/${node.namespace ?? ""}/${node.name}`;


function orphanedNodes(deps: Deps, app: Application, objects: Comparison["objects"], live: LiveCluster, labels: readonly string[]): ResourceNode[] {
  let facts;
  try {
    facts = factsOf(deps, app);
  } catch {
    return [];
  }
  const found = orphans(facts, { objects, conditions: [] }, facts.isApp);
  return treeNodes({ objects: found.map((object) => ({ key: keyOf(object), target: undefined, live: object, modified: false, predicted: undefined, normalizedLive: undefined, differences: [] })), conditions: [] }, live, labels).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
