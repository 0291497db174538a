import { sameJson } from "../rest/objects.ts";
import { isObject } from "../schema/typed.ts";

export const MAX_OPERATIONS = 10_000;

/** The patch does not fit the document, or is none. `malformed` tells which. */
export class JsonPatchError extends Error {
  override readonly name = "JsonPatchError";
  readonly malformed: boolean;

  constructor(message: string, malformed = false) {
    super(message);
    this.malformed = malformed;
  }
}

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** RFC 6902 on a copy of the document. Throws JsonPatchError with the words of the server's library. */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new JsonPatchError("json: cannot unmarshal object into Go value of type jsonpatch.Patch", true);
  const root = { "": structuredClone(document) };
  for (const operation of patch as Operation[]) {
    if (!isObject(operation) || typeof operation.op !== "string" || typeof operation.path !== "string") throw new JsonPatchError("json: cannot unmarshal into Go value of type jsonpatch.Operation", true);
    apply(root, operation as unknown as Operation);
  }
  return root[""];
}

function apply(root: Record<string, unknown>, { op, path, from, value }: Operation): void {
  switch (op) {
    case "add":
      return add(root, path, value, "add");
    case "remove":
      return void remove(root, path, "remove");
    case "replace": {
      const { parent, key } = locate(root, path, "replace");
      if (read(parent, key) === undefined) throw new JsonPatchError(`replace operation does not apply: doc is missing key: ${path}: missing value`);
      (parent as any)[key] = value;
      return;
    }
    case "move":
      return add(root, path, remove(root, from ?? "", "move"), "move");
    case "copy": {
      const { parent, key } = locate(root, from ?? "", "copy");
      const found = read(parent, key);
      if (found === undefined) throw new JsonPatchError(`copy operation does not apply: doc is missing from path: ${from}: missing value`);
      return add(root, path, structuredClone(found), "copy");
    }
    case "test": {
      const { parent, key } = locate(root, path, "test");
      const found = read(parent, key);
      if (!sameJson(found ?? null, value ?? null)) throw new JsonPatchError(`testing value ${path} failed: test failed`.replace("testing value", "testing value"));
      return;
    }
    default:
      throw new JsonPatchError(`Unexpected kind: ${op}`);
  }
}

function add(root: Record<string, unknown>, path: string, value: unknown, op: string): void {
  const { parent, key } = locate(root, path, op);
  if (Array.isArray(parent)) {
    if (key === "-") return void parent.push(value);
    const index = indexOf(key, parent.length + 1);
    if (index === undefined || index > parent.length) throw new JsonPatchError(`add operation does not apply: doc is missing path: ${JSON.stringify(path)}: Unable to access invalid index: ${key}: invalid index referenced`);
    parent.splice(index, 0, value);
  } else parent[key] = value;
}

function remove(root: Record<string, unknown>, path: string, op: string): unknown {
  const { parent, key } = locate(root, path, op);
  const found = read(parent, key);
  if (found === undefined) throw new JsonPatchError(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: Unable to remove nonexistent key: ${key}: missing value`.replace(/^move operation/, "move operation"));
  if (Array.isArray(parent)) parent.splice(indexOf(key, parent.length)!, 1);
  else delete parent[key];
  return found;
}

function locate(root: Record<string, unknown>, path: string, op: string): { parent: Record<string, unknown> | unknown[]; key: string } {
  if (path !== "" && !path.startsWith("/")) throw new JsonPatchError(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
  const steps = path.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  let parent: unknown = root;
  for (const step of steps.slice(0, -1)) {
    parent = read(parent as Record<string, unknown>, step);
    if (!isObject(parent) && !Array.isArray(parent)) throw new JsonPatchError(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
  }
  const key = steps.at(-1)!;
  if (key === "__proto__") throw new JsonPatchError(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
  return { parent: parent as Record<string, unknown>, key };
}

function read(parent: Record<string, unknown> | unknown[], key: string): unknown {
  if (Array.isArray(parent)) {
    const index = indexOf(key, parent.length);
    return index === undefined ? undefined : parent[index];
  }
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

/** Negative indexes count from the end, as the server's library has it. */
function indexOf(key: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(key)) return undefined;
  const index = Number(key);
  const positive = index < 0 ? length + index : index;
  return positive < 0 ? undefined : positive;
}
