import type { Application, HealthStatus } from "@trireme/api/argo";
import type { Context } from "../../../context.ts";
import { treeOf, type TreeNode } from "./tree.ts";

/**
 * An application whose resources carry the health that the tree knows: the controller leaves it out of
 * the object to save writes. Without the tree, the application as it stands.
 */
export async function withResourceHealth(app: Application, ctx: Context, signal: AbortSignal): Promise<Application> {
  const { status } = app;
  if (status?.resourceHealthSource !== "appTree" || !status.resources?.length) return app;
  let nodes: readonly TreeNode[];
  try {
    nodes = (await treeOf(app, ctx, AbortSignal.any([signal, AbortSignal.timeout(2_000)]))).nodes ?? [];
  } catch {
    return app;
  }
  const known = new Map<string, HealthStatus | undefined>(nodes.map((node) => [keyOf(node), node.health ?? (isAbsent(node) ? { status: "Missing", message: "Resource has not been created" } : undefined)]));
  const resources = status.resources.map((resource) => {
    const { health: _old, ...rest } = resource as typeof resource & { health?: unknown };
    const health = known.get(keyOf(resource));
    return health === undefined ? rest : { ...rest, health };
  });
  return { ...app, status: { ...status, resources } };
}

function keyOf(ref: { group?: string; kind?: string; namespace?: string; name?: string }): string {
  return `${ref.group ?? ""}/${ref.kind}/${ref.namespace ?? ""}/${ref.name}`;
}

function isAbsent(node: TreeNode): boolean {
  return !node.resourceVersion && !node.uid && !node.createdAt;
}
