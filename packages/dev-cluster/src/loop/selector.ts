import { fits } from "@trireme/api";

type Labels = Record<string, string> | undefined;

/** Whether all of `wanted` stands in the labels. */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);
}

/** A term of a node's affinity, which knows two operators more than label selectors do. */
export function matchesExpression(expression: { operator: string; values?: string[] }, value: string | undefined): boolean {
  const { operator, values = [] } = expression;
  if (operator === "Gt") return value !== undefined && Number(value) > Number(values[0]);
  if (operator === "Lt") return value !== undefined && Number(value) < Number(values[0]);
  return fits(expression, value);
}
