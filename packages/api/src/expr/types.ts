/** Go's types as far as expressions over measurements meet them. */
export type ExprType = { kind: "nil" | "bool" | "int" | "int64" | "float" | "string" | "any" | "time" | "duration" } | { kind: "slice"; of: ExprType } | { kind: "map"; key: ExprType; of: ExprType } | FunctionType;

export interface FunctionType {
  kind: "func";
  name: string;
  params: readonly ExprType[];
  returns: ExprType;
}

export const NIL: ExprType = { kind: "nil" };
export const BOOL: ExprType = { kind: "bool" };
export const INT: ExprType = { kind: "int" };
export const INT64: ExprType = { kind: "int64" };
export const FLOAT: ExprType = { kind: "float" };
export const STRING: ExprType = { kind: "string" };
export const ANY: ExprType = { kind: "any" };
export const TIME: ExprType = { kind: "time" };
export const DURATION: ExprType = { kind: "duration" };
export const ARRAY: ExprType = { kind: "slice", of: ANY };
export const MAP: ExprType = { kind: "map", key: STRING, of: ANY };

/** A type as Go's `%v` prints it. */
export function typeText(type: ExprType): string {
  switch (type.kind) {
    case "nil":
      return "<nil>";
    case "float":
      return "float64";
    case "any":
      return "interface {}";
    case "time":
      return "time.Time";
    case "duration":
      return "time.Duration";
    case "slice":
      return `[]${typeText(type.of)}`;
    case "map":
      return `map[${typeText(type.key)}]${typeText(type.of)}`;
    case "func":
      return `func(${type.params.map(typeText).join(", ")}) ${typeText(type.returns)}`;
    default:
      return type.kind;
  }
}

export function isAny(type: ExprType): boolean {
  return type.kind === "any";
}

export function isInteger(type: ExprType): boolean {
  return type.kind === "int" || type.kind === "int64" || type.kind === "duration";
}

export function isNumber(type: ExprType): boolean {
  return isInteger(type) || type.kind === "float";
}

export function isAssignable(from: ExprType, to: ExprType): boolean {
  return (to.kind === "any" && from.kind !== "nil") || typeText(from) === typeText(to);
}

/** Whether `==` and `in` may compare the two. */
export function isComparable(left: ExprType, right: ExprType): boolean {
  if (left.kind === "nil" || right.kind === "nil" || isAny(left) || isAny(right)) return true;
  return left.kind === right.kind || (isNumber(left) && isNumber(right));
}

/** The type of arithmetic over two numbers. */
export function combined(left: ExprType, right: ExprType): ExprType {
  if (left.kind === right.kind) return left;
  return left.kind === "float" || right.kind === "float" ? FLOAT : INT;
}
