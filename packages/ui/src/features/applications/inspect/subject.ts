import type { ResourceStatus } from "@trireme/api/argo";
import { objectKey } from "../details/tree.ts";
import type { ObjectName, Tree, TreeNode } from "../details/types.ts";

/** One object of an application: as it is in the cluster, and as Git declares it; at least one of them is there. */
export interface Subject extends ObjectName {
  node: TreeNode | undefined;
  declared: ResourceStatus | undefined;
}

/** Reads `group/kind/namespace/name`, and Argo CD's own form, which has a container's number behind it. */
export function parseObjectKey(text: string): ObjectName | undefined {
  const [group, kind, namespace, name] = text.split("/");
  return group === undefined || !kind || namespace === undefined || !name ? undefined : { group, kind, namespace, name };
}

export function subjectOf(key: string, tree: Tree, resources: readonly ResourceStatus[]): Subject | undefined {
  const node = [...(tree.nodes ?? []), ...(tree.orphanedNodes ?? [])].find((one) => objectKey(one) === key);
  const declared = resources.find((one) => objectKey(one as ObjectName) === key);
  const named = node ?? (declared as ObjectName | undefined);
  return named === undefined ? undefined : { group: named.group ?? "", kind: named.kind, namespace: named.namespace ?? "", name: named.name, node, declared };
}

/** Everything that hangs below an object, nearest first. */
export function descendants(tree: Tree, key: string): TreeNode[] {
  const below: TreeNode[] = [];
  const seen = new Set([key]);
  const queue = [key];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const node of tree.nodes ?? []) {
      const own = objectKey(node);
      if (seen.has(own) || !(node.parentRefs ?? []).some((parent) => objectKey(parent) === at)) continue;
      seen.add(own);
      below.push(node);
      queue.push(own);
    }
  }
  return below;
}

/** How the API is told which object is meant. */
export function objectParameters({ group = "", kind, namespace = "", name, node, declared }: Subject): Record<string, string> {
  return { group, version: node?.version ?? declared?.version ?? "", kind, namespace, resourceName: name };
}
