import type { ResourceStatus } from "@trireme/api/argo";
import type { ObjectName, Tree, TreeNode } from "./types.ts";

/** One line of the tree: an object, how deep it hangs, and what the application says of it. */
export interface TreeRow {
  node: TreeNode;
  depth: number;
  children: number;
  /** Only objects that Git declares have one. */
  sync?: string | undefined;
  requiresPruning?: boolean | undefined;
}

export const objectKey = ({ group, kind, namespace, name }: ObjectName): string => `${group ?? ""}/${kind}/${namespace ?? ""}/${name}`;

/**
 * The objects of an application in the order in which a tree shows them: each below its owner, siblings by kind and name.
 * Declared objects that are not in the cluster are there too. What hangs on nothing that is shown, or on itself, is a root.
 */
export function treeRows(tree: Tree, resources: readonly ResourceStatus[], collapsed: ReadonlySet<string>): TreeRow[] {
  const declared = new Map(resources.map((resource) => [objectKey(resource as ObjectName), resource]));
  const nodes = new Map((tree.nodes ?? []).map((node) => [objectKey(node), node]));
  for (const [key, resource] of declared) if (!nodes.has(key)) nodes.set(key, { ...(resource as ObjectName), health: resource.health ?? { status: "Missing" } });

  const children = new Map<string, TreeNode[]>();
  const roots: TreeNode[] = [];
  for (const [key, node] of nodes) {
    const parents = (node.parentRefs ?? []).map(objectKey).filter((parent) => nodes.has(parent) && parent !== key);
    if (parents.length === 0) roots.push(node);
    for (const parent of parents.slice(0, 1)) children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const rows: TreeRow[] = [];
  const shown = new Set<string>();
  const visit = (siblings: TreeNode[], depth: number): void => {
    for (const node of siblings.sort(byKindAndName)) {
      const key = objectKey(node);
      if (shown.has(key)) continue;
      shown.add(key);
      const below = children.get(key) ?? [];
      const { status, requiresPruning } = declared.get(key) ?? {};
      rows.push({ node, depth, children: below.length, sync: status, requiresPruning });
      if (!collapsed.has(key)) visit(below, depth + 1);
    }
  };
  visit(roots, 0);
  return rows;
}

/** What people look for first stands first. */
const ORDER = ["Namespace", "CustomResourceDefinition", "ConfigMap", "Secret", "ServiceAccount", "Service", "Ingress", "Rollout", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

function byKindAndName(a: TreeNode, b: TreeNode): number {
  // Of a workload the newest set comes first.
  const newest = a.kind === "ReplicaSet" && b.kind === "ReplicaSet" ? String(b.createdAt ?? "").localeCompare(String(a.createdAt ?? "")) : 0;
  return rank(a.kind) - rank(b.kind) || a.kind.localeCompare(b.kind) || newest || a.name.localeCompare(b.name);
}
