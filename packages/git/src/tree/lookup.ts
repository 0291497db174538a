import type { ObjectStore } from "../store/object-store.ts";
import type { TreeEntry } from "../store/objects.ts";

/** The entry at a path below a tree, or undefined. `""` and `"."` are the tree itself. Symlinks are not followed. */
export function lookup(store: ObjectStore, tree: string, path: string): TreeEntry | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  let at: TreeEntry | undefined = { name: "", oid: tree, kind: "tree" };
  for (const part of parts) {
    if (at.kind !== "tree") return undefined;
    at = store.treeEntries(at.oid).get(part);
    if (at === undefined) return undefined;
  }
  return at;
}

/** Every entry below a tree that is not a tree itself, with its path, depth first. */
export function* walk(store: ObjectStore, tree: string, prefix = ""): Generator<TreeEntry & { path: string }> {
  for (const entry of store.treeEntries(tree).values()) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.kind === "tree") yield* walk(store, entry.oid, path);
    else yield { ...entry, path };
  }
}
