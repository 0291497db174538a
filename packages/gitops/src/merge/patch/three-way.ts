import type { KubeObject } from "@trireme/api";
import type { SchemaNode } from "../../merge.ts";
import { LAST_APPLIED } from "../last-applied-fields.ts";
import { isBuiltIn } from "../types.ts";
import { goJson } from "../values.ts";
import { applyJsonMergePatch, createThreeWayJsonMergePatch } from "./json-merge-patch.ts";
import { patchMetaOf } from "./patch-meta.ts";
import { diffMaps } from "./strategic-diff.ts";
import { applyStrategicMergePatch, mergeMaps } from "./strategic-merge.ts";

type Document = Record<string, any>;

/** The strategic merge patch from one object to another; `{}` where they are equal. */
export function createTwoWayStrategicPatch(from: Document, to: Document, schema: SchemaNode | undefined): Document {
  return diffMaps(from, to, patchMetaOf(schema), { deletions: true, changes: true, order: true });
}

/**
 * kubectl's strategic patch for an apply: what `modified` sets differently from `current`, and the removal of what
 * `original` (the last applied) had and `modified` has no more. Fields that neither names stay as they are.
 */
export function createThreeWayStrategicPatch(original: Document, modified: Document, current: Document, schema: SchemaNode | undefined): Document {
  const meta = patchMetaOf(schema);
  const changes = diffMaps(current, modified, meta, { deletions: false, changes: true, order: true });
  const removals = diffMaps(original, modified, meta, { deletions: true, changes: false, order: true });
  return mergeMaps(removals, changes, meta, { intoPatch: true });
}

export interface ClientSideApply {
  /** The patch to send; `{}` where nothing is to be changed. */
  patch: Document;
  type: "strategic" | "merge";
}

/**
 * The patch of a client-side apply (`kubectl apply`) of `config` to a live object, with the last-applied annotation renewed.
 * Built-in kinds are patched strategically, custom ones by JSON merge patch.
 */
export function clientSideApplyPatch(live: KubeObject, config: KubeObject, schema: SchemaNode | undefined): ClientSideApply {
  const original = lastAppliedOf(live) ?? {};
  const modified = withLastApplied(config);
  if (schema !== undefined && isBuiltIn(schema.schema)) return { type: "strategic", patch: createThreeWayStrategicPatch(original, modified, live, schema) };
  return { type: "merge", patch: createThreeWayJsonMergePatch(original, modified, live) };
}

/** What the live object will be after such a patch, as far as the client can say. */
export function applyClientSidePatch(live: KubeObject, { patch, type }: ClientSideApply, schema: SchemaNode | undefined): KubeObject {
  return type === "strategic" ? applyStrategicMergePatch(live, patch, schema) : applyJsonMergePatch(live, patch);
}

/** The object with the annotation that the next apply will compare with. */
export function withLastApplied<T extends KubeObject>(config: T): T {
  const { [LAST_APPLIED]: _, ...annotations } = config.metadata.annotations ?? {};
  const plain = { ...config, metadata: { ...config.metadata, annotations } };
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${goJson(plain)}\n` } } };
}

/** What was applied last, from the annotation; `undefined` without one that can be read. */
export function lastAppliedOf(live: KubeObject): KubeObject | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as KubeObject) : undefined;
  } catch {
    return undefined;
  }
}
