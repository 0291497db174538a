/** A selector as it stands in objects (`metav1.LabelSelector`). */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key?: string; operator?: string; values?: string[] }[];
}

/** Whether labels fit a selector. One that says nothing selects everything; none selects nothing. */
export function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  if (selector === undefined) return false;
  if (!Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels?.[name] === value)) return false;
  return (selector.matchExpressions ?? []).every((expression) => fits(expression, labels?.[expression.key ?? ""]));
}

/** Whether the value of a label, or its absence, fits one expression; no value fits an operator that selectors do not have. */
export function fits({ operator, values = [] }: { operator?: string; values?: string[] }, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
