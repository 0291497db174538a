import { isMap } from "../types.ts";
import { compareText, equalValues } from "../values.ts";
import { Directive } from "./directives.ts";
import { sameKey } from "./element-order.ts";
import type { FieldMeta, PatchMeta } from "./patch-meta.ts";

type Document = Record<string, any>;

export interface DiffMode {
  /** Nulls for fields that `to` lacks. */
  deletions: boolean;
  /** Values that `to` adds or changes. */
  changes: boolean;
  /** `$setElementOrder` where items of a merged list changed or moved. */
  order: boolean;
  /** `$retainKeys` for this map. */
  retainKeys?: boolean;
}

/** The strategic merge patch from one object to another; `{}` where it would change nothing. */
export function diffMaps(from: Document, to: Document, meta: PatchMeta, mode: DiffMode): Document {
  const patch: Document = {};
  for (const key of Object.keys(to)) {
    const value = to[key];
    if (value === undefined) continue;
    const before = from[key];
    if (before === undefined) {
      if (mode.changes) patch[key] = value;
    } else if (isMap(before) && isMap(value)) diffField(key, before, value, patch, meta.field(key), mode);
    else if (Array.isArray(before) && Array.isArray(value) && meta.field(key).merge) diffMergedList(key, before, value, patch, meta.field(key), mode);
    else if (mode.changes && !equalValues(before, value)) patch[key] = value;
  }
  if (mode.deletions) for (const key of Object.keys(from)) if (from[key] !== undefined && to[key] === undefined) patch[key] = null;
  if (mode.retainKeys) addRetainKeys(from, to, patch);
  return patch;
}

function diffField(key: string, before: Document, value: Document, patch: Document, field: FieldMeta, mode: DiffMode): void {
  if (field.replace) {
    if (mode.changes) patch[key] = value;
    return;
  }
  const inner = diffMaps(before, value, field.below, { ...mode, retainKeys: field.retainKeys });
  if (Object.keys(inner).length > 0) patch[key] = inner;
}

function addRetainKeys(from: Document, to: Document, patch: Document): void {
  const keys = Object.keys(to).filter((key) => to[key] !== null && to[key] !== undefined);
  const dropped = Object.keys(from).some((key) => from[key] !== null && from[key] !== undefined && to[key] === undefined);
  if (keys.length > 0 && (Object.keys(patch).length > 0 || dropped)) patch[Directive.RetainKeys] = keys.sort(compareText);
}

function diffMergedList(key: string, before: unknown[], value: unknown[], patch: Document, field: FieldMeta, mode: DiffMode): void {
  if (before.length === 0) {
    if (value.length > 0 && mode.changes) patch[key] = value;
    return;
  }
  const ofMaps = [...before, ...value].some(isMap);
  const parts = ofMaps ? diffItems(before as Document[], value as Document[], field, mode) : diffScalars(before, value, mode);
  if (parts.items.length > 0) patch[key] = parts.items;
  if (parts.deletions.length > 0) patch[`${Directive.DeleteFromPrimitiveList}/${key}`] = parts.deletions;
  if (parts.order !== undefined && parts.order.length > 0) patch[`${Directive.SetElementOrder}/${key}`] = parts.order;
}

interface ListDiff {
  items: unknown[];
  deletions: unknown[];
  order: unknown[] | undefined;
}

function diffItems(before: Document[], value: Document[], field: FieldMeta, mode: DiffMode): ListDiff {
  const { mergeKey } = field;
  const items: Document[] = [];
  const left = before.map((item) => ({ item, taken: false }));
  for (const item of value) {
    // Several items of one key (a port of TCP and of UDP) pair up in their order.
    const old = left.find((other) => !other.taken && sameKey(other.item, item, mergeKey));
    if (old === undefined) {
      if (mode.changes) items.push(item);
      continue;
    }
    old.taken = true;
    const inner = diffMaps(old.item, item, field.below, { ...mode, retainKeys: field.retainKeys });
    if (Object.keys(inner).length > 0) items.push({ ...inner, [mergeKey]: item[mergeKey] });
  }
  if (mode.deletions) {
    for (const { item, taken } of left) if (!taken) items.push({ [mergeKey]: item[mergeKey], [Directive.Patch]: "delete" });
  }
  const moved = before.length !== value.length || value.some((item, index) => !sameKey(item, before[index], mergeKey));
  const ordered = mode.order && ((mode.changes && (items.length > 0 || moved)) || (mode.deletions && items.length > 0));
  return { items, deletions: [], order: ordered ? value.map((item) => ({ [mergeKey]: item[mergeKey] })) : undefined };
}

function diffScalars(before: unknown[], value: unknown[], mode: DiffMode): ListDiff {
  const items = mode.changes ? value.filter((item) => !before.includes(item)) : [];
  const deletions = mode.deletions ? [...new Set(before.filter((item) => !value.includes(item)))] : [];
  const ordered = mode.order && ((mode.deletions && deletions.length > 0) || (mode.changes && !equalValues(before, value)));
  return { items, deletions, order: ordered ? value : undefined };
}
