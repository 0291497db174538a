import type { Json } from "@trireme/api";
import { FieldSet } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { normalElement } from "./path-element.ts";

type FieldsV1 = Record<string, Json>;

/** A set as `fieldsV1` of managedFields: `{"f:spec":{"f:replicas":{}}}`, a member that has children marked by `"."`. */
export function fieldsV1Of(set: FieldSet): FieldsV1 {
  return written(set);
}

function written(set: FieldSet): FieldsV1 {
  const out: FieldsV1 = {};
  for (const { element, member, below } of set.sorted()) {
    if (below === undefined) {
      out[element] = {};
      continue;
    }
    out[element] = member ? { ".": {}, ...written(below) } : written(below);
  }
  return out;
}

/** The set that a `fieldsV1` means. Elements of a kind that a later server may bring are left out; throws SyntaxError on malformed ones. */
export function setOfFieldsV1(fields: unknown): FieldSet {
  const set = new FieldSet();
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw new SyntaxError("fieldsV1 is not an object");
  read(fields as FieldsV1, [], set);
  return set;
}

function read(fields: FieldsV1, path: PathElement[], set: FieldSet): void {
  for (const [key, below] of Object.entries(fields)) {
    if (key === ".") continue;
    const element = normalElement(key);
    if (element === undefined) continue;
    if (typeof below !== "object" || below === null || Array.isArray(below)) throw new SyntaxError(`${key} of fieldsV1 is not an object`);
    const names = Object.keys(below);
    path.push(element);
    if (names.length === 0 || "." in below) set.insert(path);
    read(below as FieldsV1, path, set);
    path.pop();
  }
}
