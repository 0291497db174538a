import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { customResourceSchema, openApiSchemas, trackUpdate as track, type KindSchema, type SchemaNode, type SchemaSource } from "@trireme/gitops/merge";
import type { KubeObject } from "@trireme/api";
import { timestamp, type ApiContext, type Call } from "../server/context.ts";
import { apiVersionOf, type ResourceType } from "../types/resource-type.ts";

const MAX_MANAGER = 128;

let builtIn: SchemaSource | undefined;
const customNodes = new WeakMap<object, SchemaNode | undefined>();

/** The schema that merges of a type go by. */
export function schemaOf(type: ResourceType): SchemaNode | undefined {
  if (!type.custom) return (builtIn ??= openApiSchemas(kubernetesSchemas)).schemaOf(type);
  const { schema } = type.custom;
  if (!customNodes.has(schema)) {
    customNodes.set(schema, customResourceSchema({ spec: { versions: [{ name: type.version, schema: { openAPIV3Schema: schema } }] } }, type.version, kubernetesSchemas));
  }
  return customNodes.get(schema);
}

/** Schema, other versions and reset fields of a type, for one endpoint of it. */
export function kindSchema(ctx: ApiContext, type: ResourceType, subresource: string): KindSchema {
  return {
    schema: schemaOf(type),
    schemaAt: (apiVersion) => {
      const slash = apiVersion.lastIndexOf("/");
      const other = ctx.types.ofKind(slash < 0 ? "" : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), type.kind);
      return other && schemaOf(other);
    },
    resetFields: resetFields(type, subresource),
  };
}

function resetFields(type: ResourceType, subresource: string): string[][] {
  if (!type.subresources.has("status")) return [];
  if (subresource !== "status") return [["status"]];
  if (type.custom) return [["metadata"], ...Object.keys(type.custom.schema.properties ?? {}).filter((name) => name !== "status" && name !== "metadata" && name !== "apiVersion" && name !== "kind").map((name) => [name])];
  return [["spec"], ...(STATUS_RESETS_LABELS.has(type.kind) ? [["metadata", "labels"]] : []), ...(type.kind === "Pod" ? [["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]] : [])];
}

const STATUS_RESETS_LABELS = new Set(["Deployment"]);

/** managedFields of a new object. */
export function trackCreate(ctx: ApiContext, type: ResourceType, object: KubeObject, call: Call): void {
  const tracked = track({ ...kindSchema(ctx, type, ""), live: undefined, updated: object, manager: managerOf(call), now: timestamp(ctx.now()) });
  object.metadata = tracked.metadata;
}

/** The updated object with its managedFields. */
export function trackUpdate(ctx: ApiContext, type: ResourceType, old: KubeObject, updated: KubeObject, call: Call): KubeObject {
  const { subresource } = call.info;
  return track({ ...kindSchema(ctx, type, subresource), live: old, updated, manager: managerOf(call), ...(subresource && { subresource }), now: timestamp(ctx.now()) });
}

/** The `fieldManager` parameter, or the client's name from its User-Agent. */
export function managerOf(call: Call): string {
  const given = call.info.query.get("fieldManager") ?? "";
  if (given !== "") return given;
  const agent = String(call.headers["user-agent"] ?? "").split("/")[0]!.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "");
  return agent.slice(0, MAX_MANAGER) || "unknown";
}

export { apiVersionOf };
