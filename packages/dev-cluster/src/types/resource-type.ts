import type { GroupVersionKind } from "@trireme/api";

export interface Subresource {
  name: string;
  kind: GroupVersionKind;
  verbs: readonly string[];
}

/** One resource in one served version: everything that a request handler asks about its kind. */
export interface ResourceType {
  group: string;
  version: string;
  kind: string;
  listKind: string;
  /** Plural, lower case. */
  resource: string;
  singular: string;
  shortNames: readonly string[];
  categories: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
  subresources: ReadonlyMap<string, Subresource>;
  /** Bucket of the store; versions of a kind share it. */
  bucket: string;
  /** apiVersion under which objects lie in the store. */
  storageVersion: string;
  /** Name of the built-in schema, or `undefined` for kinds from CRDs. */
  schemaName?: string;
  /** For kinds from CRDs: the structural schema and what goes with it. */
  custom?: CustomType;
}

export interface CustomType {
  crdName: string;
  schema: Record<string, any>;
  preserveUnknownFields: boolean;
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  /** The warning that goes with every answer in this version. */
  deprecation?: string;
  columns: readonly PrinterColumn[];
  selectableFields: readonly string[];
}

export interface PrinterColumn {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
}

export function apiVersionOf(type: { group: string; version: string }): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}
