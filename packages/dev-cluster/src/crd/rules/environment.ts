import { Environment } from "@marcbachmann/cel-js";
import { parseQuantity, QUANTITY_ERROR } from "../../schema/quantity.ts";

let base: Environment | undefined;

/** CEL with those of Kubernetes' functions that are known here; a rule that calls another does not compile. */
export function ruleEnvironment(): Environment {
  base ??= withFunctions(new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false }));
  return base.clone();
}

class Amount {
  readonly nano: bigint;

  constructor(nano: bigint) {
    this.nano = nano;
  }
}

function withFunctions(environment: Environment): Environment {
  const add = (signature: string, handler: (...args: any[]) => unknown): void => void environment.registerFunction(signature, handler);
  add("string.charAt(int): string", (text: string, at: bigint) => [...text][Number(at)] ?? "");
  add("string.replace(string, string): string", (text: string, from: string, to: string) => text.replaceAll(from, to));
  add("string.replace(string, string, int): string", replaceSome);
  add("string.reverse(): string", (text: string) => [...text].reverse().join(""));
  add("string.find(string): string", (text: string, pattern: string) => new RegExp(pattern, "u").exec(text)?.[0] ?? "");
  add("string.findAll(string): list<string>", (text: string, pattern: string) => text.match(new RegExp(pattern, "gu")) ?? []);
  add("list<dyn>.isSorted(): bool", (list: any[]) => list.every((item, index) => index === 0 || list[index - 1] <= item));
  add("list<dyn>.sum(): dyn", (list: any[]) => (list.length === 0 ? 0n : list.reduce((sum, item) => sum + item)));
  add("list<dyn>.min(): dyn", (list: any[]) => extreme(list, "min", (a, b) => a < b));
  add("list<dyn>.max(): dyn", (list: any[]) => extreme(list, "max", (a, b) => a > b));
  add("list<dyn>.indexOf(dyn): int", (list: any[], item: unknown) => BigInt(list.indexOf(item)));
  add("list<dyn>.lastIndexOf(dyn): int", (list: any[], item: unknown) => BigInt(list.lastIndexOf(item)));
  add("isURL(string): bool", (text: string) => isUrl(text));
  add("isQuantity(string): bool", (text: string) => parseQuantity(text) !== undefined);
  environment.registerType("kubernetes.Quantity", Amount);
  add("quantity(string): kubernetes.Quantity", (text: string) => {
    const quantity = parseQuantity(text);
    if (!quantity) throw new Error(QUANTITY_ERROR);
    return new Amount(quantity.nano);
  });
  add("kubernetes.Quantity.compareTo(kubernetes.Quantity): int", (a: Amount, b: Amount) => (a.nano < b.nano ? -1n : a.nano > b.nano ? 1n : 0n));
  add("kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool", (a: Amount, b: Amount) => a.nano > b.nano);
  add("kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool", (a: Amount, b: Amount) => a.nano < b.nano);
  add("kubernetes.Quantity.sign(): int", ({ nano }: Amount) => (nano < 0n ? -1n : nano > 0n ? 1n : 0n));
  return environment;
}

function replaceSome(text: string, from: string, to: string, count: bigint): string {
  if (count < 0n) return text.replaceAll(from, to);
  let result = text;
  for (let left = count, at = result.indexOf(from); left > 0n && at >= 0; left--, at = result.indexOf(from, at + to.length)) result = result.slice(0, at) + to + result.slice(at + from.length);
  return result;
}

function extreme(list: readonly any[], name: string, better: (a: any, b: any) => boolean): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (better(item, best) ? item : best));
}

function isUrl(text: string): boolean {
  return URL.canParse(text) || /^\/[^\s]*$/.test(text);
}
