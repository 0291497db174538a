/** Kubernetes' own shapes, as they stand in JSON. Unknown fields are always kept. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: "Apply" | "Update";
  apiVersion?: string;
  time?: string;
  fieldsType?: "FieldsV1";
  fieldsV1?: Record<string, Json>;
  subresource?: string;
}

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
  [key: string]: unknown;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [key: string]: any;
}

export interface KubeList<T extends KubeObject = KubeObject> {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

/** The `Status` object that the API server answers failures with. */
export interface KubeStatus {
  kind: "Status";
  apiVersion: "v1";
  metadata: Record<string, never>;
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: { name?: string; group?: string; kind?: string; uid?: string; causes?: { reason?: string; message?: string; field?: string }[]; retryAfterSeconds?: number };
  code: number;
}

export interface GroupKind {
  group: string;
  kind: string;
}

export interface GroupVersionKind extends GroupKind {
  version: string;
}

/** One object inside one cluster; namespace is "" for cluster-scoped kinds. */
export interface ObjectKey extends GroupKind {
  namespace: string;
  name: string;
}

/** A destination cluster: its API server's URL as it stands in Argo's cluster Secret. */
export type ClusterId = string;

export const IN_CLUSTER: ClusterId = "https://kubernetes.default.svc";

export interface ClusterObjectKey extends ObjectKey {
  cluster: ClusterId;
}

/** An application is this very object, never just its name: a recreated one is another. */
export interface AppKey {
  namespace: string;
  name: string;
  uid: string;
}

/** Splits `apps/v1` into its group and version; the core group is "". */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? { group: "", version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function apiVersionOf(gv: { group: string; version: string }): string {
  return gv.group === "" ? gv.version : `${gv.group}/${gv.version}`;
}

export function gvkOf(object: { apiVersion: string; kind: string }): GroupVersionKind {
  return { ...parseApiVersion(object.apiVersion), kind: object.kind };
}

export function keyOf(object: KubeObject): ObjectKey {
  return { group: parseApiVersion(object.apiVersion).group, kind: object.kind, namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" };
}

/** Map key of an object: `group/kind/namespace/name`; the order that Argo CD sorts its resources by. */
export function keyText(key: ObjectKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}
