import type { KubeObject } from "@trireme/api";
import { forbiddenField, invalidValue, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

const MAX_BYTES = 1024 * 1024;
const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_TEXT = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

export const configMapStrategy: Strategy = {
  validate(object, old) {
    const causes = [...keyCauses(object.data, "data"), ...keyCauses(object.binaryData, "binaryData")];
    for (const key of Object.keys(object.binaryData ?? {})) if (object.data?.[key] !== undefined) causes.push(invalidValue(`data[${key}]`, "", `duplicate of key present in binaryData`));
    const size = Object.values<string>(object.data ?? {}).reduce((sum, text) => sum + Buffer.byteLength(text), 0) + Object.values<string>(object.binaryData ?? {}).reduce((sum, text) => sum + Buffer.byteLength(text, "base64"), 0);
    if (size > MAX_BYTES) causes.push(tooLong(""));
    return [...causes, ...immutableCauses(object, old, ["data", "binaryData"])];
  },
};

export const secretStrategy: Strategy = {
  defaults(object) {
    object.type ||= "Opaque";
    const plain: Record<string, string> = object.stringData ?? {};
    if (Object.keys(plain).length > 0) object.data = { ...object.data, ...Object.fromEntries(Object.entries(plain).map(([key, text]) => [key, Buffer.from(text).toString("base64")])) };
    delete object.stringData;
  },
  prepareUpdate(object, old) {
    object.type ||= old.type;
  },
  validate(object, old) {
    const causes = keyCauses(object.data, "data");
    const size = Object.values<string>(object.data ?? {}).reduce((sum, text) => sum + Buffer.byteLength(text, "base64"), 0);
    if (size > MAX_BYTES) causes.push(tooLong("data"));
    causes.push(...typeCauses(object));
    if (old && object.type !== old.type) causes.push(invalidValue("type", object.type, "field is immutable"));
    return [...causes, ...immutableCauses(object, old, ["data"])];
  },
};

/** Types that promise certain keys. */
const NEEDED: Record<string, readonly string[]> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function typeCauses(object: KubeObject): Cause[] {
  const causes = (NEEDED[object.type] ?? []).filter((key) => object.data?.[key] === undefined).map((key) => required(`data[${key}]`));
  if (object.type === "kubernetes.io/basic-auth" && object.data?.username === undefined && object.data?.password === undefined) causes.push(required("data[username]"), required("data[password]"));
  if (object.type === "kubernetes.io/service-account-token" && !object.metadata.annotations?.["kubernetes.io/service-account.name"]) causes.push(required("metadata.annotations[kubernetes.io/service-account.name]"));
  return causes;
}

function keyCauses(data: Record<string, unknown> | undefined, path: string): Cause[] {
  return Object.keys(data ?? {}).flatMap((key) => {
    if (key.length > 253) return [invalidValue(`${path}[${key}]`, key, "must be no more than 253 characters")];
    if (key === "." || key === "..") return [invalidValue(`${path}[${key}]`, key, `may not be '${key}'`)];
    return KEY.test(key) ? [] : [invalidValue(`${path}[${key}]`, key, KEY_TEXT)];
  });
}

function tooLong(field: string): Cause {
  return { reason: "FieldValueTooLong", message: `Too long: may not be more than ${MAX_BYTES} bytes`, field };
}

function immutableCauses(object: KubeObject, old: KubeObject | undefined, fields: readonly string[]): Cause[] {
  if (!old?.immutable) return [];
  const causes: Cause[] = [];
  if (!object.immutable) causes.push(forbiddenField("immutable", "field is immutable when `immutable` is set"));
  for (const field of fields) if (!sameJson(object[field] ?? {}, old[field] ?? {})) causes.push(forbiddenField(field, "field is immutable when `immutable` is set"));
  return causes;
}

export const serviceAccountStrategy: Strategy = { returnsDeleted: true, prepareCreate: namesOnly, prepareUpdate: namesOnly };

/** Secrets of an account are references by name; what else they say is not kept. */
function namesOnly(object: KubeObject): void {
  if (object.secrets) object.secrets = object.secrets.map(({ name }: { name?: string }) => (name === undefined ? {} : { name }));
}

const REPORTING = ["reportingComponent", "reportingInstance"];

function fillReporting(object: KubeObject): void {
  if (object.apiVersion === "v1") for (const field of REPORTING) object[field] ??= "";
}

export const eventStrategy: Strategy = {
  createsOnUpdate: true,
  defaults(object) {
    if (object.apiVersion === "v1") {
      object.source ??= {};
      object.involvedObject ??= {};
    }
    // Present and empty, and nobody's: filled in after ownership is noted.
    for (const field of REPORTING) if (object[field] === "") delete object[field];
  },
  prepareCreate: fillReporting,
  prepareUpdate: fillReporting,
  validate(object, old) {
    const involved = object.involvedObject ?? object.regarding ?? {};
    const namespace = involved.namespace ?? "";
    const own = object.metadata.namespace ?? "";
    if (namespace === "" ? own !== "default" && own !== "kube-system" : namespace !== own) return [invalidValue("involvedObject.namespace", namespace, "does not match event.namespace")];
    if (object.apiVersion !== "events.k8s.io/v1" || old) return [];
    return [...(object.eventTime ? [] : [required("eventTime")]), ...(object.type === "Normal" || object.type === "Warning" ? [] : [invalidValue("type", "", `has invalid value: ${object.type ?? ""}`)])];
  },
};
