import type { KubeObject } from "@trireme/api";
import type { SchemaNode } from "../merge.ts";
import { FieldSet } from "./field-set.ts";
import type { Versions } from "./ownership.ts";
import { fieldElement } from "./path-element.ts";
import { typeOf } from "./types.ts";

/** The schema of a kind, and how to read what other versions of it wrote. */
export interface KindSchema {
  /** Of the version that is written now; `undefined`: no schema, lists are atomic. */
  schema: SchemaNode | undefined;
  /** Schemas of the kind's other versions, by apiVersion. A version that is not known is forgotten, as the server does. */
  schemaAt?: ((apiVersion: string) => SchemaNode | undefined) | undefined;
  /** Rewrites an object in another version of its kind. Without it, versions differ in their name alone. */
  convert?: ((object: KubeObject, apiVersion: string) => KubeObject) | undefined;
  /** Fields that this endpoint never sets, as names from the root: `[["status"]]` on the main resource, `[["spec"]]` on status. */
  resetFields?: readonly (readonly string[])[] | undefined;
}

export function versionsOf(kind: KindSchema, apiVersion: string): Versions {
  const own = typeOf(kind.schema);
  return {
    typeAt(version) {
      if (version === apiVersion) return own;
      if (kind.schemaAt === undefined) return own;
      const schema = kind.schemaAt(version);
      return schema && typeOf(schema);
    },
    convert(object, version) {
      if (object.apiVersion === version) return object;
      return kind.convert?.(object, version) ?? { ...object, apiVersion: version };
    },
  };
}

export function ignoredFields(kind: KindSchema): FieldSet {
  return FieldSet.of(...(kind.resetFields ?? []).map((path) => path.map(fieldElement)));
}
