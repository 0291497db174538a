import type { KubeObject } from "@trireme/api";
import { decodeObject, isObject, roundTrip } from "../schema/typed.ts";
import { decodeCustom } from "../crd/decode.ts";
import type { ApiContext, Call } from "../server/context.ts";
import { badRequest, invalid, unsupportedMediaType, type StatusError } from "../server/status-error.ts";
import { apiVersionOf, type ResourceType } from "../types/resource-type.ts";
import { decodeProtobuf } from "../protobuf/decode.ts";
import { builtInSchemaName } from "../types/built-in.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { parseYamlBody } from "./yaml-body.ts";
import { fieldValidation } from "./options.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const BODY_TYPES = ["application/json", "application/yaml", PROTOBUF];

/** Parses a JSON, YAML or protobuf body, with the duplicate keys that it holds. `kind` is what the message expects. */
export function parseBody(call: Call, kind = "object"): { value: unknown; duplicates: string[] } {
  const type = mediaType(call);
  const text = call.body.toString("utf8");
  switch (type) {
    case "":
    case "application/json":
      try {
        const value: unknown = JSON.parse(text);
        return { value, duplicates: duplicateFields(text) };
      } catch (error) {
        throw unrecognized(call, kind, `couldn't get version/kind; json parse error: ${goJsonError(text, error as Error)}`);
      }
    case "application/yaml":
      try {
        return parseYamlBody(text);
      } catch (error) {
        throw unrecognized(call, kind, `yaml: ${(error as Error).message.split("\n")[0]}`);
      }
    case PROTOBUF:
      return { value: decodeProtobuf(call.body, builtInSchemaName), duplicates: [] };
    default:
      throw unsupportedMediaType(BODY_TYPES);
  }
}

function unrecognized(call: Call, kind: string, why: string): StatusError {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(call.body)})`);
}

/** The first 30 bytes of a body: as they are when it looks like JSON, in hexadecimal otherwise. */
function summary(body: Buffer): string {
  if (body.length === 0) return "<empty>";
  const start = body.subarray(0, 30);
  return (body[0] === 0x7b ? start.toString("utf8") : start.toString("hex")) + (body.length > 30 ? " ..." : "");
}

/** What Go's decoder says of a text that is no JSON. */
function goJsonError(text: string, error: Error): string {
  const at = Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length);
  const found = text[at];
  if (found === undefined || text.slice(at).trim() === "" || (text.length === 1 && at === 1)) return "unexpected end of JSON input";
  return `invalid character '${found}' looking for beginning of value`;
}

export function mediaType(call: Call): string {
  return String(call.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

/** The request's body as an object of the URL's kind, decoded, defaulted, and checked for unknown fields. */
export function decodeBody(call: Call, type: ResourceType, ctx: ApiContext): KubeObject {
  const { value, duplicates } = parseBody(call, type.kind);
  if (!isObject(value)) throw unrecognized(call, type.kind, `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? "array" : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`);
  checkKind(value, call, type, ctx);
  return decodeAs(value, duplicates, call, type, ctx);
}

/** A parsed value as an object of the type; unknown and duplicate fields go by `fieldValidation`. */
export function decodeAs(value: Record<string, any>, duplicates: readonly string[], call: Call, type: ResourceType, ctx: ApiContext): KubeObject {
  const problems = [...duplicates];
  const object = decode(value, type, problems);
  reportUnknown(problems, call, type);
  ctx.strategyOf(type).defaults?.(object);
  return object;
}

/** Decodes without checks of the request; `problems` collects the unknown fields. @param isMerged it comes of an apply, not of a client. */
export function decode(value: Record<string, any>, type: ResourceType, problems: string[], isMerged = false): KubeObject {
  const header = { kind: type.kind, apiVersion: apiVersionOf(type) };
  if (type.custom) return { ...header, ...decodeCustom(value, type, type.custom, problems, isMerged), ...header } as unknown as KubeObject;
  if (!type.schemaName) throw new Error(`no schema for ${type.kind}`);
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = decodeObject(type.schemaName, type, value, problems);
  return { ...header, ...rest };
}

/** Unknown fields: refused (Strict), told in Warning headers (Warn), or nothing. */
export function reportUnknown(problems: readonly string[], call: Call, type: ResourceType): void {
  if (problems.length === 0) return;
  const mode = fieldValidation(call);
  if (mode === "Strict") throw badRequest(`${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${problems.join(", ")}`);
  if (mode === "Warn") for (const problem of problems) call.warnings.push(problem.replace(/^yaml: unmarshal errors:\n\s*/, ""));
}

function checkKind(value: Record<string, any>, call: Call, type: ResourceType, ctx: ApiContext): void {
  const { apiVersion = "", kind = "" } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") throw unrecognized(call, type.kind, `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof apiVersion !== "string" ? typeof apiVersion : typeof kind} into Go struct field .${typeof apiVersion !== "string" ? "apiVersion" : "kind"} of type string`);
  if (type.custom && (kind === "" || apiVersion === "")) throw unrecognized(call, type.kind, `Object '${kind === "" ? "Kind" : "apiVersion"}' is missing in '${call.body.toString("utf8")}'`);
  const wanted = apiVersionOf(type);
  const version = apiVersion.slice(apiVersion.lastIndexOf("/") + 1);
  if (apiVersion !== "" && apiVersion !== wanted) {
    if (type.custom || builtInSchemaName(apiVersion, kind || type.kind) || /alpha|beta/.test(version)) throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
    throw badRequest(`${kind || type.kind} in version "${version}" cannot be handled as a ${type.kind}: no kind "${kind || type.kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`);
  }
  if (kind === "" || kind === type.kind) return;
  if (type.custom) throw invalid({ group: type.group, kind }, value.metadata?.name ?? "", [{ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(kind)}: must be ${type.kind}`, field: "kind" }]);
  const other = ctx.types.ofKind(type.group, type.version, kind);
  if (other?.schemaName) decodeObject(other.schemaName, { kind: type.kind, version: type.version, sent: kind }, value, []);
  throw badRequest(`${kind} in version "${type.version}" cannot be handled as a ${type.kind}: converting (${type.version}.${kind}) to (${type.group || "core"}.${type.kind}): unknown conversion`);
}

/** DeleteOptions from the body (any content type that JSON or YAML can be) and the query. */
export function deleteOptions(call: Call): Record<string, any> {
  let options: Record<string, any> = {};
  if (call.body.length > 0) {
    const { value } = parseBody(call);
    if (isObject(value)) options = roundTrip("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", value);
  } else {
    const { query } = call.info;
    const grace = query.get("gracePeriodSeconds");
    const policy = query.get("propagationPolicy");
    const orphan = query.get("orphanDependents");
    options = { ...(grace !== null && { gracePeriodSeconds: Number(grace) }), ...(policy && { propagationPolicy: policy }), ...(orphan !== null && { orphanDependents: orphan === "true" }) };
  }
  return options;
}
