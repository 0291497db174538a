import type { KubeObject } from "@trireme/api";

/**
 * An object that a decision may change: its own members, those of `metadata` and those of `spec`. Everything deeper is the
 * stored object's and is replaced, never changed in place; so a draft costs next to nothing, and comparing it with what
 * is stored ends where both are the same. Who manages which field is nothing that decisions ask for.
 */
export function draftOf<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata, ...(object["spec"] !== undefined && { spec: { ...object["spec"] } }) };
}
