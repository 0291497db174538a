import { check } from "./check.ts";
import { ExprError } from "./errors.ts";
import { run } from "./evaluate.ts";
import { fold } from "./fold.ts";
import { Budget } from "./limits.ts";
import { parse } from "./parser.ts";
import type { ExprType } from "./types.ts";
import type { Value } from "./values.ts";

/** A name that an expression may use: its value, and its type as Go sees it. */
export interface Binding {
  type: ExprType;
  value: Value;
}

/**
 * Evaluates an expression of the language that conditions are written in (expr 1.15). Bounded in length, depth, steps and
 * memory; reads no clock: `now` is what `now()` answers. Throws ExprError.
 */
export function evaluate(expression: string, names: Readonly<Record<string, Binding>>, now = 0): Value {
  const node = parse(expression);
  check(node, Object.fromEntries(Object.entries(names).map(([name, { type }]) => [name, type])));
  try {
    return run(fold(node), { names: new Map(Object.entries(names).map(([name, { value }]) => [name, value])), now }, new Budget());
  } catch (error) {
    if (error instanceof RangeError) throw new ExprError(`expression goes too deep: ${error.message}`);
    throw error;
  }
}
