/**
 * Writes the TypeScript types of the custom resources from their definitions in charts/trireme/crds:
 *   node packages/api/generate.mjs
 * One file per kind in src/generated. A shape that occurs several times gets one name, the first that the table
 * below or its path gives it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";

const here = path.dirname(fileURLToPath(import.meta.url));
const definitions = path.join(here, "../../charts/trireme/crds");
const target = path.join(here, "src/generated");

/** Names of shapes by the place that they are known from, where the path would make a clumsy one. */
const names = {
  Application: {
    "spec.source": "ApplicationSource",
    "spec.source.helm": "ApplicationSourceHelm",
    "spec.source.kustomize": "ApplicationSourceKustomize",
    "spec.source.directory": "ApplicationSourceDirectory",
    "spec.source.plugin": "ApplicationSourcePlugin",
    "spec.destination": "ApplicationDestination",
    "spec.syncPolicy": "SyncPolicy",
    "spec.syncPolicy.managedNamespaceMetadata": "ManagedNamespaceMetadata",
    "spec.syncPolicy.retry": "RetryStrategy",
    "spec.ignoreDifferences[]": "ResourceIgnoreDifferences",
    "operation.sync": "SyncOperation",
    "operation.sync.resources[]": "SyncOperationResource",
    operation: "Operation",
    status: "ApplicationStatus",
    "status.conditions[]": "ApplicationCondition",
    "status.health": "HealthStatus",
    "status.history[]": "RevisionHistory",
    "status.operationState": "OperationState",
    "status.operationState.syncResult": "SyncOperationResult",
    "status.operationState.syncResult.resources[]": "ResourceResult",
    "status.resources[]": "ResourceStatus",
    "status.summary": "ApplicationSummary",
    "status.sync": "SyncStatus",
    "status.sync.comparedTo": "ComparedTo",
  },
  AppProject: { "spec.clusterResourceWhitelist[]": "ClusterResourceRestrictionItem", "spec.destinations[]": "ProjectDestination", "spec.roles[]": "ProjectRole", "spec.roles[].jwtTokens[]": "JWTToken", "spec.syncWindows[]": "SyncWindow" },
};

/** Members that the definition calls a string and that hold a word of src/vocabularies.ts, by the names of their shapes. */
const words = {
  HealthStatus: { status: "HealthStatusCode" },
  OperationState: { phase: "OperationPhase" },
  ResourceResult: { hookPhase: "OperationPhase", hookType: "SyncPhase", status: "ResultCode", syncPhase: "SyncPhase" },
  ResourceStatus: { status: "SyncStatusCode" },
  SyncStatus: { status: "SyncStatusCode" },
};

/** Members that the definition leaves open and that every writer fills. */
const present = { ResourceStatus: ["kind", "name"] };

/** All files by name, as they should be. */
export function generate() {
  const files = new Map();
  for (const file of readdirSync(definitions).filter((name) => name.endsWith(".yaml")).sort()) {
    const { spec } = load(readFileSync(path.join(definitions, file), "utf8"));
    const name = `${spec.names.kind.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.ts`;
    files.set(name, kindFile(spec));
  }
  files.set("index.ts", `${[...files.keys()].map((name) => `export type * from "./${name}";`).join("\n")}\n`);
  return files;
}

function kindFile({ group, names: { kind, plural }, versions }) {
  const version = versions.find((each) => each.storage) ?? versions[0];
  const { properties = {}, required = [] } = version.schema.openAPIV3Schema;
  const shapes = new Shapes(kind);
  for (const place of Object.keys(names[kind] ?? {})) shapes.prefer(place, schemaAt(version.schema.openAPIV3Schema, place));
  const members = Object.entries(properties)
    .filter(([name]) => !["apiVersion", "kind", "metadata"].includes(name))
    .map(([name, schema]) => member(name, schema, required, shapes, name));
  const body = [`export interface ${kind} extends KubeObject {`, `  apiVersion: "${group}/${version.name}";`, `  kind: "${kind}";`, ...members, "}", ""].join("\n");
  return [
    `/** Written by packages/api/generate.mjs from the definition of ${plural}.${group}; not to be changed by hand. */`,
    'import type { KubeObject } from "../kubernetes.ts";',
    ...shapes.imports(),
    "",
    body,
    ...shapes.written(),
  ].join("\n");
}

