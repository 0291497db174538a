import { AppError, Code } from "@trireme/runtime";
import { canonicalJson, sha256 } from "../canonical-json.ts";

/** What a document says it is, before it is taken for an object. */
export interface PlacedValue {
  value: unknown;
  /** 0-based within the file. */
  document: number;
  line: number;
  fieldLines: string;
}

export interface ManifestObject {
  json: string;
  hash: string;
  document: number;
  line: number;
  fieldLines: string;
}

/** Turns documents into objects: lists are taken apart, an empty list is none. @throws AppError ManifestInvalid with file and line. */
export function manifestObjects(values: readonly PlacedValue[], file: string): ManifestObject[] {
  return values.flatMap((placed) => {
    const { value } = placed;
    if (!isRecord(value)) throw invalid(file, placed.line, `is not an object but ${Array.isArray(value) ? "a list" : JSON.stringify(value)?.slice(0, 80)}`);
    checkShape(value, file, placed.line);
    const items = value["items"];
    if (Array.isArray(items)) {
      return items.map((item: unknown) => {
        if (!isRecord(item)) throw invalid(file, placed.line, "resource list item has unexpected type");
        checkShape(item, file, placed.line);
        return made(item, { ...placed, fieldLines: "" });
      });
    }
    if (items === null && !("spec" in value) && !("status" in value)) return [];
    return [made(value, placed)];
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function checkShape(value: Record<string, unknown>, file: string, line: number): void {
  if (typeof value["kind"] !== "string" || value["kind"] === "") throw invalid(file, line, "Object 'Kind' is missing");
  if (typeof value["apiVersion"] !== "string" || value["apiVersion"] === "") throw invalid(file, line, `Object 'apiVersion' is missing in ${value["kind"]}`);
}

function made(value: Record<string, unknown>, placed: PlacedValue): ManifestObject {
  const json = canonicalJson(value);
  return { json, hash: sha256(json), document: placed.document, line: placed.line, fieldLines: placed.fieldLines };
}

export function invalid(file: string, line: number, what: string, details: Record<string, unknown> = {}): AppError {
  const place = line > 0 ? `${file}:${line}` : file;
  return new AppError(`Failed to unmarshal ${JSON.stringify(file.slice(file.lastIndexOf("/") + 1))}: failed to unmarshal manifest: ${place}: ${what}`, {
    reason: "ManifestInvalid",
    code: Code.FailedPrecondition,
    retry: "never",
    details: { file, ...(line > 0 ? { line } : {}), ...details },
  });
}
