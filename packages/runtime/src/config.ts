import { readFileSync } from "node:fs";
import { AppError, Code } from "./errors.ts";

/**
 * The one door to the environment. Each service's `config.ts` reads what it needs through it and then
 * calls `finish`, which stops the process with every bad variable named at once. The names that were
 * asked for are kept, so that chart and compose can be held against them.
 */
export class EnvironmentReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #problems: string[] = [];
  readonly asked = new Set<string>();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  text(name: string, fallback: string): string;
  text(name: string): string | undefined;
  text(name: string, fallback?: string): string | undefined {
    this.asked.add(name);
    const value = this.#env[name];
    return value === undefined || value === "" ? fallback : value;
  }

  required(name: string, what: string): string {
    const value = this.text(name);
    if (value === undefined) this.#problems.push(`${name} must be set: ${what}`);
    return value ?? "";
  }

  integer(name: string, fallback: number, range: { min?: number; max?: number } = {}): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const parsed = /^[+-]?\d{1,15}$/.test(value) ? Number(value) : NaN;
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
    if (!Number.isSafeInteger(parsed) || parsed < min || parsed > max) {
      this.#problems.push(`${name} must be a whole number${range.min !== undefined || range.max !== undefined ? ` from ${range.min ?? "-∞"} to ${range.max ?? "∞"}` : ""}, got ${JSON.stringify(value)}`);
      return fallback;
    }
    return parsed;
  }

  port(name: string, fallback: number): number {
    return this.integer(name, fallback, { min: 0, max: 65_535 });
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return true;
    if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return false;
    this.#problems.push(`${name} must be true or false, got ${JSON.stringify(value)}`);
    return fallback;
  }

  /** Go's duration text (`1h30m`) or whole seconds; milliseconds out. */
  duration(name: string, fallbackMs: number): number {
    const value = this.text(name);
    if (value === undefined) return fallbackMs;
    const ms = durationMs(value);
    if (ms === undefined) {
      this.#problems.push(`${name} must be a duration such as 30s or 5m, got ${JSON.stringify(value)}`);
      return fallbackMs;
    }
    return ms;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if ((allowed as readonly string[]).includes(value)) return value as T;
    this.#problems.push(`${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}`);
    return fallback;
  }

  list(name: string, fallback: readonly string[] = []): readonly string[] {
    const value = this.text(name);
    return value === undefined ? fallback : value.split(",").map((part) => part.trim()).filter((part) => part !== "");
  }

  /** A secret given by value (`NAME`) or by a file that holds it (`NAME_FILE`). */
  secret(name: string): string | undefined {
    const direct = this.text(name);
    const file = this.text(`${name}_FILE`);
    if (direct !== undefined || file === undefined) return direct;
    try {
      return readFileSync(file, "utf8").trim();
    } catch (cause) {
      this.#problems.push(`${name}_FILE: ${(cause as Error).message}`);
      return undefined;
    }
  }

  problem(text: string): void {
    this.#problems.push(text);
  }

  /** Throws one error that names every bad variable; returns the configuration otherwise. */
  finish<T>(config: T): T {
    if (this.#problems.length > 0) throw new AppError(this.#problems.join("\n"), { reason: "InvalidConfiguration", code: Code.InvalidArgument, retry: "never" });
    return config;
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, "μs": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** As `parseDuration` of the API's types reads what stands in objects; that package is none of this one's. */
function durationMs(text: string): number | undefined {
  if (/^-?\d{1,15}$/.test(text)) return Number(text) * 1000;
  if (!/^[+-]?(?:(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:ns|us|µs|μs|ms|s|m|h)){1,16}$/.test(text)) return undefined;
  const ms = [...text.matchAll(/([\d.]+)([a-zµμ]+)/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0);
  return text.startsWith("-") ? -ms : ms;
}
