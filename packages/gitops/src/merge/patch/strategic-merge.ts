import { goText } from "../go-text.ts";
import { DomainError } from "@trireme/api";
import type { SchemaNode } from "../../merge.ts";
import { isMap } from "../types.ts";
import { equalValues } from "../values.ts";
import { Directive, keyOfDirective } from "./directives.ts";
import { itemsByOrder, sameKey } from "./element-order.ts";
import type { FieldMeta, PatchMeta } from "./patch-meta.ts";
import { patchMetaOf } from "./patch-meta.ts";

type Document = Record<string, any>;

/** How directives are treated: an object takes them in, a patch that is merged with another keeps them. */
export interface MergeMode {
  intoPatch: boolean;
}

/** Applies a strategic merge patch to an object of a kind with this schema. Neither argument is changed. Throws DomainError (`InvalidPatch`). */
export function applyStrategicMergePatch<T extends Document>(object: T, patch: Document, schema: SchemaNode | undefined): T {
  return mergeMaps(object, patch, patchMetaOf(schema), { intoPatch: false }) as T;
}

export function mergeMaps(original: Document, patch: Document, meta: PatchMeta, mode: MergeMode): Document {
  const directive = patch[Directive.Patch];
  if (directive === "replace") return without(patch, Directive.Patch);
  if (directive === "delete") return {};
  if (directive !== undefined) throw invalid(`unknown patch type: ${String(directive)} in map: ${goText(patch)}`);

  const out = retained(original, patch, mode);
  const ordered = mergeOrderedLists(out, patch, meta, mode);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || key === Directive.RetainKeys || ordered.has(key) || keyOfDirective(key, Directive.SetElementOrder) !== undefined) continue;
    const deleteFrom = keyOfDirective(key, Directive.DeleteFromPrimitiveList);
    if (deleteFrom !== undefined && mode.intoPatch) out[key] = value;
    else if (deleteFrom !== undefined) deleteScalars(out, deleteFrom, value);
    else mergeField(out, key, value, meta.field(key), mode);
  }
  return out;
}

function mergeField(out: Document, key: string, value: unknown, field: FieldMeta, mode: MergeMode): void {
  if (value === null) {
    if (mode.intoPatch) out[key] = null;
    else delete out[key];
    return;
  }
  const before = out[key];
  if (isMap(before) && isMap(value)) out[key] = field.replace ? value : mergeMaps(before, value, field.below, mode);
  else if (Array.isArray(before) && Array.isArray(value)) out[key] = field.merge ? mergeLists(before, value, field, mode) : value;
  else {
    const clean = cleaned(value, mode);
    if (clean === undefined) delete out[key];
    else out[key] = clean;
  }
}

/** What a patch sets where nothing was: without its directives and, in an object, without nulls. */
function cleaned(value: unknown, mode: MergeMode): unknown {
  if (Array.isArray(value)) return value.map((item) => cleaned(item, mode)).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  if (value[Directive.Patch] !== undefined) return undefined;
  const out: Document = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === null && !mode.intoPatch) continue;
    const clean = cleaned(member, mode);
    if (clean !== undefined) out[key] = clean;
  }
  return out;
}

function retained(original: Document, patch: Document, mode: MergeMode): Document {
  const keys: unknown = patch[Directive.RetainKeys];
  if (keys === undefined) return { ...original };
  if (mode.intoPatch) {
    const present = original[Directive.RetainKeys];
    if (present !== undefined && !equalValues(present, keys)) throw invalid(`${JSON.stringify(present)} and ${JSON.stringify(keys)} are not deep equal: this may happen when calculating the 3-way diff patch`);
    return { ...original, [Directive.RetainKeys]: keys };
  }
  if (!Array.isArray(keys)) throw invalid("invalid patch format of retainKeys");
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && !key.startsWith("$") && !keys.includes(key)) throw invalid("invalid patch format of retainKeys");
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

