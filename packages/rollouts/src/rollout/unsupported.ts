import type { Rollout } from "@trireme/api/argo";

/** Where the parts are declared that need a traffic router, an experiment or a step plugin: none of these is driven yet. */
export function unsupported(rollout: Rollout): { path: string; detail: string } | undefined {
  const canary = rollout.spec.strategy?.canary;
  if (canary === undefined) return undefined;
  if (canary.trafficRouting !== undefined) {
    const names = Object.keys(canary.trafficRouting).filter((name) => name !== "managedRoutes" && name !== "maxTrafficWeight");
    return { path: "spec.strategy.canary.trafficRouting", detail: `traffic routers are not supported yet${names.length === 0 ? "" : `: ${names.join(", ")}`}` };
  }
  if (canary.pingPong !== undefined) return { path: "spec.strategy.canary.pingPong", detail: "traffic routers are not supported yet, and pingPong needs one" };
  for (const [index, step] of (canary.steps ?? []).entries()) {
    const path = `spec.strategy.canary.steps[${index}]`;
    if (step.experiment !== undefined) return { path: `${path}.experiment`, detail: "experiments are not supported yet" };
    if (step.plugin !== undefined) return { path: `${path}.plugin`, detail: `step plugins are not supported yet: ${step.plugin.name}` };
  }
  return undefined;
}
