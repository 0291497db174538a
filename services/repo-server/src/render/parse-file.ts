import { DomainError, parseYamlDocuments, type YamlDocument } from "@trireme/api";
import { invalid, isRecord, type ManifestObject, manifestObjects, type PlacedValue } from "./manifest-objects.ts";

/** Most fields of one document whose lines are kept. */
const MOST_FIELDS = 2000;

/** The objects of one plain file. A YAML file that is no manifest at all gives none. @throws AppError ManifestInvalid. */
export function parseManifestFile(content: Buffer, file: string): ManifestObject[] {
  const text = decode(content);
  return file.endsWith(".json") ? parseJson(text, file) : parseYaml(text, file);
}

function parseJson(text: string, file: string): ManifestObject[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? NaN);
    throw invalid(file, Number.isNaN(position) ? 0 : text.slice(0, position).split("\n").length, message);
  }
  if (isRecord(value) && value["kind"] === undefined && value["schemaVersion"] === 2) return []; // An OCI manifest that lies beside.
  return manifestObjects([{ value, document: 0, line: 1, fieldLines: jsonLines(text) }], file);
}

/** JSON is YAML as well: read once more for the places of its fields. */
function jsonLines(text: string): string {
  try {
    const [document] = parseYamlDocuments(text, "").documents;
    return document === undefined ? "" : JSON.stringify(fieldLines(document));
  } catch {
    return "";
  }
}

function parseYaml(text: string, file: string): ManifestObject[] {
  let documents: YamlDocument[];
  try {
    ({ documents } = parseYamlDocuments(text, file));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (!looksLikeManifest(text) && !beginsWithManifest(text, error)) return [];
    const line = Number(error.details["line"] ?? 0);
    throw invalid(file, line, error.message.replace(/^[^ ]*: /, ""), error.details);
  }
  const manifests = documents.filter((document) => isManifest(document.value));
  const strange = documents.filter((document) => !isManifest(document.value));
  // Alone in a file, a document that is no manifest is somebody's own: values, settings. Among manifests it is a mistake.
  const wrong = manifests.length > 0 ? strange[0] : strange.find((document) => resemblesManifest(document.value));
  if (wrong !== undefined) throw invalid(file, wrong.line, isRecord(wrong.value) ? missing(wrong.value) : "is not an object");
  return manifestObjects(manifests.map(placed), file);
}

function isManifest(value: unknown): boolean {
  return isRecord(value) && typeof value["kind"] === "string" && value["kind"] !== "" && typeof value["apiVersion"] === "string" && value["apiVersion"] !== "";
}

function resemblesManifest(value: unknown): boolean {
  return isRecord(value) && ["apiVersion", "kind", "metadata"].filter((key) => key in value).length >= 2;
}

function missing(value: Record<string, unknown>): string {
  if (typeof value["kind"] !== "string" || value["kind"] === "") return "Object 'Kind' is missing";
  return `Object 'apiVersion' is missing in ${value["kind"]}`;
}

function placed(document: YamlDocument): PlacedValue {
  return { value: document.value, document: document.index, line: document.line, fieldLines: JSON.stringify(fieldLines(document)) };
}

/** `spec.ports[0].port` -> line, for every field. */
function fieldLines(document: YamlDocument): Record<string, number> {
  const lines: Record<string, number> = {};
  let left = MOST_FIELDS;
  const visit = (value: unknown, path: (string | number)[], text: string): void => {
    if (value === null || typeof value !== "object" || left <= 0) return;
    for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      if (--left < 0) return;
      const name = typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`;
      path.push(key);
      lines[name] = document.fieldLine(path);
      visit(child, path, name);
      path.pop();
    }
  };
  visit(document.value, [], "");
  return lines;
}

function looksLikeManifest(text: string): boolean {
  return text.includes("apiVersion:") && text.includes("kind:") && text.includes("metadata:");
}

/** True where documents before the broken one are manifests. */
function beginsWithManifest(text: string, error: DomainError): boolean {
  const before = text.split("\n").slice(0, Math.max(0, Number(error.details["line"] ?? 1) - 1));
  const end = before.findLastIndex((line) => line.startsWith("---"));
  if (end <= 0) return false;
  try {
    return parseYamlDocuments(before.slice(0, end).join("\n"), "").documents.some((document) => isManifest(document.value));
  } catch {
    return false;
  }
}

/** UTF-8, or UTF-16 where its mark says so. */
function decode(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString("utf16le");
  if (content[0] === 0xfe && content[1] === 0xff) return Buffer.from(content.subarray(2)).swap16().toString("utf16le");
  const text = content.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
