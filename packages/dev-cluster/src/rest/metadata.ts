import { randomInt, randomUUID } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import type { ApiContext, Call } from "../server/context.ts";
import { timestamp } from "../server/context.ts";
import { badRequest, conflict, invalid, StatusError, type Cause } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { isDnsLabel, labelKeyProblem, labelValueProblem, qualifiedNameProblem, subdomainProblems } from "./names.ts";

const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const MAX_GENERATED_PREFIX = 58;
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Namespace and name of the body made to agree with the URL's. */
export function settleNames(object: KubeObject, call: Call, type: ResourceType): void {
  const { info } = call;
  const metadata = (object.metadata ??= {});
  if (type.namespaced) {
    if (metadata.namespace && metadata.namespace !== info.namespace) throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
    metadata.namespace = info.namespace;
  } else if (metadata.namespace) {
    delete metadata.namespace;
  }
  if (info.name && info.verb !== "create") {
    if (!metadata.name) throw badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
    if (metadata.name !== info.name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${info.name})`);
  }
}

/** System metadata of a new object: name from generateName, uid, creation time; what clients may not set is dropped. */
export function fillNewMetadata(object: KubeObject, ctx: ApiContext): void {
  const { metadata } = object;
  if (metadata.resourceVersion) throw new StatusError(500, "", "resourceVersion should not be set on objects to be created");
  if (metadata.generateName && !metadata.name) {
    const suffix = Array.from({ length: 5 }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]).join("");
    metadata.name = metadata.generateName.slice(0, MAX_GENERATED_PREFIX) + suffix;
  }
  wipeSystemMetadata(object);
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(ctx.now());
}

/** What a new object has from the server alone, whatever was sent. */
export function wipeSystemMetadata({ metadata }: KubeObject): void {
  for (const field of ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"]) delete (metadata as Record<string, unknown>)[field];
}

/** What stays of an object's metadata through updates; a body with another uid is another object. */
export function keepMetadata(object: KubeObject, old: KubeObject, type: ResourceType, verb: string): void {
  const { metadata } = object;
  const name = old.metadata.name ?? "";
  refuseChanged(object, old, type, verb);
  if (metadata.uid && metadata.uid !== old.metadata.uid) {
    throw conflict(type, name, `StorageError: invalid object, Code: 4, Key: ${etcdKey(old, type)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`);
  }
  for (const field of ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName"] as const) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else (metadata as Record<string, unknown>)[field] = old.metadata[field];
  }
  delete metadata.selfLink;
}

/** A patch that changes who an object is, or marks it for deletion, is invalid; built-in kinds check, and say, it twice. */
function refuseChanged({ metadata }: KubeObject, old: KubeObject, type: ResourceType, verb: string): void {
  const fields = [...(verb === "patch" && metadata.uid && metadata.uid !== old.metadata.uid ? ["uid" as const] : []), ...(metadata.deletionTimestamp && !old.metadata.deletionTimestamp ? ["deletionTimestamp" as const] : [])];
  const causes = fields.map((field) => invalidValue(`metadata.${field}`, metadata[field], "field is immutable"));
  if (causes.length > 0) throw invalid(type, old.metadata.name ?? "", type.custom ? causes : [...causes, ...causes]);
}

const ETCD_NAMES: Record<string, string> = { services: "services/specs", endpoints: "services/endpoints", nodes: "minions", "ingresses.networking.k8s.io": "ingress" };

/** Where a real server keeps the object; its messages name the place. */
export function etcdKey(object: KubeObject, type: ResourceType): string {
  const place = type.custom ? `${type.group}/${type.resource}` : (ETCD_NAMES[type.bucket] ?? type.resource);
  return `/registry/${place}/${type.namespaced ? `${object.metadata.namespace}/` : ""}${object.metadata.name}`;
}

/** The checks that every kind's metadata gets, with the server's sentences. */
export function metadataCauses(object: KubeObject, type: ResourceType, nameProblems: ((name: string, prefix: boolean) => string[]) | undefined): Cause[] {
  const { metadata } = object;
  const causes: Cause[] = [];
  const check = nameProblems ?? subdomainProblems;
  const add = (field: string, value: unknown, message: string): void => void causes.push(invalidValue(field, value, message));

  if (metadata.generateName) for (const problem of check(metadata.generateName, true)) add("metadata.generateName", metadata.generateName, problem);
  if (!metadata.name) causes.push(required("metadata.name", "name or generateName is required"));
  else for (const problem of check(metadata.name, false)) add("metadata.name", metadata.name, problem);
  if (type.namespaced && metadata.namespace && !isDnsLabel(metadata.namespace)) add("metadata.namespace", metadata.namespace, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");

  causes.push(...labelCauses(metadata.labels, "metadata.labels"));
  let size = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    const problem = qualifiedNameProblem(key.toLowerCase());
    if (problem) add("metadata.annotations", key, problem);
    size += key.length + Buffer.byteLength(value);
  }
  if (size > MAX_ANNOTATIONS_BYTES) causes.push({ reason: "FieldValueTooLong", message: `Too long: may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`, field: "metadata.annotations" });
  for (const owner of metadata.ownerReferences ?? []) {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const) if (!owner[field]) add(`metadata.ownerReferences.${field}`, "", field === "apiVersion" ? "version must not be empty" : "must not be empty");
  }
  const controllers = (metadata.ownerReferences ?? []).filter((owner) => owner.controller);
  if (controllers.length > 1) add("metadata.ownerReferences", "[...]", `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]!.kind}/${controllers[0]!.name} and ${controllers[1]!.kind}/${controllers[1]!.name}`);
  for (const [index, finalizer] of (metadata.finalizers ?? []).entries()) {
    const problem = qualifiedNameProblem(finalizer);
    if (problem) add(`metadata.finalizers[${index}]`, finalizer, problem);
    else if (!type.custom && !finalizer.includes("/") && !STANDARD_FINALIZERS.has(finalizer)) add(`metadata.finalizers[${index}]`, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
  }
  return causes;
}

export const STANDARD_FINALIZERS = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

export function labelCauses(labels: Record<string, string> | undefined, field: string): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    const problem = labelKeyProblem(key);
    if (problem) causes.push(invalidValue(field, key, problem));
    const wrong = labelValueProblem(value);
    if (wrong) causes.push(invalidValue(field, value, wrong));
  }
  return causes;
}

export function invalidValue(field: string, value: unknown, message: string): Cause {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: ${message}`, field };
}

export function required(field: string, message = ""): Cause {
  return { reason: "FieldValueRequired", message: message === "" ? "Required value" : `Required value: ${message}`, field };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): Cause {
  return { reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`, field };
}

export function duplicate(field: string, value: unknown): Cause {
  return { reason: "FieldValueDuplicate", message: `Duplicate value: ${JSON.stringify(value)}`, field };
}

export function forbiddenField(field: string, message: string): Cause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${message}`, field };
}
