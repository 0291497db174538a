import type { KubeObject } from "@trireme/api";
import { compareObjects } from "./compare-objects.ts";
import { fieldSetOf } from "./field-set-of.ts";
import type { FieldSet } from "./field-set.ts";
import type { KindSchema } from "./object-versions.ts";
import { typeOf } from "./types.ts";
import { goJson } from "./values.ts";

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** All annotations of an object together may not be larger (bytes). */
const MAX_ANNOTATIONS = 256 * 1024;

/**
 * kubectl that moves from client-side to server-side apply may overwrite what its own last client-side
 * apply set and nobody changed since. `undefined` where the object has no usable annotation.
 */
export function lastAppliedAllows(kind: KindSchema, live: KubeObject): FieldSet | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (!text) return undefined;
  let lastApplied: KubeObject;
  try {
    lastApplied = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (lastApplied?.apiVersion !== live.apiVersion) return undefined;
  const type = typeOf(kind.schema);
  const { added, modified, removed } = compareObjects(type, lastApplied, live);
  return fieldSetOf(type, lastApplied).difference(modified).difference(added).difference(removed);
}

/** kubectl's server-side apply keeps an annotation of its client-side apply current, so that going back works. */
export function keepLastApplied(object: KubeObject, config: KubeObject): KubeObject {
  if (!object.metadata.annotations?.[LAST_APPLIED]) return object;
  const { [LAST_APPLIED]: _, ...others } = object.metadata.annotations;
  const annotations: Record<string, string> = { ...others, [LAST_APPLIED]: lastAppliedText(config) };
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) size += bytes(key) + bytes(value);
  return { ...object, metadata: { ...object.metadata, annotations: size > MAX_ANNOTATIONS ? others : annotations } };
}

function lastAppliedText(config: KubeObject): string {
  const { annotations, ...metadata } = config.metadata;
  if (annotations === undefined) return `${goJson(config)}\n`;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return `${goJson({ ...config, metadata: { ...metadata, annotations: others } })}\n`;
}
