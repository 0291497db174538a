import type { KubeStatus } from "@trireme/api";
import type { ApplyConflict } from "../merge.ts";
import type { OwnershipConflict } from "./ownership.ts";
import { pathText } from "./path-element.ts";
import { compareText } from "./values.ts";

interface Identity {
  manager?: string;
  operation?: string;
  apiVersion?: string;
  subresource?: string;
}

/** Conflicts by manager, as people read them. */
export function conflictsOf(conflicts: readonly OwnershipConflict[]): ApplyConflict[] {
  const byManager = new Map<string, string[]>();
  for (const { manager, path } of conflicts) {
    const fields = byManager.get(manager);
    if (fields === undefined) byManager.set(manager, [pathText(path)]);
    else fields.push(pathText(path));
  }
  return [...byManager]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, fields]) => ({ manager: (JSON.parse(id) as Identity).manager ?? "", description: describe(JSON.parse(id)), fields }));
}

function describe({ manager, operation, apiVersion, subresource }: Identity): string {
  const name = JSON.stringify(manager ?? "") + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : "");
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}

/** The server's sentence: `Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas`. */
export function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const count = conflicts.reduce((sum, { fields }) => sum + fields.length, 0);
  if (count === 1) return `Apply failed with 1 conflict: conflict with ${conflicts[0]!.description}: ${conflicts[0]!.fields[0]}`;
  const lines = conflicts.flatMap(({ description, fields }) => [`conflicts with ${description}:`, ...fields.map((field) => `- ${field}`)]);
  return `Apply failed with ${count} conflicts: ${lines.join("\n")}`;
}

/** The Status that an apply with conflicts is answered with (409). */
export function conflictStatus(conflicts: readonly ApplyConflict[]): KubeStatus {
  const causes = conflicts.flatMap(({ description, fields }) => fields.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${description}`, field })));
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: conflictMessage(conflicts), reason: "Conflict", details: { causes }, code: 409 };
}
