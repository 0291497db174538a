import type { Rollout, RolloutCanary } from "@trireme/api/argo";
import { sameJson } from "../rollout/json.ts";
import type { Write } from "../snapshot.ts";
import { parseStrategy, STRATEGY_ANNOTATION, type NamedStrategy } from "./annotation.ts";

/** Who writes what an annotation means, so that it is drift to nobody who does not declare it. */
export const FIELD_MANAGER = "trireme-rollouts";

const OURS = ["steps", "maxSurge", "maxUnavailable"] as const;

/** What is to be written before anything else is decided, or why the annotation cannot be followed; undefined: nothing. */
export function expandStrategy(rollout: Rollout): { write: Write } | { problem: string } | undefined {
  const text = rollout.metadata.annotations?.[STRATEGY_ANNOTATION];
  if (text === undefined) return withdrawn(rollout);
  const strategy = parseStrategy(text);
  if ("problem" in strategy) return strategy;
  if (rollout.spec.strategy?.blueGreen !== undefined) return { problem: `'${strategy.kind}' and spec.strategy.blueGreen are both declared` };
  const [declared] = owned(rollout, (manager) => manager !== FIELD_MANAGER);
  if (declared !== undefined) return { problem: `'${strategy.kind}' and spec.strategy.canary.${declared} are both declared` };
  const wanted = expansion(strategy);
  const canary = (rollout.spec.strategy?.canary ?? {}) as Record<string, unknown>;
  return OURS.every((name) => sameJson(canary[name], wanted[name])) ? undefined : { write: { verb: "patch", base: rollout, patch: applied(rollout, wanted), type: "apply", fieldManager: FIELD_MANAGER } };
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

/** An annotation that is gone takes what it meant with it. `canary` stays, empty as it was declared: an apply would remove it. */
function withdrawn(rollout: Rollout): { write: Write } | undefined {
  const ours = owned(rollout, (manager) => manager === FIELD_MANAGER);
  if (ours.length === 0) return undefined;
  return { write: { verb: "patch", base: rollout, patch: { spec: { strategy: { canary: Object.fromEntries(ours.map((name) => [name, null])) } } }, type: "merge" } };
}

function applied({ apiVersion, kind, metadata }: Rollout, canary: object): Record<string, unknown> {
  return { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace }, spec: { strategy: { canary } } };
}

/** Those of our fields that a manager of this kind has written. */
function owned(rollout: Rollout, of: (manager: string) => boolean): string[] {
  const entries = (rollout.metadata.managedFields ?? []).filter((entry) => !entry.subresource && of(entry.manager ?? ""));
  return OURS.filter((name) => entries.some((entry) => (entry.fieldsV1 as any)?.["f:spec"]?.["f:strategy"]?.["f:canary"]?.[`f:${name}`] !== undefined));
}
