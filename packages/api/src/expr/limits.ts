import { ExprError } from "./errors.ts";

/** Longest expression, in UTF-16 units. */
export const LONGEST_EXPRESSION = 64 * 1024;
/** Deepest nesting of an expression. */
export const DEEPEST_EXPRESSION = 200;
/** Most operators, calls and accesses of an expression. */
export const MOST_OPERATORS = 2000;
/** Deepest nesting of a value. */
export const DEEPEST_VALUE = 500;

const STEPS = 1_000_000;
/** As the Go library's memory budget: elements of arrays, maps and ranges. */
const ELEMENTS = 1_000_000;
const CHARACTERS = 16 * 1024 * 1024;

/** What one evaluation may cost; every loop and everything that grows pays here, so that no clock is needed. */
export class Budget {
  #steps = STEPS;
  #elements = ELEMENTS;
  #characters = CHARACTERS;

  step(count = 1): void {
    if ((this.#steps -= count) < 0) throw new ExprError("expression takes too long");
  }

  elements(count: number): void {
    if ((this.#elements -= count) <= 0) throw new ExprError("memory budget exceeded");
  }

  characters(count: number): void {
    if ((this.#characters -= count) < 0) throw new ExprError("memory budget exceeded");
  }
}
