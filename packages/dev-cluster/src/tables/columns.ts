import type { ResourceType } from "../types/resource-type.ts";
import { age } from "./age.ts";
import { NAME, type Column } from "./column.ts";
import { jsonPathText } from "./json-path.ts";
import { PRINTERS } from "./printers.ts";

const CREATED: Column = { name: "Created At", type: "date", description: "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata", cell: (object) => object.metadata.creationTimestamp };

/** The printer columns of a kind: its own, those of its CRD, or name and time of creation. */
export function columnsOf(type: ResourceType): readonly Column[] {
  if (type.custom) return [NAME, ...type.custom.columns.map(customColumn)];
  return PRINTERS[type.bucket] ?? [NAME, CREATED];
}

function customColumn(column: { name: string; type: string; format?: string; description?: string; priority?: number; jsonPath: string }): Column {
  const { name, type, format = "", description = `Custom resource definition column (in JSONPath format): ${column.jsonPath}`, priority = 0, jsonPath } = column;
  return {
    name,
    type,
    format,
    description,
    priority,
    cell(object, now) {
      const found = jsonPathText(object, jsonPath);
      if (found.length === 0) return null;
      if (type === "date") return age(String(found[0]), now);
      if (type === "integer" || type === "number") return Number(found[0]);
      if (type === "boolean") return found[0] === true;
      return found.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(",");
    },
  };
}
