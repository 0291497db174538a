import type { AnalysisArgument } from "./types.ts";

/** Stands for a secret wherever a metric is only looked at. */
export const MASK = "temp-for-secret";

/** A Secret's value that a measurement needs: read anew for each, in the run's namespace. */
export interface SecretQuestion {
  arg: string;
  secret: string;
  key: string;
}

/** What must be read before a measurement can be taken. */
export function secretQuestions(args: readonly AnalysisArgument[]): SecretQuestion[] {
  return args.flatMap(({ name, valueFrom }) => (valueFrom?.secretKeyRef === undefined ? [] : [{ arg: name, secret: valueFrom.secretKeyRef.name, key: valueFrom.secretKeyRef.key }]));
}

/** Arguments with every secret masked. */
export function maskedArguments(args: readonly AnalysisArgument[]): AnalysisArgument[] {
  return args.map((arg) => (arg.valueFrom?.secretKeyRef === undefined ? arg : { name: arg.name, value: MASK }));
}

/** Arguments with the secrets' values in; a secret wins over a value beside it. */
export function argumentsWith(args: readonly AnalysisArgument[], secrets: ReadonlyMap<string, string>): AnalysisArgument[] {
  return args.map((arg) => (arg.valueFrom?.secretKeyRef === undefined ? arg : { name: arg.name, value: secrets.get(arg.name) ?? "" }));
}

/** A message without the values of secrets. */
export function redactSecrets(message: string, secrets: Iterable<string>): string {
  let redacted = message;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) if (secret !== "") redacted = redacted.replaceAll(secret, "*****");
  return redacted;
}

/**
 * Puts arguments into the JSON of a value, wherever a text says `{{args.NAME}}`; any other `{{…}}` cannot be resolved.
 * Limits that are written as text come out as text.
 */
export function substitute<T>(value: T, args: readonly AnalysisArgument[]): { value: T } | { problem: string } {
  const missing = args.find((arg) => arg.value === undefined);
  if (missing !== undefined) return { problem: `argument "${missing.name}" was not supplied` };
  const text = JSON.stringify(value);
  if (!text.includes("{{")) return { value };
  const values = new Map(args.map((arg) => [`args.${arg.name}`, JSON.stringify(arg.value).slice(1, -1)]));
  let problem: string | undefined;
  const replaced = text.replace(/\{\{([\s\S]*?)\}\}/g, (_match, tag: string) => {
    const found = values.get(tag.trim());
    if (found === undefined) problem = `failed to resolve {{${tag}}}`;
    return found ?? "";
  });
  if (problem !== undefined) return { problem };
  try {
    return { value: JSON.parse(replaced) as T };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
