/** A directory's entry, links followed. */
export interface TreeItem {
  name: string;
  kind: "file" | "directory" | "other";
}

export interface TreeFile {
  /** Relative to the tree's root. */
  path: string;
  content: Buffer;
  executable: boolean;
}

/** Files that a renderer may look at: a commit's tree, or an unpacked chart. Paths are relative to its root. */
export interface SourceTree {
  readFile(path: string, maxBytes?: number): Buffer | undefined;
  kindOf(path: string): TreeItem["kind"] | undefined;
  /** Sorted by name; undefined where there is no such directory. */
  items(path: string): TreeItem[] | undefined;
  /** Everything below a path, as files: links are what they lead to. Counts as having read it all. */
  filesBelow(path: string): Iterable<TreeFile>;
}
