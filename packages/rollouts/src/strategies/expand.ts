import type { Rollout, RolloutCanary } from "@trireme/api/argo";
import { sameJson } from "../rollout/json.ts";
import { parseStrategy, STRATEGY_ANNOTATION, type NamedStrategy } from "./annotation.ts";

/** Who writes what an annotation means, so that it is drift to nobody who does not declare it. */
export const FIELD_MANAGER = "trireme-rollouts";

const OURS = ["steps", "maxSurge", "maxUnavailable"] as const;

/** What is to be applied before anything else is decided, or why the annotation cannot be followed; undefined: nothing. */
export function expandStrategy(rollout: Rollout): { apply: Record<string, unknown> } | { problem: string } | undefined {
  const text = rollout.metadata.annotations?.[STRATEGY_ANNOTATION];
  if (text === undefined) return owned(rollout, (manager) => manager === FIELD_MANAGER).length > 0 ? { apply: applied(rollout, undefined) } : undefined;
  const strategy = parseStrategy(text);
  if ("problem" in strategy) return strategy;
  if (rollout.spec.strategy?.blueGreen !== undefined) return { problem: `'${strategy.kind}' and spec.strategy.blueGreen are both declared` };
  const [declared] = owned(rollout, (manager) => manager !== FIELD_MANAGER);
  if (declared !== undefined) return { problem: `'${strategy.kind}' and spec.strategy.canary.${declared} are both declared` };
  const wanted = expansion(strategy);
  const canary = (rollout.spec.strategy?.canary ?? {}) as Record<string, unknown>;
  return OURS.every((name) => sameJson(canary[name], wanted[name])) ? undefined : { apply: applied(rollout, wanted) };
}

/** A named strategy as the canary that it is. */
export function expansion(strategy: NamedStrategy): Pick<RolloutCanary, "steps" | "maxSurge" | "maxUnavailable"> {
  switch (strategy.kind) {
    case "in-place":
      return { maxSurge: 0, maxUnavailable: "100%" };
    case "rolling":
      return { maxSurge: "25%", maxUnavailable: "25%" };
    case "linear": {
      const weights = Array.from({ length: Math.ceil(100 / strategy.weight) - 1 }, (_, index) => (index + 1) * strategy.weight);
      return { maxSurge: "25%", maxUnavailable: "25%", steps: weights.flatMap((setWeight) => [{ setWeight }, { pause: { duration: strategy.every } }]) };
    }
  }
}

function applied(rollout: Rollout, canary: object | undefined): Record<string, unknown> {
  const { apiVersion, kind, metadata } = rollout;
  return { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace }, ...(canary !== undefined && { spec: { strategy: { canary } } }) };
}

/** Those of our fields that a manager of this kind has written. */
function owned(rollout: Rollout, of: (manager: string) => boolean): string[] {
  const entries = (rollout.metadata.managedFields ?? []).filter((entry) => !entry.subresource && of(entry.manager ?? ""));
  return OURS.filter((name) => entries.some((entry) => (entry.fieldsV1 as any)?.["f:spec"]?.["f:strategy"]?.["f:canary"]?.[`f:${name}`] !== undefined));
}
