import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import type { Application } from "@trireme/api/argo";

/** Why a text is no application, and where. */
export interface TextProblem {
  line: number;
  /** What is wrong, by the parser's code, or that a field is no map or no list. */
  code: string;
  /** The field, where it is one: `spec.source`. */
  path: string;
  /** The parser's own words. */
  detail: string;
}

export type Reading = { app: Application; problem: undefined } | { app: undefined; problem: TextProblem };

/** What the form has to find as it expects it; null is as good as absent. */
const MAPS = ["metadata", "spec", "spec.source", "spec.destination", "spec.syncPolicy", "spec.syncPolicy.automated", "spec.syncPolicy.retry", "spec.syncPolicy.retry.backoff"];
const LISTS = ["metadata.finalizers", "spec.sources", "spec.syncPolicy.syncOptions"];
const NEEDED = new Set(["metadata", "spec"]);
const BLOCKS = ["helm", "kustomize", "directory", "plugin"];

/** Reads an application, of which anything may still be missing; what the form does not know is kept. */
export function readText(text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return { app: undefined, problem: { line: lines.linePos(error.pos[0]).line, code: error.code, path: "", detail: error.message } };
  const app = document.toJS() as Application;
  const problem = shapeProblem(document, app, lines);
  return problem === undefined ? { app, problem } : { app: undefined, problem };
}

function shapeProblem(document: Document, app: unknown, lines: LineCounter): TextProblem | undefined {
  const at = (path: readonly string[], code: string): TextProblem => ({ line: lineOf(document, path, lines), code, path: path.join("."), detail: "" });
  if (!isObject(app)) return at([], "NOT_A_MAP");
  if (app["kind"] !== undefined && app["kind"] !== "Application") return at(["kind"], "OTHER_KIND");
  const maps = [...MAPS, ...(Array.isArray(valueAt(app, ["spec", "sources"])) ? (valueAt(app, ["spec", "sources"]) as unknown[]).flatMap((_, index) => [`spec.sources.${index}`, ...BLOCKS.map((block) => `spec.sources.${index}.${block}`)]) : BLOCKS.map((block) => `spec.source.${block}`))];
  for (const path of maps.map((one) => one.split("."))) {
    const value = valueAt(app, path);
    if (!isObject(value) && (NEEDED.has(path.join(".")) || /^\d+$/.test(path.at(-1)!) || (value !== undefined && value !== null))) return at(path, "NOT_A_MAP");
  }
  for (const path of LISTS.map((one) => one.split("."))) {
    const value = valueAt(app, path);
    if (value !== undefined && value !== null && !Array.isArray(value)) return at(path, "NOT_A_LIST");
  }
  return undefined;
}

/** Of a field that is not there, the nearest that is. */
function lineOf(document: Document, path: readonly string[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const place = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const key = place.at(-1);
    const parent = length === 1 ? document.contents : document.getIn(place.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const node = isScalar(pair?.key) ? pair.key : isSeq(parent) ? (parent.items[Number(key)] as { range?: [number, number, number] } | undefined) : undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/**
 * The text with what the application is now: only what differs is written anew, so that order, comments and fields that
 * the form does not know stay. The text must be readable.
 */
export function textWith(text: string, app: Application): string {
  const document = parseDocument(text);
  write(document, [], document.toJS(), JSON.parse(JSON.stringify(app)));
  // As the text has its lists, so they stay.
  return document.toString({ lineWidth: 0, indentSeq: !/^( *)\S[^\n]*:\n\1- /m.test(text) });
}

type Path = readonly (string | number)[];

function write(document: Document, path: Path, before: unknown, after: unknown): void {
  if (isObject(before) && isObject(after)) {
    for (const key of Object.keys(before)) if (!(key in after)) document.deleteIn([...path, key]);
    for (const [key, value] of Object.entries(after)) {
      if (key in before) write(document, [...path, key], before[key], value);
      else document.setIn([...path, key], document.createNode(value));
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) return writeList(document, path, before, after);
  if (before === after) return;
  const node = document.getIn(path, true);
  if (!isScalar(node) || (typeof after === "object" && after !== null)) return document.setIn(path, document.createNode(after));
  node.value = after;
  // Quotes that nothing but emptiness needed.
  if (before === "" || before === null) delete node.type;
}

/** Where elements only went or came at the end, the others stay as they are written. */
function writeList(document: Document, path: Path, before: readonly unknown[], after: readonly unknown[]): void {
  if (before.length === after.length) return before.forEach((one, index) => write(document, [...path, index], one, after[index]));
  const kept = before.filter((one) => after.some((other) => same(one, other)));
  if (!kept.every((one, index) => same(one, after[index]))) return document.setIn(path, document.createNode(after));
  for (let index = before.length - 1; index >= 0; index--) if (!kept.includes(before[index])) document.deleteIn([...path, index]);
  for (const added of after.slice(kept.length)) document.addIn(path, document.createNode(added));
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, part) => (Array.isArray(at) ? at[Number(part)] : isObject(at) ? at[part] : undefined), value);
}
