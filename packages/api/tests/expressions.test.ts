import { readFileSync } from "node:fs";
import type { Json } from "@trireme/api";
import { evaluateCondition, evaluateTime, ExprError, type MeasuredValue } from "../src/expr/index.ts";

interface Case {
  expression: string;
  json?: Json;
  number?: string;
  numbers?: string[];
  answer?: boolean;
  /** Where the Go library gave up: while it compiled, while it ran, or with an answer that is no boolean. */
  error?: "compile" | "run" | "notBool";
  message?: string;
}

/** Answers of github.com/antonmedv/expr v1.15.5 (what Argo Rollouts 1.9.1 links) with Argo's functions, expression by expression. */
const cases = JSON.parse(readFileSync(new URL("expressions.json", import.meta.url), "utf8")) as Case[];

function measuredOf({ json, number, numbers }: Case): MeasuredValue {
  const float = (text: string) => Number(text.replace("Inf", "Infinity"));
  if (number !== undefined) return { number: float(number) };
  return numbers === undefined ? { json: json ?? null } : { numbers: numbers.map(float) };
}

describe("evaluateCondition", () => {
  it("is held to more than 300 expressions", () => expect(cases.length).toBeGreaterThan(300));

  it.each(cases.map((entry) => ({ name: `${entry.expression} of ${JSON.stringify(measuredOf(entry)).slice(0, 40)}`, entry })))("answers as Go: $name", ({ entry }) => {
    const evaluation = () => evaluateCondition(entry.expression, measuredOf(entry));
    if (entry.error === undefined) expect(evaluation()).toBe(entry.answer);
    else expect(evaluation).toThrow(ExprError);
  });

  it("says what goes wrong in Go's words, but for its JSON decoder's and its types of functions", () => {
    const other = cases.filter((entry) => {
      try {
        evaluateCondition(entry.expression, measuredOf(entry));
        return false;
      } catch (error) {
        return (error as Error).message !== entry.message;
      }
    });
    expect(other.map(({ expression }) => expression)).toEqual(["fromJSON('nope') == 1", "len == 1"]);
  });

  it.each([
    { name: "an endless loop of loops", expression: "all(1..999, all(1..999, all(1..999, true)))", problem: "expression takes too long" },
    { name: "a range without an end", expression: "len(1..99999999999) > 0", problem: "memory budget exceeded" },
    { name: "text that doubles", expression: `let a = repeat('x', 1000000); ${"a + ".repeat(40)}a == ''`, problem: "memory budget exceeded" },
    { name: "what is nested too deep", expression: `${"(".repeat(5000)}1${")".repeat(5000)} == 1`, problem: "nested more than 200 deep" },
    { name: "a chain without an end", expression: `1${" + 1".repeat(5_000)} == 1`, problem: "more than 2000 operators" },
    { name: "a book", expression: "'".padEnd(100_000, "x"), problem: "longer than 65536 characters" },
    { name: "a pattern that backtracks", expression: "repeat('a', 100000) matches '(a*)*b'", problem: "" },
  ])("ends $name", ({ expression, problem }) => {
    const outcome = () => evaluateCondition(expression, { number: 1 });
    if (problem === "") expect(outcome()).toBe(false);
    else expect(outcome).toThrow(problem);
  });
});

describe("evaluateTime", () => {
  const now = Date.parse("2026-01-02T03:04:05Z");

  it("counts from the time that it is given", () => {
    expect(evaluateTime("now()", now)).toBe(now);
    expect(evaluateTime('now() - duration("5m")', now)).toBe(now - 300_000);
  });

  it.each([
    { expression: "5", problem: "expected time.Time, but got int" },
    { expression: "later()", problem: "unknown name later" },
    { expression: "", problem: "unexpected token EOF" },
  ])("refuses '$expression'", ({ expression, problem }) => {
    expect(() => evaluateTime(expression, now)).toThrow(problem);
  });
});
