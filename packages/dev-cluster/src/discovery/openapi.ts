import { createHash } from "node:crypto";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { schemaOf } from "../rest/field-manager.ts";
import { apiVersionOf, type TypeRegistry } from "../types/registry.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { pathsOf } from "./openapi-paths.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const REF = "#/components/schemas/";
type Schema = Record<string, any>;

interface Cached {
  generation: number;
  text: string;
  hash: string;
}

/** The OpenAPI v3 documents, one for each group-version, made when first asked for and kept until kinds change. */
export class OpenApi {
  readonly #types: TypeRegistry;
  readonly #documents = new Map<string, Cached>();
  readonly #info = { title: "Kubernetes", version: "v1.36.3" };

  constructor(types: TypeRegistry) {
    this.#types = types;
  }

  /** `/openapi/v3`: where each group-version's document is, with the hash of its content. */
  index(): Record<string, unknown> {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const key of this.#groupVersions()) paths[key] = { serverRelativeURL: `/openapi/v3/${key}?hash=${this.document(key)!.hash}` };
    return { paths };
  }

  /** Document of `apis/apps/v1`; `undefined` for what is not served. */
  document(key: string): { text: string; hash: string } | undefined {
    const cached = this.#documents.get(key);
    const custom = this.#typesOf(key).some((type) => type.custom);
    if (cached && (!custom || cached.generation === this.#types.generation)) return cached;
    const types = this.#typesOf(key);
    if (types.length === 0) return undefined;
    const text = JSON.stringify({ openapi: "3.0.0", info: this.#info, paths: pathsOf(types), components: { schemas: schemasOf(types), securitySchemes: { BearerToken: { type: "apiKey", description: "Bearer Token authentication", name: "authorization", in: "header" } } } });
    const made = { generation: this.#types.generation, text, hash: createHash("sha512").update(text).digest("hex").toUpperCase() };
    this.#documents.set(key, made);
    return made;
  }

  #groupVersions(): string[] {
    return [...new Set(this.#types.all().map(keyOf))];
  }

  #typesOf(key: string): ResourceType[] {
    return this.#types.all().filter((type) => keyOf(type) === key);
  }
}

function keyOf(type: ResourceType): string {
  return type.group === "" ? `api/${type.version}` : `apis/${apiVersionOf(type)}`;
}

/** Name of a kind's schema: the built-in one's, or `dev.trireme.v1alpha1.Release` for kinds from CRDs. */
export function schemaNameOf(type: ResourceType): string {
  return type.schemaName ?? `${type.group.split(".").reverse().join(".")}.${type.version}.${type.kind}`;
}

/** The types' schemas with everything that they refer to. */
function schemasOf(types: readonly ResourceType[]): Record<string, Schema> {
  const out: Record<string, Schema> = {};
  const add = (name: string): void => {
    const schema = kubernetesSchemas[name];
    if (out[name] || !schema) return;
    out[name] = schema;
    for (const ref of refsOf(schema)) add(ref);
  };
  for (const name of ["DeleteOptions", "Status", "ListMeta", "ObjectMeta", "Patch", ...(types[0]!.custom ? [] : ["APIResourceList", "WatchEvent"])]) add(META + name);
  for (const type of types) {
    const name = schemaNameOf(type);
    if (type.schemaName) {
      add(name);
      add(`${name}List`);
    } else {
      out[name] = { ...schemaOf(type)?.schema, "x-kubernetes-group-version-kind": [{ group: type.group, kind: type.kind, version: type.version }] };
      out[`${name}List`] = listSchema(name, type);
    }
    for (const sub of type.subresources.values()) {
      const wanted = { group: sub.kind.group, version: sub.kind.version, kind: sub.kind.kind };
      const found = Object.keys(kubernetesSchemas).find((one) => (kubernetesSchemas[one]!["x-kubernetes-group-version-kind"] ?? []).some((gvk: any) => gvk.group === wanted.group && gvk.version === wanted.version && gvk.kind === wanted.kind));
      if (found) add(found);
    }
  }
  return out;
}

function listSchema(name: string, type: ResourceType): Schema {
  return {
    type: "object",
    required: ["items"],
    properties: { apiVersion: { type: "string" }, items: { type: "array", items: { allOf: [{ $ref: REF + name }] } }, kind: { type: "string" }, metadata: { allOf: [{ $ref: `${REF}${META}ListMeta` }] } },
    "x-kubernetes-group-version-kind": [{ group: type.group, kind: type.listKind, version: type.version }],
  };
}

function* refsOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* refsOf(item);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === "$ref" && typeof item === "string") yield item.slice(REF.length);
      else yield* refsOf(item);
    }
  }
}
