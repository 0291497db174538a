import type { ObjectStore } from "../store/object-store.ts";
import type { TreeEntry } from "../store/objects.ts";

export interface Change {
  path: string;
  /** Undefined where it was added. */
  before?: TreeEntry;
  /** Undefined where it was removed. */
  after?: TreeEntry;
}

/** Files that differ between two trees. Subtrees with the same id are never read. */
export function* diffTrees(store: ObjectStore, before: string | undefined, after: string | undefined, prefix = ""): Generator<Change> {
  if (before === after) return;
  const old = new Map(before === undefined ? [] : store.treeEntries(before));
  const now = after === undefined ? [] : store.treeEntries(after).values();
  for (const entry of now) {
    const was = old.get(entry.name);
    old.delete(entry.name);
    if (was !== undefined && was.oid === entry.oid && was.kind === entry.kind) continue;
    yield* change(store, prefix === "" ? entry.name : `${prefix}/${entry.name}`, was, entry);
  }
  for (const was of old.values()) yield* change(store, prefix === "" ? was.name : `${prefix}/${was.name}`, was, undefined);
}

function* change(store: ObjectStore, path: string, before: TreeEntry | undefined, after: TreeEntry | undefined): Generator<Change> {
  const treeBefore = before?.kind === "tree" ? before.oid : undefined;
  const treeAfter = after?.kind === "tree" ? after.oid : undefined;
  if (treeBefore !== undefined || treeAfter !== undefined) yield* diffTrees(store, treeBefore, treeAfter, path);
  const fileBefore = treeBefore === undefined ? before : undefined;
  const fileAfter = treeAfter === undefined ? after : undefined;
  if (fileBefore !== undefined || fileAfter !== undefined) yield { path, ...(fileBefore && { before: fileBefore }), ...(fileAfter && { after: fileAfter }) };
}