/** Lists with a `$setElementOrder` are merged first, then put in that order. Answers the keys that are done. */
function mergeOrderedLists(out: Document, patch: Document, meta: PatchMeta, mode: MergeMode): Set<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    const key = keyOfDirective(directive, Directive.SetElementOrder);
    if (key === undefined) continue;
    if (!Array.isArray(order)) throw invalid(`${directive} is not a list`);
    if (mode.intoPatch) {
      if (out[directive] !== undefined && !equalValues(out[directive], order)) throw invalid("invalid patch format of setElementOrder list");
      out[directive] = order;
    }
    const before: unknown = out[key];
    const change: unknown = patch[key];
    if (before === undefined && change === undefined) continue;
    if ((before !== undefined && !Array.isArray(before)) || (change !== undefined && change !== null && !Array.isArray(change))) throw invalid(`${key} is not a list`);
    if (change === null) continue;
    const field = meta.field(key);
    const changes = (change as unknown[] | undefined) ?? [];
    checkOrder(key, changes, order, field);
    const original = (before as unknown[] | undefined) ?? [];
    // Without a list in the original, the patch's own directives have nothing to work on.
    const merged = before === undefined ? (cleaned(changes, mode) as unknown[]) : changes.length === 0 ? original : field.merge ? mergeLists(original, changes, field, mode) : changes;
    out[key] = itemsByOrder(merged, order, original, field.mergeKey);
    done.add(key);
  }
  return done;
}

function checkOrder(key: string, changes: readonly unknown[], order: readonly unknown[], field: FieldMeta): void {
  let at = 0;
  for (const item of changes) {
    if (isMap(item) && item[Directive.Patch] !== undefined) continue;
    while (at < order.length && !sameKey(order[at], item, field.mergeKey)) at++;
    if (at >= order.length) throw invalid(`The order in patch list:\n${JSON.stringify(changes)}\n doesn't match $setElementOrder list of ${key}:\n${JSON.stringify(order)}\n`);
    at++;
  }
}

function mergeLists(original: readonly unknown[], patch: readonly unknown[], field: FieldMeta, mode: MergeMode): unknown[] {
  if (original.length === 0 && patch.length === 0) return [];
  const ofMaps = [...original, ...patch].some(isMap);
  if (!ofMaps) {
    const merged = [...new Set([...original, ...patch])];
    return itemsByOrder(merged, patch, original, "");
  }
  if (field.mergeKey === "") throw invalid("cannot merge lists without merge key");
  const { left, changes, replace } = withoutDirectives(original, patch as Document[], field.mergeKey, mode);
  if (replace) return changes;
  const merged: unknown[] = [...left];
  for (const change of changes) {
    if (change[field.mergeKey] === undefined) throw invalid(`map: ${goText(change)} does not contain declared merge key: ${field.mergeKey}`);
    const at = merged.findIndex((item) => sameKey(item, change, field.mergeKey));
    if (at < 0) merged.push(mode.intoPatch ? change : cleaned(change, mode));
    else merged[at] = mergeMaps(merged[at] as Document, change, field.below, mode);
  }
  return itemsByOrder(merged, changes, left, field.mergeKey);
}

function withoutDirectives(original: readonly unknown[], patch: readonly Document[], mergeKey: string, mode: MergeMode): { left: unknown[]; changes: Document[]; replace: boolean } {
  let left = [...original];
  let replace = false;
  const changes: Document[] = [];
  for (const item of patch) {
    const directive = item[Directive.Patch];
    if (directive === undefined) changes.push(item);
    else if (directive === "delete") {
      if (item[mergeKey] === undefined) throw invalid(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
      if (mode.intoPatch) changes.push(item);
      else left = left.filter((other) => !sameKey(other, item, mergeKey));
    } else if (directive === "replace") replace = true;
    else throw invalid(directive === "merge" ? "merging lists cannot yet be specified in the patch" : `unknown patch type: ${String(directive)} in map: ${goText(item)}`);
  }
  return { left, changes, replace };
}

function deleteScalars(out: Document, key: string, values: unknown): void {
  const before = out[key];
  if (!Array.isArray(before) || !Array.isArray(values)) return;
  out[key] = before.filter((item) => !values.includes(item));
}

function without(document: Document, key: string): Document {
  const { [key]: _, ...others } = document;
  return others;
}

function invalid(message: string): DomainError {
  return new DomainError(message, { reason: "InvalidPatch" });
}
