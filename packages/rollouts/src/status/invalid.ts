import type { Release } from "../rollout/release.ts";
import { conditionOf, ConditionType, Reason, removeCondition, setCondition } from "./conditions.ts";
import { phaseOf } from "./phase.ts";
import { copyJson } from "../rollout/json.ts";

/** What is missing may appear: a Rollout is often applied before its Services. */
export const LOOK_AGAIN_MS = 20_000;

/** The status of a Rollout that cannot be followed. Everything else in it stays as it was. */
export function invalidStatus(release: Release, problem: string): void {
  const { rollout, before, time } = release;
  const status = copyJson(before);
  const message = `The Rollout "${rollout.metadata.name}" is invalid: ${problem}`;
  if (conditionOf(status, ConditionType.InvalidSpec)?.message !== message) removeCondition(status, ConditionType.InvalidSpec);
  setCondition(status, { type: ConditionType.InvalidSpec, status: "True", reason: Reason.InvalidSpec, message }, time);
  status.observedGeneration = String(rollout.metadata.generation ?? 0);
  Object.assign(status, phaseOf(rollout, status));
  release.status = status;
}
