import type { Application } from "@trireme/gitops";
import { asAppError, Code } from "@trireme/runtime";
import type { Context } from "../../context.ts";
import { invalid, unknown } from "../../errors.ts";
import { destinationCluster } from "./write.ts";

export interface TreeNode {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  parentRefs?: { group?: string; kind: string; namespace?: string; name: string }[];
  resourceVersion?: string;
  health?: { status?: string; message?: string };
  createdAt?: string;
}

export interface Tree {
  nodes?: TreeNode[] | null;
  orphanedNodes?: TreeNode[] | null;
  hosts?: unknown[];
  shardsCount?: number;
}

/** How the controller knows an application. */
export function appRequest(app: Application) {
  return { namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "", uid: app.metadata.uid ?? "" };
}

/** The owner's client for an application. */
export function ownerOf(app: Application, ctx: Context) {
  return ctx.controllers.of(destinationCluster(app, ctx));
}

/** The application's tree as its controller has it. An application that could not be compared answers with why. */
export async function treeOf(app: Application, ctx: Context, signal: AbortSignal): Promise<Tree> {
  return orCondition(app, "error getting cached app resource tree", async () => JSON.parse(String((await ownerOf(app, ctx).resourceTree(appRequest(app), { signal })).json)) as Tree);
}

/** Runs a question to the controller; where it does not know the application yet, the application's own errors say why. */
export async function orCondition<T>(app: Application, what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    const error = asAppError(thrown);
    const known = (app.status?.conditions ?? []).filter(({ type }) => type === "ComparisonError" || type === "InvalidSpecError");
    if (known.length > 0) throw unknown(`${what}: ${known.map(({ type, message }) => `${type}: ${message}`).join(";")}`, known[0]!.type, thrown);
    if (error.code === Code.Canceled || error.code === Code.DeadlineExceeded || error.code === Code.Unavailable) throw error;
    throw unknown(`${what}: ${error.message}`, error.reason, thrown);
  }
}

export interface ResourceName {
  group?: string;
  kind?: string;
  namespace?: string;
  resourceName?: string;
  name?: string;
}

/** The node of a live resource; only what belongs to the application is shown or touched through it. */
export function nodeOfTree(tree: Tree, wanted: ResourceName): TreeNode {
  const found = [...(tree.nodes ?? []), ...(tree.orphanedNodes ?? [])].find(
    (node) => (node.group ?? "") === (wanted.group ?? "") && node.kind === wanted.kind && (node.namespace ?? "") === (wanted.namespace ?? "") && node.name === wanted.resourceName,
  );
  if (found === undefined || !found.uid) throw invalid(`${wanted.kind ?? ""} ${wanted.group ?? ""} ${wanted.resourceName ?? ""} not found as part of application ${wanted.name ?? ""}`, "NotPartOfApplication");
  return found;
}
