import type { Application, HealthStatus } from "@trireme/api/argo";
import { asAppError, Code } from "@trireme/runtime";
import { waited } from "@trireme/runtime/waited";
import type { Context } from "../../../context.ts";
import { invalid, unknown } from "../../../errors.ts";
import { destinationCluster } from "../write.ts";

export interface TreeNode {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  parentRefs?: { group?: string; kind: string; namespace?: string; name: string }[];
  resourceVersion?: string;
  health?: HealthStatus;
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

interface KnownTree {
  tree: Tree;
  /** When it was true. */
  at: number;
  /** Set while the controller does not answer: what is shown is what was last known. */
  stale: boolean;
}

const MAX_KNOWN = 2_000;
/** Whoever has an older answer at hand need not wait long for a controller that is away. */
const SHORT_MS = 2_000;
const known = new WeakMap<Context, Map<string, KnownTree>>();

/** The application's tree as its controller has it. An application that could not be compared answers with why. */
export async function treeOf(app: Application, ctx: Context, signal: AbortSignal): Promise<Tree> {
  return (await knownTree(app, ctx, signal)).tree;
}

/** As `treeOf`, and whether it is an old one, shown since the controller is away. */
export async function knownTree(app: Application, ctx: Context, signal: AbortSignal): Promise<KnownTree> {
  const trees = known.get(ctx) ?? new Map<string, KnownTree>();
  known.set(ctx, trees);
  const key = app.metadata.uid ?? `${app.metadata.namespace}/${app.metadata.name}`;
  const last = trees.get(key);
  try {
    const tree = await orCondition(app, "error getting cached app resource tree", () => waited(askedTree(app, ctx, last === undefined ? undefined : SHORT_MS), signal));
    if (trees.size >= MAX_KNOWN) trees.delete(trees.keys().next().value!);
    const fresh = { tree, at: ctx.clock.now(), stale: false };
    trees.set(key, fresh);
    return fresh;
  } catch (thrown) {
    const { code } = asAppError(thrown);
    if (last === undefined || signal.aborted || (code !== Code.Unavailable && code !== Code.DeadlineExceeded)) throw thrown;
    return { ...last, stale: true };
  }
}

const asking = new WeakMap<Context, Map<string, Promise<Tree>>>();

/** Whoever wants a tree that is just being asked for, as one page does for several of its parts, gets the same answer. */
function askedTree(app: Application, ctx: Context, deadlineMs: number | undefined): Promise<Tree> {
  const open = asking.get(ctx) ?? new Map<string, Promise<Tree>>();
  asking.set(ctx, open);
  const key = `${app.metadata.namespace}/${app.metadata.name}/${app.metadata.uid} ${deadlineMs}`;
  let answer = open.get(key);
  if (answer === undefined) {
    answer = ownerOf(app, ctx)
      .resourceTree(appRequest(app), { ...(deadlineMs !== undefined && { deadlineMs }) })
      .then(({ json }) => JSON.parse(String(json)) as Tree)
      .finally(() => open.delete(key));
    open.set(key, answer);
  }
  return answer;
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
