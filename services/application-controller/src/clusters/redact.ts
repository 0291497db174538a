import type { KubeObject } from "@trireme/api";
import { Annotation, withLastApplied } from "@trireme/gitops";

/** Begins every stand-in for a secret value, so that nobody takes one for a value. */
export const REDACTED = "redacted:";

export const isSecret = (object: { apiVersion: string; kind: string }): boolean => object.kind === "Secret" && object.apiVersion === "v1";

/**
 * A Secret without its values: each is a keyed hash, equal for equal bytes, in `data`, `stringData` (which is folded
 * into `data` as the API server does) and in the last applied configuration. Everything else comes back as it is.
 */
export function redacted<T extends KubeObject>(object: T, hash: (value: Uint8Array) => string): T {
  if (!isSecret(object)) return object;
  const { stringData, ...rest } = object as KubeObject;
  const data: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest.data ?? {})) data[name] = value === null ? "" : standIn(Buffer.from(String(value), "base64"), hash);
  for (const [name, value] of Object.entries(stringData ?? {})) data[name] = standIn(Buffer.from(String(value)), hash);
  const has = rest.data !== undefined || stringData !== undefined;
  const applied = rest.metadata.annotations?.[Annotation.LastApplied];
  const metadata = applied === undefined ? rest.metadata : { ...rest.metadata, annotations: { ...rest.metadata.annotations, [Annotation.LastApplied]: redactedText(applied, hash) } };
  return { ...rest, metadata, ...(has && { data }) } as T;
}

function standIn(value: Uint8Array, hash: (value: Uint8Array) => string): string {
  return value.length === 0 ? "" : REDACTED + hash(value);
}

function redactedText(text: string, hash: (value: Uint8Array) => string): string {
  try {
    // Written as the next apply will write it, so that equal content is equal text.
    return withLastApplied(redacted(JSON.parse(text) as KubeObject, hash)).metadata.annotations![Annotation.LastApplied]!;
  } catch {
    return "++++++++";
  }
}

const SHORTEST = 8;
const LONGER = 4;

/**
 * The same objects for people: each stand-in becomes a run of `+`, equal ones of equal length, different ones of
 * different lengths, over all sides of one resource together.
 */
export function masked(sides: readonly (KubeObject | undefined)[], annotations: readonly string[] = []): (KubeObject | undefined)[] {
  const lengths = new Map<string, string>();
  const mask = (text: string): string => {
    let run = lengths.get(text);
    if (run === undefined) lengths.set(text, (run = "+".repeat(SHORTEST + LONGER * lengths.size)));
    return run;
  };
  const visit = (value: unknown): unknown => {
    if (typeof value === "string") return value.startsWith(REDACTED) ? mask(value) : value.includes(REDACTED) ? value.replace(/redacted:[A-Za-z0-9_-]+/g, mask) : value;
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, annotations.includes(name) && typeof item === "string" ? mask(REDACTED + item) : visit(item)]));
  };
  return sides.map((side) => (side === undefined ? undefined : (visit(side) as KubeObject)));
}
