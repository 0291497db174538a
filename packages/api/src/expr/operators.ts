import { ExprError } from "./errors.ts";
import type { Budget } from "./limits.ts";
import { compareText, Duration, GoMap, goTypeOf, Int64, plain, Slice, Time, type Value } from "./values.ts";

/** `==`: numbers by value, everything else as Go's deep equality, types included. */
export function equal(left: Value, right: Value, budget: Budget): boolean {
  const [a, b] = [plain(left), plain(right)];
  if (isNumeric(a) && isNumeric(b)) return typeof a === typeof b ? a === b : Number(a) === Number(b);
  return deepEqual(left, right, budget);
}

export function compare(operator: string, left: Value, right: Value): boolean {
  const order = orderOf(plain(left), plain(right));
  if (order === undefined) throw mismatch(operator, left, right);
  switch (operator) {
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    default:
      return order >= 0;
  }
}

export function arithmetic(operator: string, leftValue: Value, rightValue: Value, budget: Budget): Value {
  const [left, right] = [plain(leftValue), plain(rightValue)];
  if (typeof left === "bigint" && typeof right === "bigint") return wholeNumbers(operator, left, right);
  if (isNumeric(left) && isNumeric(right) && operator !== "%") return floats(operator, Number(left), Number(right));
  if (operator === "+" && typeof left === "string" && typeof right === "string") {
    budget.characters(left.length + right.length);
    return left + right;
  }
  if (operator === "+" && left instanceof Time && right instanceof Duration) return new Time(left.ms + right.ms);
  if (operator === "+" && left instanceof Duration && right instanceof Time) return new Time(left.ms + right.ms);
  if (operator === "-" && left instanceof Time && right instanceof Time) return new Duration(left.ms - right.ms);
  if (operator === "-" && left instanceof Time && right instanceof Duration) return new Time(left.ms - right.ms);
  if ((operator === "+" || operator === "-") && left instanceof Duration && right instanceof Duration) return new Duration(operator === "+" ? left.ms + right.ms : left.ms - right.ms);
  if (operator === "**" || operator === "^") throw new ExprError(`invalid operation: float(${goTypeOf(isNumeric(left) ? right : left)})`);
  throw mismatch(operator, left, right);
}

/** `in`. A literal list of only text is a Go set: what is not text cannot be looked up in it. */
export function isIn(needle: Value, place: Value, textOnly: boolean, budget: Budget): boolean {
  if (place === null) return false;
  if (place instanceof Slice) {
    if (textOnly && needle !== null && typeof needle !== "string") throw notAKey(needle);
    const wanted = textOnly && needle === null ? "" : needle;
    budget.step(place.items.length);
    return place.items.some((item) => equal(item, wanted, budget));
  }
  if (place instanceof GoMap) return place.entries.has(keyOf(place, needle));
  throw new ExprError(`operator "in" not defined on ${goTypeOf(place)}`);
}

/** What a map is asked with; nil stands for the zero key. */
export function keyOf(map: GoMap, key: Value): Value {
  if (map.keys === "string") {
    if (key === null) return "";
    if (typeof key !== "string") throw notAKey(key);
  }
  return key;
}

export function isNumeric(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function notAKey(key: Value): ExprError {
  return new ExprError(`reflect.Value.MapIndex: value of type ${goTypeOf(key)} is not assignable to type string`);
}

function mismatch(operator: string, left: Value, right: Value): ExprError {
  return new ExprError(`invalid operation: ${goTypeOf(left)} ${operator} ${goTypeOf(right)}`);
}

function orderOf(left: Value, right: Value): number | undefined {
  if (isNumeric(left) && isNumeric(right)) {
    if (typeof left === typeof right) return left < right ? -1 : left > right ? 1 : left === right ? 0 : NaN;
    const [a, b] = [Number(left), Number(right)];
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN;
  }
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if ((left instanceof Time && right instanceof Time) || (left instanceof Duration && right instanceof Duration)) return left.ms - right.ms;
  return undefined;
}

function wholeNumbers(operator: string, left: bigint, right: bigint): Value {
  switch (operator) {
    case "+":
      return BigInt.asIntN(64, left + right);
    case "-":
      return BigInt.asIntN(64, left - right);
    case "*":
      return BigInt.asIntN(64, left * right);
    case "%":
      if (right === 0n) throw new ExprError("runtime error: integer divide by zero");
      return left % right;
    default:
      return floats(operator, Number(left), Number(right));
  }
}

function floats(operator: string, left: number, right: number): Value {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    default:
      return power(left, right);
  }
}

/** Go's Pow differs from JavaScript's where the base is 1 or -1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  return base ** exponent;
}

function deepEqual(left: Value, right: Value, budget: Budget): boolean {
  budget.step();
  if (left instanceof Slice && right instanceof Slice) return left.of === right.of && left.items.length === right.items.length && left.items.every((item, index) => deepEqual(item, right.items[index]!, budget));
  if (left instanceof GoMap && right instanceof GoMap) {
    return left.keys === right.keys && left.entries.size === right.entries.size && [...left.entries].every(([key, value]) => right.entries.has(key) && deepEqual(value, right.entries.get(key)!, budget));
  }
  if ((left instanceof Time && right instanceof Time) || (left instanceof Duration && right instanceof Duration)) return left.ms === right.ms;
  if (left instanceof Int64 && right instanceof Int64) return left.value === right.value;
  return typeof left !== "function" && left === right;
}
