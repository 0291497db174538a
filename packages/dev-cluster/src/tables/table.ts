import type { KubeObject } from "@trireme/api";
import type { ResourceType } from "../types/resource-type.ts";
import type { Column } from "./column.ts";
import { columnsOf } from "./columns.ts";

/** A `Table` of objects: the columns of their kind, a row for each, with its metadata by default. */
export function tableOf(objects: readonly KubeObject[], type: ResourceType, options: { version: string; includeObject?: string; metadata?: Record<string, unknown>; headers?: boolean; now: number }): Record<string, unknown> {
  const columns = columnsOf(type);
  const { includeObject = "Metadata" } = options;
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: options.metadata ?? {},
    columnDefinitions: options.headers === false ? null : columns.map(definition),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      object: includeObject === "None" ? null : includeObject === "Object" ? object : metadataOf(object, options.version),
    })),
  };
}

function definition({ name, type, format = "", description = "", priority = 0 }: Column): Record<string, unknown> {
  return { name, type, format, description, priority };
}

/** `PartialObjectMetadata` of an object. */
export function metadataOf(object: KubeObject, version: string): Record<string, unknown> {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata: object.kind === "DaemonSet" ? withoutGeneration(object.metadata) : object.metadata };
}

/** The `PartialObjectMetadataList` of a list. */
export function metadataListOf(items: readonly KubeObject[], metadata: Record<string, unknown>, version: string): Record<string, unknown> {
  return { kind: "PartialObjectMetadataList", apiVersion: `meta.k8s.io/${version}`, metadata, items: items.map((object) => metadataOf(object, version)) };
}

/** A real server keeps a daemon set's old generation in a field, and writes it as an annotation only into the object's own version. */
function withoutGeneration(metadata: KubeObject["metadata"]): KubeObject["metadata"] {
  const { "deprecated.daemonset.template.generation": _, ...annotations } = metadata.annotations ?? {};
  const { annotations: _annotations, ...rest } = metadata;
  return Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest;
}
