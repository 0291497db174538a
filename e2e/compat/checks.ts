import type { Outcome } from "./cli.ts";

export interface Expected {
  code?: number;
  /** What standard output must hold. */
  prints?: readonly (string | RegExp)[];
  /** What standard output must not hold. */
  lacks?: readonly (string | RegExp)[];
  /** What standard error must hold. */
  says?: readonly (string | RegExp)[];
}

/** Counts what held and what did not, and goes on, so that one run tells everything. */
export class Checks {
  passed = 0;
  failed = 0;
  readonly #say: (line: string) => void;
  readonly failures: string[] = [];

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  outcome(what: string, outcome: Outcome, { code = 0, prints = [], lacks = [], says = [] }: Expected): void {
    const has = (text: string, wanted: string | RegExp): boolean => (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text));
    const missed = [
      ...(outcome.code === code ? [] : [`exit code ${outcome.code}, not ${code}`]),
      ...prints.filter((wanted) => !has(outcome.stdout, wanted)).map((wanted) => `no ${wanted} on standard output`),
      ...lacks.filter((wanted) => has(outcome.stdout, wanted)).map((wanted) => `${wanted} on standard output`),
      ...says.filter((wanted) => !has(outcome.stderr, wanted)).map((wanted) => `no ${wanted} on standard error`),
    ];
    this.#count(what, missed.join("; "));
  }

  /** A condition of another kind; an empty reason means that it holds. */
  async holds(what: string, reason: () => Promise<string>): Promise<void> {
    this.#count(what, await reason().catch((error: unknown) => (error instanceof Error ? error.message : String(error))));
  }

  #count(what: string, missed: string): void {
    if (missed === "") {
      this.passed += 1;
      this.#say(`ok      ${what}`);
      return;
    }
    this.failed += 1;
    this.failures.push(`${what}: ${missed}`);
    this.#say(`FAILED  ${what}: ${missed}`);
  }
}
