import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from "js-yaml";
import { DomainError } from "../errors.ts";
import { checkExpansion } from "./expansion.ts";
import { GO_SCHEMA } from "./go-schema.ts";
import { type FieldPath, LineTable, offsetOf, placeFields } from "./positions.ts";

export interface YamlLimits {
  /** UTF-16 units of the whole text. */
  maxLength: number;
  /** Nested collections. */
  maxDepth: number;
  /** Nodes of all documents once aliases stand for what they name. */
  maxNodes: number;
}

export const YAML_LIMITS: YamlLimits = { maxLength: 32 * 1024 * 1024, maxDepth: 200, maxNodes: 5_000_000 };

export interface YamlDocument {
  /** JSON: nothing but maps, lists, strings, finite numbers, booleans and null. */
  value: unknown;
  /** 1-based line of the file at which the content starts. */
  line: number;
  /** 0-based position among the documents of the file, empty ones counted. */
  index: number;
  /** 1-based line of a field's key (of an item's start); of its nearest parent where it is absent. */
  fieldLine(path: FieldPath): number;
}

/**
 * Reads the documents of a YAML or JSON file with the scalar rules of Kubernetes' Go parser; the last of duplicate keys wins.
 * Empty documents are left out. Throws DomainError (`YamlSyntax`, `YamlTooLarge`) naming file and line.
 */
export function parseYamlDocuments(text: string, file: string, limits: Partial<YamlLimits> = {}): { documents: YamlDocument[] } {
  const { maxLength, maxDepth, maxNodes } = { ...YAML_LIMITS, ...limits };
  if (text.length > maxLength) throw tooLarge(file, `${text.length} characters are more than the ${maxLength} allowed`);
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const streams = documentsOf(parsed(source, file, maxDepth));
  const documents: YamlDocument[] = [];
  let lines: LineTable | undefined;
  for (const [index, events] of streams.entries()) {
    if (checkExpansion(events, source, maxNodes) > maxNodes) throw tooLarge(file, `its aliases expand to more than the ${maxNodes} nodes allowed`);
    const value = constructed(events, source, file);
    if (value === null || value === undefined) continue;
    let placed: ReturnType<typeof placeFields> | undefined;
    documents.push({
      value,
      index,
      get line() {
        return (lines ??= new LineTable(source)).lineAt(startOf(events));
      },
      fieldLine(path) {
        placed ??= placeFields(events, source);
        return (lines ??= new LineTable(source)).lineAt(offsetOf(placed, path));
      },
    });
  }
  return { documents };
}

/** One value: the first document, `undefined` for an empty text. */
export function parseYaml(text: string, file: string, limits?: Partial<YamlLimits>): unknown {
  return parseYamlDocuments(text, file, limits).documents[0]?.value;
}

function parsed(source: string, file: string, maxDepth: number): Event[] {
  try {
    return parseEvents(source, { maxDepth, filename: file });
  } catch (thrown) {
    throw syntaxError(thrown, file);
  }
}

/** Aliases share the value that they name in the constructed document; a copy keeps readers from writing into both. */
function constructed(events: Event[], source: string, file: string): unknown {
  try {
    const [value] = constructFromEvents(events, { source, schema: GO_SCHEMA, json: true, filename: file });
    return events.some((event) => event.type === EVENT_ID.ALIAS) ? JSON.parse(JSON.stringify(value ?? null)) : value;
  } catch (thrown) {
    throw syntaxError(thrown, file);
  }
}

function documentsOf(events: readonly Event[]): Event[][] {
  const documents: Event[][] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) documents.push([event]);
    else documents.at(-1)!.push(event);
  }
  return documents;
}

function startOf(events: readonly Event[]): number {
  const first = events[1];
  if (first?.type === EVENT_ID.SCALAR) return Math.max(first.valueStart, 0);
  return first?.type === EVENT_ID.MAPPING || first?.type === EVENT_ID.SEQUENCE ? first.start : 0;
}

function syntaxError(thrown: unknown, file: string): DomainError {
  if (!(thrown instanceof YAMLException)) throw thrown;
  const line = thrown.mark === undefined ? undefined : thrown.mark.line + 1;
  return new DomainError(`${file}${line === undefined ? "" : `:${line}`}: ${thrown.reason}`, {
    reason: "YamlSyntax",
    cause: thrown,
    details: { file, ...(line !== undefined && { line, column: thrown.mark!.column + 1 }) },
  });
}

function tooLarge(file: string, what: string): DomainError {
  return new DomainError(`${file}: ${what}`, { reason: "YamlTooLarge", details: { file } });
}
