import { IN_CLUSTER, type KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { instanceName, isSelfReferenced, trackedBy } from "@trireme/gitops";
import type { KubeClient, ObjectRef } from "@trireme/kube";
import type { Context } from "../../context.ts";
import { invalid, objectNotFound, permissionDenied } from "../../errors.ts";
import { ROLLOUT } from "../../state/resources.ts";
import { rbacName, requireProject } from "../application/access.ts";
import { destinationClient, resolveDestination } from "../application/destination.ts";
import type { Call } from "../rpc.ts";

/** A Rollout that the caller may see or change, and a client that reaches it as whom its application's project says. */
export interface RolloutTarget {
  rollout: KubeObject;
  ref: ObjectRef;
  client: KubeClient;
  /** The one that tracks it. */
  app: Application | undefined;
}

/** What is asked of a Rollout: `get`, one of Argo CD's actions, or to change what Git may have declared. */
export type Wish = "get" | "update" | { action: "abort" | "promote-full" | "restart" | "resume" | "retry" | "skip-current-step" };

/**
 * The Rollout that a request names in the control plane's own cluster. Whoever may do it to the application that tracks
 * the Rollout may do it here; what no application tracks is for those who may change the cluster itself. Absent and
 * forbidden answer alike.
 */
export async function rolloutFor({ namespace = "", name = "" }: { namespace?: string; name?: string }, wish: Wish | ((rollout: KubeObject) => Wish), call: Call): Promise<RolloutTarget> {
  const { ctx, signal } = call;
  if (name === "" || namespace === "") throw invalid(`a Rollout is named by namespace and name, got ${JSON.stringify(`${namespace}/${name}`)}`);
  const ref = { ...ROLLOUT, namespace, name };
  const rollout = await ctx.kube.find(ref, { signal });
  if (rollout === undefined) throw isClusterAdmin(call) ? objectNotFound("rollouts", name) : permissionDenied();
  const asked = typeof wish === "function" ? wish(rollout) : wish;
  if (!mayDo(asked, rollout, call)) throw permissionDenied();
  const app = applicationOf(rollout, ctx);
  return { rollout, ref, app, client: app === undefined || asked === "get" ? ctx.kube : destinationClient(app, requireProject(app, ctx), ctx).client };
}

export function mayDo(wish: Wish, rollout: KubeObject, call: Call): boolean {
  const { ctx, caller } = call;
  const app = applicationOf(rollout, ctx);
  return app === undefined ? isClusterAdmin(call) : caller.allows("applications", policyAction(wish, rollout, ctx), rbacName(app, ctx.namespace));
}

const isClusterAdmin = ({ caller }: Call): boolean => caller.allows("clusters", "update", IN_CLUSTER);

function policyAction(wish: Wish, { metadata }: KubeObject, ctx: Context): string {
  if (wish === "get") return "get";
  if (wish !== "update") return `action/argoproj.io/Rollout/${wish.action}`;
  return ctx.settings.current().fineGrainedInheritanceDisabled ? `update/argoproj.io/Rollout/${metadata.namespace}/${metadata.name}` : "update";
}

/** The application whose mark a Rollout of the control plane's own cluster carries. */
function applicationOf(rollout: KubeObject, ctx: Context): Application | undefined {
  const { tracking } = ctx.settings.current();
  const instance = trackedBy(rollout, tracking);
  if (instance === "" || !isSelfReferenced(rollout, undefined, tracking)) return undefined;
  // `name`, or `namespace_name` outside the control plane's namespace; no namespace has an underscore.
  const at = instance.indexOf("_");
  const app = ctx.applications.get(at === -1 ? ctx.namespace : instance.slice(0, at), instance.slice(at + 1));
  if (app === undefined || instanceName({ namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" }, ctx.namespace) !== instance) return undefined;
  const found = resolveDestination(app, ctx);
  return "cluster" in found && found.cluster.server === IN_CLUSTER ? app : undefined;
}
