import type { Application, ResourceNode } from "@trireme/gitops";
import type { Reconciler } from "../applications/reconciler.ts";
import { treeNodes } from "../applications/status.ts";
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
  const hosts = hostsOf(nodes, live, (settings.config["application.allowedNodeLabels"] ?? "").split(",").map((label) => label.trim()).filter((label) => label !== ""));
  return { nodes, ...(hosts.length > 0 && { hosts }) };
}

const nameOf = (node: ResourceNode): string => `${node.group ?? ""}/${node.kind}/${node.namespace ?? ""}/${node.name}`;

