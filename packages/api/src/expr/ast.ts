import type { ExprType } from "./types.ts";

/** An expression as a tree. The checker writes `type`; `folded` constants may stand for what was written. */
export type Node = (
  | { is: "nil" }
  | { is: "identifier"; name: string }
  | { is: "integer"; value: bigint }
  | { is: "float"; value: number }
  | { is: "bool"; value: boolean }
  | { is: "string"; value: string }
  | { is: "unary"; operator: string; node: Node }
  | { is: "binary"; operator: string; left: Node; right: Node }
  | { is: "chain"; node: Node }
  | { is: "member"; node: Node; property: Node; optional: boolean }
  | { is: "slice"; node: Node; from?: Node; to?: Node }
  | { is: "call"; callee: Node; args: Node[] }
  | { is: "builtin"; name: string; args: Node[] }
  | { is: "closure"; node: Node }
  | { is: "pointer"; name: string }
  | { is: "let"; name: string; value: Node; body: Node }
  | { is: "conditional"; condition: Node; then: Node; otherwise: Node }
  | { is: "array"; nodes: Node[] }
  | { is: "map"; pairs: { key: Node; value: Node }[] }
) & { type?: ExprType };
