import { ExprError, parse, type Node } from "@trireme/api/expr";

/** A line that a measured number must stay on one side of: `>= 0.95`. */
export interface Threshold {
  operator: string;
  value: number;
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" };

/**
 * The lines of a condition that does nothing but compare the one measured number with constants, where all of them
 * (`joined` by "and") or any of them ("or") must hold; empty for any other condition, which no line can show.
 */
export function thresholdsOf(condition: string | undefined, joined: "and" | "or"): Threshold[] {
  if (!condition) return [];
  try {
    return comparisons(parse(condition), joined) ?? [];
  } catch (error) {
    if (error instanceof ExprError) return [];
    throw error;
  }
}

function comparisons(node: Node, joined: "and" | "or"): Threshold[] | undefined {
  if (node.is !== "binary") return undefined;
  if ((joined === "and" ? ["and", "&&"] : ["or", "||"]).includes(node.operator)) {
    const left = comparisons(node.left, joined);
    const right = left && comparisons(node.right, joined);
    return right && [...left, ...right];
  }
  const mirrored = MIRRORED[node.operator];
  if (mirrored === undefined) return undefined;
  const [left, right] = [constant(node.left), constant(node.right)];
  if (right !== undefined && isMeasured(node.left)) return [{ operator: node.operator, value: right }];
  if (left !== undefined && isMeasured(node.right)) return [{ operator: mirrored, value: left }];
  return undefined;
}

/** `result`, its first element, or either as a number: what the one number of a measurement is called. */
function isMeasured(node: Node): boolean {
  if (node.is === "chain") return isMeasured(node.node);
  if (node.is === "identifier") return node.name === "result";
  if (node.is === "call") return node.callee.is === "identifier" && ["asFloat", "asInt"].includes(node.callee.name) && node.args.length === 1 && isMeasured(node.args[0]!);
  return node.is === "member" && node.property.is === "integer" && node.property.value === 0n && isMeasured(node.node);
}

function constant(node: Node): number | undefined {
  if (node.is === "integer") return Number(node.value);
  if (node.is === "float") return node.value;
  if (node.is !== "unary" || !["-", "+"].includes(node.operator)) return undefined;
  const value = constant(node.node);
  return value !== undefined && node.operator === "-" ? -value : value;
}
