import type { ResourceStatus } from "@trireme/api/argo";
import type { ObjectName, Tree, TreeNode } from "./types.ts";

/** An object of an application with what hangs below it and what the application says of it. */
export interface AppObject {
  key: string;
  node: TreeNode;
  /** Undefined: it hangs on nothing that is shown. */
  parent?: AppObject;
  /** In the order in which they are shown. */
  children: AppObject[];
  /** Only objects that Git declares have one. */
  sync?: string | undefined;
  requiresPruning?: boolean | undefined;
  wave?: number | undefined;
}

export interface AppObjects {
  roots: AppObject[];
  /** Each object that is reached from a root. */
  all: ReadonlyMap<string, AppObject>;
}

/** One line of the tree: an object and how deep it hangs. */
export interface TreeRow extends AppObject {
  depth: number;
}

export const objectKey = ({ group, kind, namespace, name }: ObjectName): string => `${group ?? ""}/${kind}/${namespace ?? ""}/${name}`;

/**
 * The objects of an application, each below its owner, siblings by kind and name. Declared objects that are not in the
 * cluster are there too. What hangs on nothing that is shown is a root; a circle of owners is left out.
 */
export function objectsOf(tree: Tree, resources: readonly ResourceStatus[]): AppObjects {
  const known = new Map<string, AppObject>();
  for (const node of tree.nodes ?? []) known.set(objectKey(node), { key: objectKey(node), node, children: [] });
  for (const resource of resources) {
    const key = objectKey(resource as ObjectName);
    const { status: sync, requiresPruning, syncWave: wave } = resource;
    const object = known.get(key) ?? { key, node: { ...(resource as ObjectName), health: resource.health ?? { status: "Missing" } }, children: [] };
    known.set(key, { ...object, sync, requiresPruning, wave });
  }
  const roots: AppObject[] = [];
  for (const object of known.values()) {
    const parent = (object.node.parentRefs ?? []).map((ref) => known.get(objectKey(ref))).find((one) => one !== undefined && one !== object);
    if (parent === undefined) roots.push(object);
    else {
      object.parent = parent;
      parent.children.push(object);
    }
  }
  const all = new Map<string, AppObject>();
  const waiting = [roots];
  for (let siblings = waiting.pop(); siblings !== undefined; siblings = waiting.pop()) {
    siblings.sort(byKindAndName);
    for (const object of siblings) {
      all.set(object.key, object);
      if (object.children.length > 0) waiting.push(object.children);
    }
  }
  return { roots, all };
}

/** The lines of the tree, top down; what hangs below a collapsed object, or is not among those to show, is left out. */
export function treeRows({ roots }: AppObjects, collapsed: ReadonlySet<string>, isShown: (object: AppObject) => boolean = () => true): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (siblings: readonly AppObject[], depth: number): void => {
    for (const object of siblings) {
      if (!isShown(object)) continue;
      rows.push({ ...object, depth });
      if (!collapsed.has(object.key)) visit(object.children, depth + 1);
    }
  };
  visit(roots, 0);
  return rows;
}

/** What people look for first stands first. */
const ORDER = new Map(["Namespace", "CustomResourceDefinition", "ConfigMap", "Secret", "ServiceAccount", "Service", "Ingress", "Rollout", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].map((kind, index) => [kind, index]));
const rank = (kind: string): number => ORDER.get(kind) ?? ORDER.size;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byKindAndName({ node: a }: AppObject, { node: b }: AppObject): number {
  // Of a workload the newest set comes first.
  const newest = a.kind === "ReplicaSet" && b.kind === "ReplicaSet" ? compare(String(b.createdAt ?? ""), String(a.createdAt ?? "")) : 0;
  return rank(a.kind) - rank(b.kind) || compare(a.kind, b.kind) || newest || compare(a.name, b.name);
}
