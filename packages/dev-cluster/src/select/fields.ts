import type { KubeObject } from "@trireme/api";
import { badRequest } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

export type FieldPredicate = (object: KubeObject) => boolean;

/** Fields beyond metadata that the server can select by, by bucket. */
const SELECTABLE: Record<string, readonly string[]> = {
  pods: ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"],
  nodes: ["spec.unschedulable"],
  namespaces: ["status.phase"],
  secrets: ["type"],
  services: ["spec.clusterIP", "spec.type"],
  "replicationcontrollers": ["status.replicas"],
  "jobs.batch": ["status.successful"],
  events: ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"],
  "certificatesigningrequests.certificates.k8s.io": ["spec.signerName"],
};

const NEWER_EVENTS = [...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map((field) => `regarding.${field}`), "reason", "reportingController", "type"];

/** Compiles a `fieldSelector` for a resource. Throws 400 for a field that it cannot be selected by. */
export function fieldSelector(text: string, type: ResourceType): FieldPredicate | undefined {
  if (text.trim() === "") return undefined;
  const selectable = type.group === "events.k8s.io" ? NEWER_EVENTS : SELECTABLE[type.bucket];
  const allowed = new Set(["metadata.name", ...(type.namespaced ? ["metadata.namespace"] : []), ...(selectable ?? []), ...(type.custom?.selectableFields ?? [])]);
  const terms = text.split(/(?<!\\),/).filter((term) => term !== "").map((term) => {
    const match = /^([^=!]+)(==|!=|=)(.*)$/.exec(term);
    if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field, operator, value] = match;
    if (!allowed.has(field!)) throw badRequest(type.custom || SELECTABLE[type.bucket] ? `field label not supported: ${field}` : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
    return { read: reader(field!), equal: operator !== "!=", value: value!.replaceAll(/\\([,=\\])/g, "$1") };
  });
  return (object) => terms.every(({ read, equal, value }) => (read(object) === value) === equal);
}

function reader(field: string): (object: KubeObject) => string {
  if (field === "source") return (object) => String(object.source?.component ?? object.reportingComponent ?? "");
  if (field === "reportingComponent") return (object) => String(object.reportingComponent ?? "");
  if (field === "spec.unschedulable" || field === "spec.hostNetwork") return (object) => String(at(object, field.split(".")) ?? false);
  if (field === "status.successful") return (object) => String(object.status?.succeeded ?? 0);
  if (field === "status.replicas") return (object) => String(object.status?.replicas ?? 0);
  const path = field.split(".");
  return (object) => String(at(object, path) ?? "");
}

function at(value: any, path: readonly string[]): unknown {
  for (const step of path) value = value?.[step];
  return value;
}
