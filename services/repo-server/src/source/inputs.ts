import type { ObjectStore, TreeEntry } from "@trireme/git";
import { ByteLru, lookup } from "@trireme/git";
import { sha256 } from "../canonical-json.ts";

/**
 * What a render looked at, so that it can be told later whether it would look the same again.
 * - `file`: one path: `<kind> <id>`, or `absent`; symbolic links are entries of their own
 * - `list`: names and kinds in a directory, by hash; or `absent`
 * - `tree`: all below a path, as `file`
 * - `environment`: a variable of the build environment, by name and value
 */
export interface RecordedInput {
  /** Index into `repositories`. */
  repository: number;
  kind: "file" | "list" | "tree" | "environment";
  path: string;
  value: string;
}

export interface RecordedInputs {
  /** Normalised URLs; the first is the source's own. */
  repositories: string[];
  entries: RecordedInput[];
}

export const ABSENT = "absent";

export function entryValue(entry: TreeEntry | undefined): string {
  return entry === undefined ? ABSENT : `${entry.kind} ${entry.oid}`;
}

/** By the tree's id: the same for whoever has it. */
const listings = new ByteLru<string, string>(8 * 1024 * 1024);

export function listingValue(store: ObjectStore, entry: TreeEntry | undefined): string {
  if (entry?.kind !== "tree") return ABSENT;
  let value = listings.get(entry.oid);
  if (value === undefined) {
    value = sha256(...[...store.treeEntries(entry.oid).values()].map((child) => `${child.kind} ${child.name}\0`));
    listings.set(entry.oid, value, 250);
  }
  return value;
}

/** True where the entry would be read from this tree as it was recorded. */
export function stillHolds(store: ObjectStore, tree: string, input: RecordedInput): boolean {
  const entry = lookup(store, tree, input.path);
  return input.value === (input.kind === "list" ? listingValue(store, entry) : entryValue(entry));
}
