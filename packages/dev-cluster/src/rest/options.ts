import type { Call } from "../server/context.ts";
import { invalid, type Cause } from "../server/status-error.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

const KINDS: Record<string, string> = { create: "CreateOptions", update: "UpdateOptions", patch: "PatchOptions", delete: "DeleteOptions", deletecollection: "DeleteOptions" };
const MAX_MANAGER = 128;

/** What is wrong with the options in the query of a write, before anything of the body is read. Throws 422. */
export function checkWriteOptions(call: Call): void {
  const { query, verb } = call.info;
  const kind = KINDS[verb];
  if (!kind) return;
  const causes: Cause[] = [];
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  if (dryRun.some((value) => value !== "All")) causes.push({ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`, field: "dryRun" });
  if (kind !== "DeleteOptions") {
    const validation = query.get("fieldValidation") ?? "";
    if (!["", "Ignore", "Strict", "Warn"].includes(validation)) causes.push({ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`, field: "fieldValidation" });
    if ((query.get("fieldManager") ?? "").length > MAX_MANAGER) causes.push({ reason: "FieldValueTooLong", message: `Too long: may not be more than ${MAX_MANAGER} bytes`, field: "fieldManager" });
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", causes);
}

/** The `fieldValidation` parameter; the server's default is Warn. */
export function fieldValidation(call: Call): FieldValidation {
  return (call.info.query.get("fieldValidation") || "Warn") as FieldValidation;
}

export function isDryRun(call: Call): boolean {
  return call.info.query.getAll("dryRun").includes("All");
}
