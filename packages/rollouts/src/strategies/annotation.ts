import type { Rollout } from "@trireme/api/argo";
import { pauseSeconds } from "../rollout/defaults.ts";

/** Beside an empty `canary: {}`: `in-place`, `rolling`, or `linear;weight=20;every=1m`. */
export const STRATEGY_ANNOTATION = "trireme.dev/strategy";

export type NamedStrategy = { kind: "in-place" } | { kind: "rolling" } | { kind: "linear"; weight: number; every: string };

/** The strategy that a Rollout's annotation names; undefined without one, or where it is none. */
export function strategyOf(rollout: Rollout): NamedStrategy | undefined {
  const text = rollout.metadata.annotations?.[STRATEGY_ANNOTATION];
  const parsed = text === undefined ? undefined : parseStrategy(text);
  return parsed === undefined || "problem" in parsed ? undefined : parsed;
}

/** The problem says what would be right. */
export function parseStrategy(text: string): NamedStrategy | { problem: string } {
  const [kind = "", ...options] = text.split(";").map((part) => part.trim());
  if (kind !== "in-place" && kind !== "rolling" && kind !== "linear") return { problem: `'${kind}' is no strategy: in-place, rolling or linear;weight=20;every=1m` };
  const given = new Map<string, string>(options.filter((option) => option !== "").map((option) => [option.split("=")[0]!.trim(), option.slice(option.indexOf("=") + 1).trim()]));
  const allowed = kind === "linear" ? ["weight", "every"] : [];
  const unknown = [...given.keys()].find((name) => !allowed.includes(name));
  if (unknown !== undefined) return { problem: `'${unknown}' is no option of ${kind}` };
  if (kind !== "linear") return { kind };
  const weight = Number(given.get("weight") ?? "");
  if (!Number.isInteger(weight) || weight < 1 || weight > 99) return { problem: `weight of linear must be a whole number from 1 to 99, got '${given.get("weight") ?? ""}'` };
  const every = given.get("every") ?? "";
  if (every === "" || pauseSeconds(every) <= 0) return { problem: `every of linear must be a duration such as 30s or 1m, got '${every}'` };
  return { kind, weight, every };
}
