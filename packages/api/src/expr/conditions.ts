import type { Json } from "../index.ts";
import { floatToInt, parseFloat64, parseInt64 } from "./builtins.ts";
import { ExprError } from "./errors.ts";
import { evaluate, type Binding } from "./expression.ts";
import { ANY, ARRAY, BOOL, FLOAT, INT64, MAP, NIL, STRING, type ExprType, type FunctionType } from "./types.ts";
import { fromJson, GoMap, goText, goTypeOf, Int64, plain, Slice, Time, type Value } from "./values.ts";

/** What was measured: JSON as it came, one number, or numbers only (a Prometheus vector). */
export type MeasuredValue = { json: Json } | { number: number } | { numbers: readonly number[] };

/**
 * A success or failure condition over a measured `result`, with the functions that Argo Rollouts adds to the language.
 * Throws ExprError; so does an answer that is neither true nor false.
 */
export function evaluateCondition(condition: string, measured: MeasuredValue): boolean {
  const result = resultOf(measured);
  const answer = evaluate(condition, { result: { type: typeOf(result), value: result }, ...functions(result) });
  if (typeof answer !== "boolean") throw new ExprError(`expected bool, but got ${goTypeOf(answer)}`);
  return answer;
}

/** A condition over names of which nothing is known before, as those of deep links are. Throws ExprError; so does an answer that is neither true nor false. */
export function evaluateOver(condition: string, names: Readonly<Record<string, Json>>): boolean {
  const answer = evaluate(condition, Object.fromEntries(Object.entries(names).map(([name, value]) => [name, { type: ANY, value: fromJson(value) }])));
  if (typeof answer !== "boolean") throw new ExprError(`expected bool, but got ${goTypeOf(answer)}`);
  return answer;
}

/** An expression such as `now() - duration("5m")`, in milliseconds since the epoch. */
export function evaluateTime(expression: string, now: number): number {
  const { isNaN, isInf } = functions(null);
  const answer = evaluate(expression, { isNaN: isNaN!, isInf: isInf! }, now);
  if (!(answer instanceof Time)) throw new ExprError(`expected time.Time, but got ${goTypeOf(answer)}`);
  return answer.ms;
}

function resultOf(measured: MeasuredValue): Value {
  if ("json" in measured) return fromJson(measured.json);
  if ("number" in measured) return measured.number;
  return new Slice("float", measured.numbers);
}

function typeOf(value: Value): ExprType {
  if (value === null) return NIL;
  if (value instanceof GoMap) return MAP;
  if (value instanceof Slice) return value.of === "float" ? { kind: "slice", of: FLOAT } : ARRAY;
  return typeof value === "boolean" ? BOOL : typeof value === "string" ? STRING : FLOAT;
}

/** `isNil` and `default` speak of the result whatever they are given, as Argo Rollouts has them. */
function functions(result: Value): Record<string, Binding> {
  const fn = (name: string, params: readonly ExprType[], returns: ExprType, call: (args: readonly Value[]) => Value): Binding => ({ type: { kind: "func", name, params, returns } satisfies FunctionType, value: call });
  return {
    asInt: fn("asInt", [ANY], INT64, ([value]) => new Int64(asInt(plain(value!)))),
    asFloat: fn("asFloat", [ANY], FLOAT, ([value]) => asFloat(plain(value!))),
    isNaN: fn("isNaN", [FLOAT], BOOL, ([value]) => Number.isNaN(float(value!))),
    isInf: fn("isInf", [FLOAT], BOOL, ([value]) => Math.abs(float(value!)) === Infinity),
    isNil: fn("isNil", [ANY], BOOL, () => result === null),
    default: fn("default", [ANY, ANY], ANY, ([, fallback]) => (result === null ? fallback! : result)),
  };
}

function asInt(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return floatToInt(value);
  if (typeof value !== "string") throw new ExprError(`asInt() not supported on ${goTypeOf(value)} ${goText(value)}`);
  const parsed = parseInt64(value);
  if (parsed === undefined) throw new ExprError(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${/^[+-]?[0-9]+$/.test(value) ? "value out of range" : "invalid syntax"}`);
  return parsed;
}

function asFloat(value: Value): number {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return value;
  if (typeof value !== "string") throw new ExprError(`asFloat() not supported on ${goTypeOf(value)} ${goText(value)}`);
  const parsed = parseFloat64(value);
  if (parsed === undefined) throw new ExprError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: ${/^[+-]?[0-9.]+(?:e[+-]?[0-9]+)?$/i.test(value) ? "value out of range" : "invalid syntax"}`);
  return parsed;
}

function float(value: Value): number {
  if (typeof value !== "number") throw new ExprError(`interface conversion: interface {} is ${goTypeOf(value)}, not float64`);
  return value;
}
