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
  // Options in a body are all the options of a deletion.
  if (kind === "DeleteOptions" && call.body.length > 0) return;
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  if (dryRun.some((value) => value !== "All")) causes.push({ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`, field: "dryRun" });
  if (kind !== "DeleteOptions") {
    const validation = query.get("fieldValidation") ?? "";
    if (!["", "Ignore", "Strict", "Warn"].includes(validation)) causes.push({ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`, field: "fieldValidation" });
    const odd = [...(query.get("fieldManager") ?? "")].findIndex((letter) => !/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(letter));
    if (odd >= 0) causes.push(unprintable(query.get("fieldManager")!, odd));
    if ((query.get("fieldManager") ?? "").length > MAX_MANAGER) causes.push({ reason: "FieldValueTooLong", message: `Too long: may not be more than ${MAX_MANAGER} bytes`, field: "fieldManager" });
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", causes);
}

function unprintable(manager: string, at: number): Cause {
  const letters = [...manager];
  const code = letters[at]!.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  const shown = JSON.stringify(manager).replaceAll(/\\u00([0-9a-f]{2})/g, "\\x$1");
  return { reason: "FieldValueInvalid", message: `Invalid value: ${shown}: invalid character U+${code} (at position ${Buffer.byteLength(letters.slice(0, at).join(""))})`, field: "fieldManager" };
}

/** The `fieldValidation` parameter; the server's default is Warn. */
export function fieldValidation(call: Call): FieldValidation {
  return (call.info.query.get("fieldValidation") || "Warn") as FieldValidation;
}

export function isDryRun(call: Call): boolean {
  return call.info.query.getAll("dryRun").includes("All");
}
