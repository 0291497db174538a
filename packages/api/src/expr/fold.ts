import type { Node } from "./ast.ts";
import { ExprError } from "./errors.ts";
import { Budget } from "./limits.ts";
import { arithmetic } from "./operators.ts";

/**
 * Constants worked out ahead, as the Go library does before it runs anything. It shows: `result[0] > 1 and false` is false
 * even where there is no first element.
 */
export function fold(node: Node): Node {
  switch (node.is) {
    case "unary":
      return foldUnary({ ...node, node: fold(node.node) });
    case "binary":
      return foldBinary({ ...node, left: fold(node.left), right: fold(node.right) });
    case "chain":
    case "closure":
      return { ...node, node: fold(node.node) };
    case "member":
      return { ...node, node: fold(node.node), property: fold(node.property) };
    case "slice":
      return { ...node, node: fold(node.node), ...(node.from && { from: fold(node.from) }), ...(node.to && { to: fold(node.to) }) };
    case "call":
      return { ...node, callee: fold(node.callee), args: node.args.map(fold) };
    case "builtin":
      return { ...node, args: node.args.map(fold) };
    case "let":
      return { ...node, value: fold(node.value), body: fold(node.body) };
    case "conditional":
      return { ...node, condition: fold(node.condition), then: fold(node.then), otherwise: fold(node.otherwise) };
    case "array":
      return { ...node, nodes: node.nodes.map(fold) };
    case "map":
      return { ...node, pairs: node.pairs.map(({ key, value }) => ({ key: fold(key), value: fold(value) })) };
    default:
      return node;
  }
}

function foldUnary(node: Node & { is: "unary" }): Node {
  const { operator, node: inner } = node;
  if (inner.is === "bool" && (operator === "!" || operator === "not")) return { is: "bool", value: !inner.value };
  if (inner.is === "integer") return { ...inner, value: operator === "-" ? BigInt.asIntN(64, -inner.value) : inner.value };
  if (inner.is === "float") return { ...inner, value: operator === "-" ? -inner.value : inner.value };
  return node;
}

function foldBinary(node: Node & { is: "binary" }): Node {
  const { operator, left, right } = node;
  switch (operator) {
    case "and":
    case "&&":
      return foldLogic(node, true);
    case "or":
    case "||":
      return foldLogic(node, false);
    case "==":
      if ((left.is === "integer" || left.is === "string" || left.is === "bool") && left.is === right.is) return { is: "bool", value: left.value === right.value };
      return node;
    case "+":
    case "-":
    case "*":
    case "/":
    case "**":
    case "^":
    case "%":
      return foldArithmetic(node);
    default:
      return node;
  }
}

/** `neutral` is the constant that leaves the other side: true for and, false for or. */
function foldLogic(node: Node & { is: "binary" }, neutral: boolean): Node {
  const { left, right } = node;
  if (left.is === "bool" && left.value === neutral) return right;
  if (right.is === "bool" && right.value === neutral) return left;
  if (left.is === "bool" || right.is === "bool") return { is: "bool", value: !neutral };
  return node;
}

function foldArithmetic(node: Node & { is: "binary" }): Node {
  const { operator, left, right } = node;
  if (left.is === "string" && right.is === "string" && operator === "+") return { is: "string", value: left.value + right.value };
  if ((left.is !== "integer" && left.is !== "float") || (right.is !== "integer" && right.is !== "float")) return node;
  if (operator === "%" && right.value === 0n) throw new ExprError("integer divide by zero");
  const value = arithmetic(operator, left.value, right.value, new Budget());
  return typeof value === "bigint" ? { is: "integer", value } : { is: "float", value: value as number };
}
