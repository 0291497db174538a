import type { KubeObject } from "@trireme/api";
import { age } from "./age.ts";

export interface Column {
  name: string;
  type: string;
  format?: string;
  description?: string;
  /** 0 shows always, 1 only in wide output. */
  priority?: number;
  cell(object: KubeObject, now: number): unknown;
}

type Cell = Column["cell"];

export const NAME: Column = { name: "Name", type: "string", format: "name", description: "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names", cell: (object) => object.metadata.name };
export const AGE: Column = column("Age", (object, now) => age(object.metadata.creationTimestamp, now), { description: "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata" });

export function column(name: string, cell: Cell, rest: Partial<Column> = {}): Column {
  return { name, type: "string", ...rest, cell };
}

/** Shown only in wide output. */
export function wide(name: string, cell: Cell): Column {
  return column(name, cell, { priority: 1 });
}

export function count(name: string, cell: Cell): Column {
  return column(name, cell, { type: "integer" });
}

/** `app=web,tier in (a,b)`; `<none>` for no selector at all. */
export function labelSelectorText(value: any): string {
  if (!value) return "<none>";
  const parts = Object.entries<string>(value.matchLabels ?? {}).map(([key, one]) => ({ key, text: `${key}=${one}` }));
  for (const { key, operator, values = [] } of value.matchExpressions ?? []) {
    const list = [...values].sort().join(",");
    parts.push({ key, text: operator === "In" ? `${key} in (${list})` : operator === "NotIn" ? `${key} notin (${list})` : operator === "Exists" ? key : `!${key}` });
  }
  return parts.length === 0 ? "<none>" : parts.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ text }) => text).join(",");
}

export function labelsText(labels: Record<string, string> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? "<none>" : entries.map(([key, value]) => `${key}=${value}`).join(",");
}
