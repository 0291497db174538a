import { load } from "js-yaml";
import type { KubeObject } from "@trireme/api";
import { decodeObject, isObject, roundTrip } from "../schema/typed.ts";
import { decodeCustom } from "../crd/decode.ts";
import type { ApiContext, Call } from "../server/context.ts";
import { badRequest, StatusError, unsupportedMediaType } from "../server/status-error.ts";
import { apiVersionOf, type ResourceType } from "../types/resource-type.ts";
import { decodeProtobuf } from "../protobuf/decode.ts";
import { builtInSchemaName } from "../types/built-in.ts";
import { duplicateFields } from "./duplicate-fields.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const BODY_TYPES = ["application/json", "application/yaml", PROTOBUF];

export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** The `fieldValidation` parameter; the server's default is Warn. */
export function fieldValidation(call: Call): FieldValidation {
  const value = call.info.query.get("fieldValidation") ?? "";
  if (value === "") return "Warn";
  if (value === "Strict" || value === "Warn" || value === "Ignore") return value;
  throw invalidOption("fieldValidation", value, `Unsupported value: "${value}": supported values: "Ignore", "Strict", "Warn"`);
}

/** The `dryRun` parameter: absent or `All`. */
export function isDryRun(call: Call): boolean {
  const values = call.info.query.getAll("dryRun").filter((value) => value !== "");
  for (const value of values) if (value !== "All") throw invalidOption("dryRun", value, `Unsupported value: "${value}": supported values: "All"`);
  return values.length > 0;
}

function invalidOption(field: string, value: string, message: string): StatusError {
  const kind = field === "dryRun" ? "CreateOptions" : "CreateOptions";
  void value;
  return new StatusError(422, "Invalid", `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`, { group: "meta.k8s.io", kind, causes: [{ reason: "FieldValueNotSupported", message, field }] });
}

/** Parses a JSON or YAML body into an object, with the duplicate keys that it holds. */
export function parseBody(call: Call, what = "body"): { value: unknown; duplicates: string[] } {
  const type = mediaType(call);
  const text = call.body.toString("utf8");
  if (type === "application/json" || type === "") {
    try {
      const value: unknown = JSON.parse(text);
      return { value, duplicates: duplicateFields(text) };
    } catch (error) {
      throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
    }
  }
  if (type === "application/yaml" || type === "application/apply-patch+yaml") {
    try {
      return { value: load(text), duplicates: [] };
    } catch (error) {
      throw badRequest(`error decoding ${what}: yaml: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  if (type === PROTOBUF) return { value: decodeProtobuf(call.body, builtInSchemaName), duplicates: [] };
  throw unsupportedMediaType(BODY_TYPES);
}

export function mediaType(call: Call): string {
  return String(call.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

/** The request's body as an object of the URL's kind, decoded, defaulted, and checked for unknown fields. */
export function decodeBody(call: Call, type: ResourceType, ctx: ApiContext): KubeObject {
  const { value, duplicates } = parseBody(call);
  return decodeAs(value, duplicates, call, type, ctx);
}

/** A parsed value as an object of the type; unknown and duplicate fields go by `fieldValidation`. */
export function decodeAs(value: unknown, duplicates: readonly string[], call: Call, type: ResourceType, ctx: ApiContext): KubeObject {
  if (!isObject(value)) throw badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string; Kind string }");
  checkKind(value, type);
  const problems = [...duplicates];
  const object = decode(value, type, problems);
  reportUnknown(problems, call, type);
  ctx.strategyOf(type).defaults?.(object);
  return object;
}

/** Decodes without checks of the request; `problems` collects the unknown fields. */
export function decode(value: Record<string, any>, type: ResourceType, problems: string[]): KubeObject {
  const header = { kind: type.kind, apiVersion: apiVersionOf(type) };
  if (type.custom) return { ...header, ...decodeCustom(value, type, type.custom, problems), ...header } as unknown as KubeObject;
  if (!type.schemaName) throw new Error(`no schema for ${type.kind}`);
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = decodeObject(type.schemaName, type, value, problems);
  return { ...header, ...rest };
}

/** Unknown fields: refused (Strict), told in Warning headers (Warn), or nothing. */
export function reportUnknown(problems: readonly string[], call: Call, type: ResourceType): void {
  if (problems.length === 0) return;
  const mode = fieldValidation(call);
  if (mode === "Strict") throw badRequest(type.custom ? `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${problems.join(", ")}` : `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${problems.join(", ")}`);
  if (mode === "Warn") for (const problem of problems) call.warnings.push(problem);
}

function checkKind(value: Record<string, any>, type: ResourceType): void {
  const { apiVersion = "", kind = "" } = value;
  if (type.custom && (kind === "" || apiVersion === "")) throw badRequest(`Object '${kind === "" ? "Kind" : "apiVersion"}' is missing in '${JSON.stringify(value)}'`);
  if (typeof apiVersion !== "string" || typeof kind !== "string") throw badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into Go struct field of type string");
  const wanted = apiVersionOf(type);
  if (apiVersion !== "" && apiVersion !== wanted) throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
  if (kind !== "" && kind !== type.kind) throw badRequest(`${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: converting (${kind}) to (${type.kind}): unknown conversion`);
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
