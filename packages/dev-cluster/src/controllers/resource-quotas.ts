import type { KubeObject } from "@trireme/api";
import { isNotFound, listAll } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import type { Kind } from "../loop/informers.ts";
import { isOver, type Pod } from "../loop/pods.ts";
import { only, plus, type Amounts } from "../quota/amounts.ts";
import { countedOver, inScopes, usageOf } from "../quota/usage.ts";
import { controllerOfKind, POD, type Controller, type ControllerContext } from "./context.ts";

const QUOTA: Kind = { group: "", version: "v1", kind: "ResourceQuota" };
/** Kinds whose going is heard of at once; what else a quota counts is counted again after a while. */
const WATCHED: Readonly<Record<string, Kind>> = { pods: POD, services: { group: "", version: "v1", kind: "Service" }, persistentvolumeclaims: { group: "", version: "v1", kind: "PersistentVolumeClaim" } };
const RECOUNT_MS = 5_000;

/** Says in the status of each quota what it allows and what of it is taken, anew whenever something goes. */
export function startResourceQuotas(ctx: ControllerContext): Controller {
  const controller = controllerOfKind<KubeObject>(ctx, { name: "resourcequota-controller", kind: QUOTA, visit });
  for (const kind of Object.values(WATCHED)) {
    ctx.informers.of(kind).on(({ type, object }) => {
      if (type !== "deleted" && !(kind === POD && isOver(object as Pod))) return;
      for (const quota of controller.cache.list()) if (quota.metadata.namespace === object.metadata.namespace) controller.queue.add(`${quota.metadata.namespace}/${quota.metadata.name}`);
    });
  }
  return controller;

  async function visit(quota: KubeObject, signal: AbortSignal): Promise<number | void> {
    if (quota.metadata.deletionTimestamp) return;
    const hard: Amounts = quota["spec"]?.hard ?? {};
    const used = await usedOf(quota, Object.keys(hard), signal);
    if (!isDeepStrictEqual(quota["status"]?.hard ?? {}, hard) || !isDeepStrictEqual(quota["status"]?.used ?? {}, used)) {
      try {
        // Who was charged since this was counted has changed the quota: then it is counted again.
        controller.cache.observe(await ctx.client.update({ ...quota, status: { hard, used } }, { subresource: "status", signal }));
      } catch (thrown) {
        if (!isNotFound(thrown)) throw thrown;
      }
    }
    return Object.keys(hard).some((resource) => WATCHED[countedOver(resource)] === undefined) ? RECOUNT_MS : undefined;
  }

  async function usedOf(quota: KubeObject, names: readonly string[], signal: AbortSignal): Promise<Record<string, string>> {
    let used: Record<string, string> = Object.fromEntries(names.map((name) => [name, "0"]));
    for (const resource of new Set(names.map(countedOver))) {
      for (const object of await objectsOf(resource, quota.metadata.namespace!, signal)) if (inScopes(quota, resource, object)) used = plus(used, only(usageOf(resource, object), names));
    }
    return used;
  }

  async function objectsOf(resource: string, namespace: string, signal: AbortSignal): Promise<KubeObject[]> {
    const [plural = "", ...group] = resource.split(".");
    const { resources } = await ctx.client.discovery({ signal });
    const info = resources.find((one) => one.resource === plural && one.group === group.join(".") && one.namespaced);
    return info ? (await listAll(ctx.client, info, { namespace, signal })).items : [];
  }
}
