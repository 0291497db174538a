import type { KubeObject } from "@trireme/api";
import { label1035Problems } from "../rest/names.ts";
import { invalidValue, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import { isObject } from "../schema/typed.ts";
import type { Cause } from "../server/status-error.ts";
import { isEstablished } from "./establish.ts";

type Schema = Record<string, any>;

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
/** Of a version, and where the server keeps, checks and names them once when all versions agree. */
const SHARED: Readonly<Record<string, string>> = { schema: "validation", subresources: "subresources", additionalPrinterColumns: "additionalPrinterColumns", selectableFields: "selectableFields" };

/** What is wrong with a CRD, but for its rules. */
export function crdCauses(crd: KubeObject, old: KubeObject | undefined): Cause[] {
  const { group, names, scope, conversion } = crd.spec ?? {};
  const versions: any[] = crd.spec?.versions ?? [];
  const found: Cause[] = [];
  if (!group) found.push(required("spec.group"));
  if (!names?.plural) found.push(required("spec.names.plural"));
  if (!names?.kind) found.push(required("spec.names.kind"));
  if (scope !== "Namespaced" && scope !== "Cluster") found.push(unsupported("spec.scope", scope ?? "", ["Cluster", "Namespaced"]));
  if (conversion?.strategy !== "None" && conversion?.strategy !== "Webhook") found.push(unsupported("spec.conversion.strategy", conversion?.strategy ?? "", ["None", "Webhook"]));
  const wanted = `${names?.plural}.${group}`;
  if (group && names?.plural && crd.metadata.name !== wanted) found.push(invalidValue("metadata.name", crd.metadata.name, `must be spec.names.plural+"."+spec.group`));
  if (old && isEstablished(old)) found.push(...immutable(crd, old));
  found.push(...versionCauses(crd, versions), ...storedCauses(crd, versions));

  for (const field of Object.keys(SHARED)) {
    const shared = versions.every((version) => sameJson(version[field], versions[0][field]));
    for (const [index, version] of versions.slice(0, shared ? 1 : undefined).entries()) found.push(...partCauses(field, version, shared ? `spec.${SHARED[field]}` : `spec.versions[${index}].${field}`, shared ? "spec.validation" : `spec.versions[${index}].schema`, crd));
  }
  return found;
}

function immutable(crd: KubeObject, old: KubeObject): Cause[] {
  return [["group"], ["scope"], ["names", "kind"], ["names", "plural"]].flatMap((path) => {
    const at = (object: KubeObject): unknown => path.reduce((value: any, key) => value?.[key], object.spec);
    return sameJson(at(crd), at(old)) ? [] : [invalidValue(`spec.${path.join(".")}`, at(crd), "field is immutable")];
  });
}

function versionCauses(crd: KubeObject, versions: readonly any[]): Cause[] {
  const found: Cause[] = [];
  const problems = (name: string, field: string): void => {
    for (const problem of label1035Problems(name)) found.push(invalidValue(field, name, problem));
  };
  if (versions.length > 0) problems(String(versions[0].name), "spec.version");
  for (const [index, { name }] of versions.entries()) problems(String(name), `spec.versions[${index}].name`);
  if (new Set(versions.map(({ name }) => name)).size < versions.length) found.push(invalidValue("spec.versions", internal(versions), "must contain unique version names"));
  if (versions.filter(({ storage }) => storage).length !== 1) found.push(invalidValue("spec.versions", internal(versions), "must have exactly one version marked as storage version"));
  for (const [index, version] of versions.entries()) {
    if (!version.schema?.openAPIV3Schema && !crd.spec.preserveUnknownFields) found.push(required(`spec.versions[${index}].schema.openAPIV3Schema`));
  }
  return found;
}

function storedCauses(crd: KubeObject, versions: readonly any[]): Cause[] {
  const stored: readonly string[] = crd.status?.storedVersions ?? [];
  if (stored.length === 0) return [invalidValue("status.storedVersions", null, "must have at least one stored version")];
  const lost = stored.flatMap((name, index) => (versions.some((version) => version.name === name) ? [] : [invalidValue(`status.storedVersions[${index}]`, name, `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`)]));
  const unstored = versions.filter(({ storage, name }) => storage && !stored.includes(name)).map(({ name }) => invalidValue("status.storedVersions", stored, `must have the storage version ${name}`));
  return [...lost, ...unstored];
}

function partCauses(field: string, version: any, path: string, schemaPath: string, crd: KubeObject): Cause[] {
  const schema: Schema | undefined = version.schema?.openAPIV3Schema;
  switch (field) {
    case "schema":
      return schema && !crd.spec.preserveUnknownFields ? untyped(schema, `${schemaPath}.openAPIV3Schema`, "at the root") : [];
    case "additionalPrinterColumns":
      return ((version.additionalPrinterColumns ?? []) as any[]).flatMap(({ name, type, jsonPath }, at) => [
        ...(name ? [] : [required(`${path}[${at}].name`)]),
        ...(!type ? [{ ...required(`${path}[${at}].type`), message: `Required value: must be one of ${COLUMN_TYPES.join(",")}` }] : COLUMN_TYPES.includes(type) ? [] : [invalidValue(`${path}[${at}].type`, type, `must be one of ${COLUMN_TYPES.join(",")}`)]),
        ...(jsonPath ? [] : [required(`${path}[${at}].JSONPath`)]),
      ]);
    case "selectableFields":
      return ((version.selectableFields ?? []) as any[]).flatMap(({ jsonPath = "" }, at) => {
        const place = String(jsonPath).split(".").slice(1).reduce((one: Schema | undefined, name) => one?.["properties"]?.[name], schema);
        if (!place) return [invalidValue(`${path}[${at}].jsonPath`, jsonPath, "is an invalid path: does not refer to a valid field")];
        return ["string", "boolean", "integer"].includes(place["type"]) ? [] : [invalidValue(`${path}[${at}].jsonPath`, jsonPath, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.")];
      });
    default:
      return [];
  }
}

/** Structural schemas say everywhere what type they are of. */
function untyped(schema: Schema, path: string, where: string): Cause[] {
  const missing = !schema["type"] && schema["x-kubernetes-int-or-string"] !== true && schema["x-kubernetes-preserve-unknown-fields"] !== true;
  return [
    ...(missing ? [{ ...required(`${path}.type`), message: `Required value: must not be empty ${where}` }] : []),
    ...Object.entries<Schema>(schema["properties"] ?? {}).flatMap(([name, property]) => untyped(property, `${path}.properties[${name}]`, "for specified object fields")),
    ...(isObject(schema["additionalProperties"]) ? untyped(schema["additionalProperties"], `${path}.additionalProperties`, "for specified object fields") : []),
    ...(isObject(schema["items"]) ? untyped(schema["items"], `${path}.items`, "for specified array items") : []),
  ];
}

/** Versions as the server's message shows them: without what all of them share. */
function internal(versions: readonly any[]): unknown {
  const own = (version: any, field: string): unknown => (versions.every((one) => sameJson(one[field], versions[0][field])) ? null : (version[field] ?? null));
  return versions.map((version) => ({ Name: version.name, Served: version.served === true, Storage: version.storage === true, Deprecated: version.deprecated === true, DeprecationWarning: version.deprecationWarning ?? null, Schema: own(version, "schema"), Subresources: own(version, "subresources"), AdditionalPrinterColumns: own(version, "additionalPrinterColumns"), SelectableFields: own(version, "selectableFields") }));
}

function unsupported(field: string, value: unknown, supported: readonly string[]): Cause {
  return { reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`, field };
}
