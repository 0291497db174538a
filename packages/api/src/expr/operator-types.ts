import { ExprError } from "./errors.ts";
import { ANY, BOOL, combined, DURATION, FLOAT, INT, isAny, isAssignable, isComparable, isInteger, isNumber, STRING, TIME, typeText, type ExprType } from "./types.ts";

type Test = (type: ExprType) => boolean;

const is = (kind: ExprType["kind"]): Test => (type) => type.kind === kind;
const isString = is("string");
const isTime = is("time");
const isDuration = is("duration");

/** Both any, or one any and the other what the operator takes. */
function dynamic(left: ExprType, right: ExprType, ...tests: readonly Test[]): boolean {
  const fits: Test = (type) => isAny(type) || tests.some((test) => test(type));
  return (isAny(left) && fits(right)) || (isAny(right) && fits(left));
}

/** What an operator makes of two types; undefined where it takes neither. */
export function resultOf(operator: string, left: ExprType, right: ExprType): ExprType | undefined {
  const both = (test: Test) => test(left) && test(right);
  switch (operator) {
    case "==":
    case "!=":
      return isComparable(left, right) ? BOOL : undefined;
    case "or":
    case "||":
    case "and":
    case "&&":
      return both(is("bool")) || dynamic(left, right, is("bool")) ? BOOL : undefined;
    case "<":
    case ">":
    case "<=":
    case ">=":
      return both(isNumber) || both(isString) || both(isTime) || dynamic(left, right, isNumber, isString, isTime) ? BOOL : undefined;
    case "-":
      if (both(isNumber)) return combined(left, right);
      if (both(isTime)) return DURATION;
      if (isTime(left) && isDuration(right)) return TIME;
      return dynamic(left, right, isNumber, isTime) ? ANY : undefined;
    case "+":
      if (both(isNumber)) return combined(left, right);
      if (both(isString)) return STRING;
      if ((isTime(left) && isDuration(right)) || (isDuration(left) && isTime(right))) return TIME;
      return dynamic(left, right, isNumber, isString, isTime, isDuration) ? ANY : undefined;
    case "*":
      if (both(isNumber)) return combined(left, right);
      return dynamic(left, right, isNumber) ? ANY : undefined;
    case "/":
    case "**":
    case "^":
      return both(isNumber) || dynamic(left, right, isNumber) ? FLOAT : undefined;
    case "%":
      if (both(isInteger)) return combined(left, right);
      return dynamic(left, right, isInteger) ? ANY : undefined;
    case "..":
      return both(isInteger) || dynamic(left, right, isInteger) ? { kind: "slice", of: INT } : undefined;
    default:
      return both(isString) || dynamic(left, right, isString) ? BOOL : undefined;
  }
}

/** Of `in`, given what all elements of a literal list are. Throws where the left can never be in the right. */
export function membership(left: ExprType, right: ExprType, element: ExprType | undefined): ExprType | undefined {
  if (right.kind === "map") {
    if (left.kind !== "nil" && !isAny(left) && !isAssignable(left, right.key)) throw new ExprError(`cannot use ${typeText(left)} as type ${typeText(right.key)} in map key`);
    return BOOL;
  }
  if (right.kind === "slice") {
    for (const item of [right.of, element]) if (item !== undefined && !isComparable(left, item)) throw new ExprError(`cannot use ${typeText(left)} as type ${typeText(item)} in array`);
    return BOOL;
  }
  return isAny(right) || (isAny(left) && isString(right)) ? BOOL : undefined;
}

/** Of `??`. */
export function coalesced(left: ExprType, right: ExprType): ExprType {
  if (left.kind === "nil") return right;
  if (right.kind === "nil" || isAssignable(right, left)) return left;
  return ANY;
}
