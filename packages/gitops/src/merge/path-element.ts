import type { ListType } from "./types.ts";
import { isMap } from "./types.ts";
import { compareText, compareValues, goJson } from "./values.ts";

/**
 * One step of a path in the form that managedFields are stored in; equal steps have equal text:
 * `f:name` a field, `k:{"name":"web"}` an item by its keys, `v:"x"` an item of a set, `i:0` an item by its index.
 */
export type PathElement = string;

export type Path = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** Where an item of an associative list lives; a text in `problem` where it cannot be said. */
export function itemElement(list: ListType, item: unknown): { element: PathElement } | { problem: string } {
  return list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListType, item: unknown): { element: PathElement } | { problem: string } {
  if (item === null || item === undefined) return { problem: "associative list with keys may not have a null element" };
  if (!isMap(item)) return { problem: "associative list with keys may not have non-map elements" };
  let text = "";
  for (const key of list.keys.length > 1 ? [...list.keys].sort(compareText) : list.keys) {
    const value = item[key] === undefined ? list.element.resolve().map?.fields.get(key)?.default : item[key];
    if (value === undefined) continue;
    text += `${text === "" ? "" : ","}${goJson(key)}:${goJson(value)}`;
  }
  if (text === "") {
    return { problem: `associative list with keys has an element that omits all key fields [${list.keys.map((key) => JSON.stringify(key)).join(" ")}] (and doesn't have default values for any key fields)` };
  }
  return { element: `k:{${text}}` };
}

function setElement(item: unknown): { element: PathElement } | { problem: string } {
  if (item === null || item === undefined) return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: "not supported: associative list with lists as elements" };
  if (isMap(item)) return { problem: "associative list without keys has an element that's a map type" };
  return { element: `v:${goJson(item)}` };
}

/** The server's order: fields by name, then items by keys, by value, by index. */
export function compareElements(a: PathElement, b: PathElement): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  switch (a[0]) {
    case "k":
    case "v":
      return compareValues(parsed(a), parsed(b));
    case "i":
      return Number(a.slice(2)) - Number(b.slice(2));
    default:
      return compareText(a, b);
  }
}

function rankOf(element: PathElement): number {
  return "fkvi".indexOf(element[0]!);
}

function parsed(element: PathElement): any {
  return JSON.parse(element.slice(2));
}

/** `.spec.containers[name="web"].image`, as the server writes paths in its messages. */
export function pathText(path: Path): string {
  return path.map(elementText).join("");
}

export function elementText(element: PathElement): string {
  switch (element[0]) {
    case "k": {
      const keys: Record<string, unknown> = parsed(element);
      return `[${Object.keys(keys).sort(compareText).map((key) => `${key}=${valueText(keys[key])}`).join(",")}]`;
    }
    case "v":
      return `[=${valueText(parsed(element))}]`;
    case "i":
      return `[${element.slice(2)}]`;
    default:
      return `.${element.slice(2)}`;
  }
}

function valueText(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** An element as it stands in managedFields in its normal form; `undefined` for kinds of a later version. */
export function normalElement(text: string): PathElement | undefined {
  if (text.length < 2 || text[1] !== ":") throw new SyntaxError(`missing colon: ${text}`);
  switch (text[0]) {
    case "f":
      return text;
    case "i":
      if (!/^-?[0-9]+$/.test(text.slice(2))) throw new SyntaxError(`not an index: ${text}`);
      return text;
    case "v":
      return `v:${goJson(JSON.parse(text.slice(2)))}`;
    case "k": {
      const keys = JSON.parse(text.slice(2));
      if (!isMap(keys)) throw new SyntaxError(`not a list of keys: ${text}`);
      return `k:{${Object.keys(keys).sort(compareText).map((key) => `${goJson(key)}:${goJson(keys[key])}`).join(",")}}`;
    }
    default:
      return undefined;
  }
}
