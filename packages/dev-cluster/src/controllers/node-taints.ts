import type { KubeObject } from "@trireme/api";
import { isDeepStrictEqual } from "node:util";
import { controllerOfKind, type Controller, type ControllerContext } from "./context.ts";

const NODE = { group: "", version: "v1", kind: "Node" };
const NOT_READY = "node.kubernetes.io/not-ready";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

/** Nodes are tainted while they are not ready or cordoned, so that nothing new is bound to them. */
export function startNodeTaints(ctx: ControllerContext): Controller {
  const controller = controllerOfKind<KubeObject>(ctx, {
    name: "node-lifecycle-controller",
    kind: NODE,
    visit: async (node, signal) => {
      const before = (node["spec"]?.taints ?? []) as { key: string; effect: string }[];
      const ready = (node["status"]?.conditions ?? []).some((condition: { type: string; status: string }) => condition.type === "Ready" && condition.status === "True");
      const others = before.filter(({ key, effect }) => effect !== "NoSchedule" || (key !== NOT_READY && key !== UNSCHEDULABLE));
      const kept = (key: string) => before.find((taint) => taint.key === key && taint.effect === "NoSchedule") ?? { key, effect: "NoSchedule" };
      const taints = [...others, ...(ready ? [] : [kept(NOT_READY)]), ...(node["spec"]?.unschedulable ? [kept(UNSCHEDULABLE)] : [])];
      if (isDeepStrictEqual(new Set(before.map((taint) => JSON.stringify(taint))), new Set(taints.map((taint) => JSON.stringify(taint))))) return;
      const { taints: _, ...spec } = node["spec"] ?? {};
      controller.cache.observe(await ctx.client.update({ ...node, spec: { ...spec, ...(taints.length > 0 && { taints }) } }, { signal }));
    },
  });
  return controller;
}
