import type { GroupVersionKind, KubeObject } from "@trireme/api";

/**
 * Where the types of fields come from: OpenAPI v3 schemas of the API server
 * (`x-kubernetes-list-type`, `-list-map-keys`, `-map-type`, `-patch-strategy`, `-patch-merge-key`), or a CRD's.
 * Answers `undefined` for a kind without a schema: its lists are atomic, as Kubernetes deduces them.
 */
export interface SchemaSource {
  schemaOf(gvk: GroupVersionKind): SchemaNode | undefined;
}

/** One node of a schema, references resolved lazily by `resolve`. Plain OpenAPI v3 JSON. */
export interface SchemaNode {
  readonly schema: Record<string, any>;
  resolve(ref: string): Record<string, any>;
}

/** A path into an object the way people write it: `spec.template.spec.containers[name="web"].image`. */
export type FieldPathText = string;

export interface ApplyConflict {
  manager: string;
  /** The conflicting manager's apiVersion and operation, for the server's wording. */
  description: string;
  fields: FieldPathText[];
}

export interface ApplyResult {
  /** The merged object with its managedFields; only meaningful without conflicts. */
  object: KubeObject;
  conflicts: ApplyConflict[];
  /**
   * False when nothing but managedFields timestamps would differ: the server writes nothing then. A server that fills in
   * defaults asks `keepTimes` once more afterwards.
   */
  changed: boolean;
}

export interface ManagerContext {
  manager: string;
  subresource?: string;
  /** RFC3339 seconds; handed in, since this package reads no clock. */
  now: string;
}

/** Why two objects differ at one field. Values are as they stand; secrets were redacted on entry. */
export interface FieldDifference {
  path: FieldPathText;
  /** RFC 6901 pointer of the same place in the live (or, where absent there, desired) object. */
  pointer: string;
  desired?: unknown;
  live?: unknown;
  /** Who wrote the live value last and when, from managedFields. */
  writer?: { manager: string; operation: string; time?: string };
}

export interface ObjectDiff {
  modified: boolean;
  differences: FieldDifference[];
  /** Live object after normalisation, and what live would be after an apply: the two sides that clients show. */
  normalizedLive: KubeObject | undefined;
  predictedLive: KubeObject | undefined;
}
