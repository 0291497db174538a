import { badRequest } from "../server/status-error.ts";

export type LabelPredicate = (labels: Record<string, string> | undefined) => boolean;

/** Longest selector that is read. */
const MAX_LENGTH = 64 * 1024;
const KEY = String.raw`(?:[A-Za-z0-9.\-]+\/)?[A-Za-z0-9](?:[A-Za-z0-9._\-]*[A-Za-z0-9])?`;
const SET = new RegExp(String.raw`^\s*(${KEY})\s+(in|notin)\s*\(([^)]*)\)\s*$`);
const EQUALITY = new RegExp(String.raw`^\s*(${KEY})\s*(==|=|!=|>|<)\s*([A-Za-z0-9._\-]*)\s*$`);
const EXISTS = new RegExp(String.raw`^\s*(!?)\s*(${KEY})\s*$`);

/** Compiles a `labelSelector` query parameter (`app=web,tier in (a,b),!old`). Throws 400 for what it cannot read. */
export function labelSelector(text: string): LabelPredicate | undefined {
  if (text.trim() === "") return undefined;
  if (text.length > MAX_LENGTH) throw badRequest("unable to parse requirement: the label selector is too long");
  const requirements = splitTop(text).map(requirement);
  return (labels = {}) => requirements.every((holds) => holds(labels));
}

function requirement(part: string): (labels: Record<string, string>) => boolean {
  let match = SET.exec(part);
  if (match) {
    const [, key, operator, list] = match;
    const values = new Set(list!.split(",").map((value) => value.trim()));
    return operator === "in" ? (labels) => labels[key!] !== undefined && values.has(labels[key!]!) : (labels) => labels[key!] === undefined || !values.has(labels[key!]!);
  }
  match = EQUALITY.exec(part);
  if (match) {
    const [, key, operator, value] = match;
    if (operator === "!=") return (labels) => labels[key!] !== value;
    if (operator === ">") return (labels) => labels[key!] !== undefined && Number(labels[key!]) > Number(value);
    if (operator === "<") return (labels) => labels[key!] !== undefined && Number(labels[key!]) < Number(value);
    return (labels) => labels[key!] === value;
  }
  match = EXISTS.exec(part);
  if (match) {
    const [, not, key] = match;
    return (labels) => (labels[key!] !== undefined) === (not === "");
  }
  const [first = "", second] = part.trim().split(/\s+/);
  throw badRequest(second === undefined ? `unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(first)}: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')` : `unable to parse requirement: found '${second}', expected: in, notin, =, ==, !=, gt, lt`);
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A selector as it stands in objects; an empty one matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Record<string, string> = {}): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
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
  });
}

/** The query form of a selector, as scale's status carries it. */
export function selectorText(selector: LabelSelector): string {
  const parts = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === "In" || operator === "NotIn") parts.push(`${key} ${operator.toLowerCase()} (${[...values].sort().join(",")})`);
    else parts.push(operator === "Exists" ? key : `!${key}`);
  }
  return parts.sort().join(",");
}
