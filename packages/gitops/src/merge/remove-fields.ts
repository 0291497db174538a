import { isEmptyMap } from "./field-set-of.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldElement, itemElement } from "./path-element.ts";
import type { ListType, MapType, TypeRef } from "./types.ts";
import { isMap, kindOf, kindsOf, LIST, MAP } from "./types.ts";

/** The value without the fields of a set; what is emptied by it becomes null, as the server leaves it. */
export function removeFields(type: TypeRef, value: unknown, fields: FieldSet): unknown {
  return fields.empty ? value : visit(type, value, fields, false);
}

/** Only the fields of a set, with what leads to them. */
export function extractFields(type: TypeRef, value: unknown, fields: FieldSet): unknown {
  return visit(type, value, fields, true);
}

function visit(type: TypeRef, value: unknown, fields: FieldSet, extract: boolean): unknown {
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, value));
  if (kind === MAP) return visitMap(atom.map!, value, fields, extract);
  if (kind === LIST) return visitList(atom.list!, value, fields, extract);
  return value;
}

function visitMap(type: MapType, value: unknown, fields: FieldSet, extract: boolean): unknown {
  if (!isMap(value)) return null;
  if (isEmptyMap(value) || type.atomic) return extract ? value : null;
  const out: Record<string, unknown> = {};
  for (const key in value) {
    const member = value[key];
    if (member === undefined) continue;
    const memberType = type.fields.get(key)?.type ?? type.element;
    const element = fieldElement(key);
    const below = fields.below(element);
    if (fields.hasElement(element)) {
      if (extract) out[key] = below === undefined || memberType === undefined ? member : visit(memberType, member, below, true);
    } else if (below !== undefined) {
      out[key] = memberType === undefined ? member : visit(memberType, member, below, extract);
    } else if (!extract) {
      out[key] = member;
    }
  }
  return isEmptyMap(out) ? null : out;
}

function visitList(type: ListType, value: unknown, fields: FieldSet, extract: boolean): unknown {
  if (!Array.isArray(value)) return null;
  if (value.length === 0 || !type.associative) return extract ? value : null;
  const out: unknown[] = [];
  for (const item of value) {
    const found = itemElement(type, item);
    const element = "element" in found ? found.element : "";
    const below = fields.below(element);
    const exact = fields.hasElement(element);
    if (extract ? exact || below !== undefined : !exact) {
      out.push(below === undefined ? item : visit(type.element, item, below, extract));
    }
  }
  return out.length > 0 ? out : null;
}
