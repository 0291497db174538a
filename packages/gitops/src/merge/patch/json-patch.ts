import { DomainError } from "@trireme/api";
import { isMap } from "../types.ts";
import { equalValues } from "../values.ts";

export interface JsonPatchOperation {
  op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  path: string;
  from?: string;
  value?: unknown;
}

/** More than this the API server refuses to look at. */
const MAX_OPERATIONS = 10_000;

/** Applies a JSON patch (RFC 6902). The document is not changed. Throws DomainError (`InvalidPatch`, `PatchTestFailed`) naming the operation. */
export function applyJsonPatch<T>(document: T, operations: readonly JsonPatchOperation[]): T {
  if (!Array.isArray(operations)) throw invalid("a JSON patch is a list of operations");
  if (operations.length > MAX_OPERATIONS) throw invalid(`the allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`);
  let result: unknown = document;
  for (const [index, operation] of operations.entries()) result = applyOne(result, operation, index);
  return result as T;
}

function applyOne(document: unknown, operation: JsonPatchOperation, index: number): unknown {
  if (!isMap(operation) || typeof operation.path !== "string") throw invalid(`operation ${index} has no path`);
  const path = pointerSteps(operation.path);
  switch (operation.op) {
    case "add":
      return written(document, path, needed(operation, index), operation);
    case "replace":
      read(document, path, operation);
      return replaced(document, path, needed(operation, index), operation);
    case "remove":
      return removed(document, path, operation);
    case "test":
      if (!equalValues(readOrAbsent(document, path) ?? null, operation.value ?? null)) {
        throw new DomainError(`testing value ${operation.path} failed`, { reason: "PatchTestFailed", details: { path: operation.path } });
      }
      return document;
    case "move":
    case "copy": {
      if (typeof operation.from !== "string") throw invalid(`operation ${index} (${operation.op}) has no from`);
      const from = pointerSteps(operation.from);
      const value = read(document, from, operation);
      if (operation.op === "copy") return written(document, path, value, operation);
      if (operation.path.startsWith(`${operation.from}/`)) throw invalid(`cannot move ${operation.from} into itself`);
      return written(removed(document, from, operation), path, value, operation);
    }
    default:
      throw invalid(`operation ${index} is ${JSON.stringify((operation as { op?: unknown }).op)}, not one of add, remove, replace, move, copy, test`);
  }
}

/** The steps of an RFC 6901 pointer. */
export function pointerSteps(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw invalid(`${JSON.stringify(pointer)} is not a JSON pointer: it must begin with "/"`);
  return pointer.slice(1).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function pointerOf(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function needed(operation: JsonPatchOperation, index: number): unknown {
  if (operation.value === undefined) throw invalid(`operation ${index} (${operation.op}) has no value`);
  return operation.value;
}

function read(document: unknown, path: readonly string[], operation: JsonPatchOperation): unknown {
  const value = readOrAbsent(document, path);
  if (value === undefined) throw missing(path, operation);
  return value;
}

function readOrAbsent(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const step of path) {
    if (Array.isArray(value)) value = /^(0|[1-9][0-9]*)$/.test(step) ? value[Number(step)] : undefined;
    else if (isMap(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

/** The document with the container of a path's last step changed; everything beside the path is shared. */
function changed(document: unknown, path: readonly string[], operation: JsonPatchOperation, change: (container: any, step: string) => unknown, at = 0): unknown {
  if (at === path.length - 1) {
    if (!Array.isArray(document) && !isMap(document)) throw missing(path.slice(0, at), operation);
    return change(document, path[at]!);
  }
  const step = path[at]!;
  if (Array.isArray(document)) {
    const index = indexOf(step, document.length - 1, operation);
    return document.with(index, changed(document[index], path, operation, change, at + 1));
  }
  if (!isMap(document) || !Object.hasOwn(document, step)) throw missing(path.slice(0, at + 1), operation);
  return { ...document, [step]: changed(document[step], path, operation, change, at + 1) };
}

function written(document: unknown, path: readonly string[], value: unknown, operation: JsonPatchOperation): unknown {
  if (path.length === 0) return value;
  return changed(document, path, operation, (container, step) => {
    if (!Array.isArray(container)) return { ...container, [step]: value };
    const index = step === "-" ? container.length : indexOf(step, container.length, operation);
    return container.toSpliced(index, 0, value);
  });
}

function replaced(document: unknown, path: readonly string[], value: unknown, operation: JsonPatchOperation): unknown {
  if (path.length === 0) return value;
  return changed(document, path, operation, (container, step) => (Array.isArray(container) ? container.with(indexOf(step, container.length - 1, operation), value) : { ...container, [step]: value }));
}

function removed(document: unknown, path: readonly string[], operation: JsonPatchOperation): unknown {
  if (path.length === 0) return null;
  read(document, path, operation);
  return changed(document, path, operation, (container, step) => {
    if (Array.isArray(container)) return container.toSpliced(indexOf(step, container.length - 1, operation), 1);
    const { [step]: _, ...others } = container;
    return others;
  });
}

function indexOf(step: string, highest: number, operation: JsonPatchOperation): number {
  const index = /^(0|[1-9][0-9]*)$/.test(step) ? Number(step) : -1;
  if (index < 0 || index > highest) throw invalid(`${operation.op} operation does not apply: ${operation.path}: ${step} is not an index of the list (it has ${highest + 1})`);
  return index;
}

function missing(path: readonly string[], operation: JsonPatchOperation): DomainError {
  return invalid(`${operation.op} operation does not apply: doc is missing path: ${pointerOf(path)}: missing value`);
}

function invalid(message: string): DomainError {
  return new DomainError(message, { reason: "InvalidPatch" });
}
