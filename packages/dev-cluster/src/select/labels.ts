import type { LabelSelector } from "@trireme/api";
import { badRequest } from "../server/status-error.ts";
import { parseLabelSelector, type Requirement } from "./label-parser.ts";

export type LabelPredicate = (labels: Record<string, string> | undefined) => boolean;

/** Longest selector that is read. */
const MAX_LENGTH = 64 * 1024;

/** Compiles a `labelSelector` query parameter (`app=web,tier in (a,b),!old`). Throws 400 for what it cannot read. */
export function labelSelector(text: string): LabelPredicate | undefined {
  if (text.trim() === "") return undefined;
  if (text.length > MAX_LENGTH) throw badRequest("unable to parse requirement: the label selector is too long");
  const requirements = parseLabelSelector(text).map(predicate);
  return (labels = {}) => requirements.every((holds) => holds(labels));
}

function predicate({ key, operator, values }: Requirement): (labels: Record<string, string>) => boolean {
  switch (operator) {
    case "exists":
      return (labels) => labels[key] !== undefined;
    case "!":
      return (labels) => labels[key] === undefined;
    case "in":
    case "=":
    case "==":
      return (labels) => labels[key] !== undefined && values.includes(labels[key]);
    case "notin":
    case "!=":
      return (labels) => labels[key] === undefined || !values.includes(labels[key]);
    case ">":
      return (labels) => labels[key] !== undefined && Number(labels[key]) > Number(values[0]);
    case "<":
      return (labels) => labels[key] !== undefined && Number(labels[key]) < Number(values[0]);
  }
}

/** The query form of a selector, as scale's status carries it. */
export function selectorText(selector: LabelSelector): string {
  const parts = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key = "", operator = "", values = [] } of selector.matchExpressions ?? []) {
    if (operator === "In" || operator === "NotIn") parts.push(`${key} ${operator.toLowerCase()} (${[...values].sort().join(",")})`);
    else parts.push(operator === "Exists" ? key : `!${key}`);
  }
  return parts.sort().join(",");
}
