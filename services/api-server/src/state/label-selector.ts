import { invalid } from "../errors.ts";

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

type Requirement = (labels: Record<string, string>) => boolean;

/** A `metav1.LabelSelector` against labels; an empty one matches everything. */
export function matchesSelector(selector: LabelSelector | Record<string, unknown>, labels: Record<string, string>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector as LabelSelector;
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values }) => requirement(key, operator.toLowerCase(), values ?? [])(labels));
}

/**
 * A selector as text (`team=a,tier in (x,y),!old,stage!=test`) as a test on labels. Throws
 * InvalidArgument naming the part that cannot be read.
 */
export function parseLabelSelector(text: string): Requirement {
  const parts: Requirement[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const match = /^(!\s*)?([A-Za-z0-9][A-Za-z0-9_./-]*)\s*(?:(==|=|!=)\s*([A-Za-z0-9_.-]*)|\s(in|notin)\s*\(([^()]*)\)|(>|<)\s*(\d+))?\s*(,|$)/.exec(rest);
    if (match === null || (match[1] !== undefined && match[3] !== undefined)) throw invalid(`error parsing the selector: unable to parse requirement near ${JSON.stringify(rest.slice(0, 40))}`);
    const [whole, not, key, sign, value, word, list, order, number] = match as unknown as [string, ...(string | undefined)[]];
    if (not !== undefined) parts.push(requirement(key!, "doesnotexist", []));
    else if (sign !== undefined) parts.push(requirement(key!, sign === "!=" ? "notin" : "in", [value ?? ""]));
    else if (word !== undefined) parts.push(requirement(key!, word, list!.split(",").map((one) => one.trim())));
    else if (order !== undefined) parts.push((labels) => labels[key!] !== undefined && (order === ">" ? Number(labels[key!]) > Number(number) : Number(labels[key!]) < Number(number)));
    else parts.push(requirement(key!, "exists", []));
    rest = rest.slice(whole.length).trim();
  }
  return (labels) => parts.every((part) => part(labels));
}

function requirement(key: string, operator: string, values: readonly string[]): Requirement {
  switch (operator) {
    case "in":
      return (labels) => labels[key] !== undefined && values.includes(labels[key]);
    case "notin":
      return (labels) => labels[key] === undefined || !values.includes(labels[key]);
    case "exists":
      return (labels) => labels[key] !== undefined;
    case "doesnotexist":
      return (labels) => labels[key] === undefined;
    default:
      throw invalid(`error parsing the selector: ${JSON.stringify(operator)} is not an operator`);
  }
}