function schemaAt(schema, place) {
  for (const step of place.split(".")) {
    schema = schema?.properties?.[step.replace("[]", "")];
    if (step.endsWith("[]")) schema = schema?.items;
  }
  if (schema === undefined) throw new Error(`there is no ${place}`);
  return schema;
}

class Shapes {
  #kind;
  #byContent = new Map();
  #names = new Set();
  #texts = new Map();
  #words = new Set();

  constructor(kind) {
    this.#kind = kind;
    this.#names.add(kind);
  }

  prefer(place, schema) {
    this.#byContent.set(contentOf(schema), names[this.#kind][place]);
    this.#names.add(names[this.#kind][place]);
  }

  nameOf(schema, place) {
    const content = contentOf(schema);
    let name = this.#byContent.get(content);
    if (name === undefined) {
      name = this.#free(place);
      this.#byContent.set(content, name);
      this.#names.add(name);
    }
    if (!this.#texts.has(name)) {
      this.#texts.set(name, "");
      const required = [...(schema.required ?? []), ...(present[name] ?? [])];
      const lines = Object.entries(schema.properties).map(([key, value]) => member(key, value, required, this, `${place}.${key}`, this.#wordOf(name, key)));
      const open = schema["x-kubernetes-preserve-unknown-fields"] ? ["  [key: string]: any;"] : [];
      this.#texts.set(name, [`export interface ${name} {`, ...lines, ...open, "}", ""].join("\n"));
    }
    return name;
  }

  /** The kind and the last steps of the place, as many as it takes to be alone. */
  #free(place) {
    const steps = place.replaceAll("[]", "").split(".").map((step) => step.replace(/[^A-Za-z0-9]/g, "")).filter((step) => step !== "").map((step) => step[0].toUpperCase() + step.slice(1));
    for (let count = 1; count <= steps.length; count++) {
      const name = this.#kind + steps.slice(-count).join("");
      if (!this.#names.has(name)) return name;
    }
    for (let number = 2; ; number++) {
      const name = `${this.#kind}${steps.join("")}${number}`;
      if (!this.#names.has(name)) return name;
    }
  }

  #wordOf(name, key) {
    const word = words[name]?.[key];
    if (word !== undefined) this.#words.add(word);
    return word;
  }

  imports() {
    return this.#words.size === 0 ? [] : [`import type { ${[...this.#words].sort().join(", ")} } from "../vocabularies.ts";`];
  }

  written() {
    return [...this.#texts.keys()].sort().map((name) => this.#texts.get(name));
  }
}

/** Descriptions do not make two shapes out of one. */
function contentOf(schema) {
  return JSON.stringify(schema, (key, value) => (key === "description" ? undefined : value));
}

function member(name, schema, required, shapes, place, word) {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return `  ${key}${required.includes(name) ? "" : "?"}: ${word ?? typeOf(schema, shapes, place)};`;
}

function typeOf(schema, shapes, place) {
  const type = plainType(schema, shapes, place);
  return schema.nullable ? `${type} | null` : type;
}

function plainType(schema, shapes, place) {
  if (schema["x-kubernetes-int-or-string"]) return "number | string";
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array": {
      const item = typeOf(schema.items ?? {}, shapes, `${place}[]`);
      return item.includes(" ") ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      if (schema.properties) return shapes.nameOf(schema, place);
      return typeof schema.additionalProperties === "object" ? `Record<string, ${typeOf(schema.additionalProperties, shapes, `${place}.value`)}>` : "Record<string, any>";
    default:
      return "any";
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const [name, text] of generate()) writeFileSync(path.join(target, name), text);
}
