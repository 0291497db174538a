import { lookup, type Snapshot, type TreeEntry } from "@trireme/git";
import { AppError, Code } from "@trireme/runtime";
import { entryValue, listingValue, type RecordedInput } from "./inputs.ts";
import type { SourceTree, TreeFile, TreeItem } from "./source-tree.ts";

const MOST_LINKS = 40;
const DEEPEST = 64;
const MOST_FILES = 100_000;
const MOST_BYTES = 1024 ** 3;

/**
 * A commit's tree as a renderer sees it: every look is recorded. Paths are relative to the repository's root;
 * symbolic links are followed inside the tree and refused where they lead outside.
 */
export class RecordedTree implements SourceTree {
  readonly snapshot: Snapshot;
  readonly #seen = new Map<string, RecordedInput>();
  readonly #repository: number;

  constructor(snapshot: Snapshot, repository = 0) {
    this.snapshot = snapshot;
    this.#repository = repository;
  }

  get inputs(): RecordedInput[] {
    return [...this.#seen.values()];
  }

  /** The file's bytes; undefined where there is none. @throws AppError ManifestTooLarge above the limit. */
  readFile(path: string, maxBytes = 64 * 1024 * 1024): Buffer | undefined {
    const entry = this.find(path);
    if (entry === undefined || (entry.kind !== "file" && entry.kind !== "executable")) return undefined;
    const data = this.snapshot.store.readBlob(entry.oid);
    if (data.length > maxBytes) throw new AppError(`${path} is ${data.length} bytes, larger than ${maxBytes}`, { reason: "ManifestTooLarge", code: Code.ResourceExhausted, retry: "never", details: { file: path } });
    return data;
  }

  /** Entries of a directory by name, sorted by name; undefined where there is none. */
  list(path: string): TreeEntry[] | undefined {
    const real = this.realPath(path);
    const entry = real === undefined ? undefined : lookup(this.snapshot.store, this.snapshot.tree, real);
    if (real !== undefined) this.#record("list", real, listingValue(this.snapshot.store, entry));
    if (entry?.kind !== "tree") return undefined;
    return [...this.snapshot.store.treeEntries(entry.oid).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What a path leads to, links followed. Records that it was looked for. */
  find(path: string): TreeEntry | undefined {
    const real = this.realPath(path);
    if (real === undefined) return undefined;
    const entry = lookup(this.snapshot.store, this.snapshot.tree, real);
    // A directory's own id changes with everything below it; that it is one is all that was seen here.
    if (entry?.kind !== "tree") this.#record("file", real, entryValue(entry));
    return entry;
  }

  kindOf(path: string): TreeItem["kind"] | undefined {
    const entry = this.find(path);
    return entry && kindOfEntry(entry);
  }

  items(path: string): TreeItem[] | undefined {
    return this.list(path)?.flatMap((entry) => {
      const kind = entry.kind === "symlink" ? this.kindOf(path === "" ? entry.name : `${path}/${entry.name}`) : kindOfEntry(entry);
      return kind === undefined ? [] : [{ name: entry.name, kind }];
    });
  }

  *filesBelow(path: string): Generator<TreeFile> {
    const real = this.realPath(path);
    if (real === undefined) return;
    this.readAll(real);
    const budget = { files: MOST_FILES, bytes: MOST_BYTES };
    yield* this.#below(real, path.replace(/\/+$/, ""), budget, 0);
  }

  /** `real` is where the bytes are, `shown` where the caller sees them. */
  *#below(real: string, shown: string, budget: { files: number; bytes: number }, depth: number): Generator<TreeFile> {
    if (depth > DEEPEST) throw new AppError(`${shown} is more than ${DEEPEST} directories deep`, { reason: "TreeTooLarge", code: Code.ResourceExhausted, retry: "never" });
    const { store, tree } = this.snapshot;
    const entry = lookup(store, tree, real);
    if (entry === undefined || entry.kind === "submodule") return;
    if (entry.kind !== "tree") {
      const content = store.readBlob(entry.oid);
      budget.files--;
      budget.bytes -= content.length;
      if (budget.files < 0 || budget.bytes < 0) throw new AppError(`${shown} is more than ${MOST_FILES} files or ${MOST_BYTES} bytes`, { reason: "TreeTooLarge", code: Code.ResourceExhausted, retry: "never" });
      yield { path: shown, content, executable: entry.kind === "executable" };
      return;
    }
    for (const child of store.treeEntries(entry.oid).values()) {
      const at = real === "" ? child.name : `${real}/${child.name}`;
      const as = shown === "" ? child.name : `${shown}/${child.name}`;
      if (child.kind !== "symlink") yield* this.#below(at, as, budget, depth + 1);
      else {
        const target = this.realPath(at);
        if (target === undefined) continue;
        // What a link leads to may lie outside of what was read as a whole.
        if (this.find(target)?.kind === "tree") this.readAll(target);
        yield* this.#below(target, as, budget, depth + 1);
      }
    }
  }

  /** Records everything below a path as read. */
  readAll(path: string): TreeEntry | undefined {
    const real = this.realPath(path);
    if (real === undefined) return undefined;
    const entry = lookup(this.snapshot.store, this.snapshot.tree, real);
    this.#record("tree", real, entryValue(entry));
    return entry;
  }

  /** The path without links, `.` and `..`; undefined where a part of it is missing. @throws AppError where it leaves the tree. */
  realPath(path: string): string | undefined {
    const pending = path.split("/").reverse();
    const done: string[] = [];
    for (let links = 0; pending.length > 0; ) {
      const part = pending.pop()!;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (done.pop() === undefined) throw outside(path);
        continue;
      }
      const here = [...done, part].join("/");
      const entry = lookup(this.snapshot.store, this.snapshot.tree, here);
      if (entry?.kind === "symlink") {
        this.#record("file", here, entryValue(entry));
        if (++links > MOST_LINKS) throw new AppError(`illegal filepath in symlink: ${path} goes through more than ${MOST_LINKS} links`, { reason: "PathOutsideRepository", code: Code.InvalidArgument, retry: "never", details: { file: path } });
        const target = this.snapshot.store.readBlob(entry.oid).toString("utf8");
        if (target.startsWith("/")) throw new AppError(`illegal filepath in symlink: ${here} leads out of the repository to ${target}`, { reason: "PathOutsideRepository", code: Code.InvalidArgument, retry: "never", details: { file: here } });
        pending.push(...target.split("/").reverse());
        continue;
      }
      done.push(part);
      if (entry === undefined && pending.length > 0) {
        this.#record("file", here, entryValue(undefined));
        return undefined;
      }
    }
    return done.join("/");
  }

  #record(kind: RecordedInput["kind"], path: string, value: string): void {
    const key = `${kind}:${path}`;
    if (!this.#seen.has(key)) this.#seen.set(key, { repository: this.#repository, kind, path, value });
  }
}

function kindOfEntry(entry: TreeEntry): TreeItem["kind"] {
  return entry.kind === "tree" ? "directory" : entry.kind === "file" || entry.kind === "executable" ? "file" : "other";
}

function outside(path: string): AppError {
  return new AppError(`${path} leads out of the repository`, { reason: "PathOutsideRepository", code: Code.InvalidArgument, retry: "never", details: { file: path } });
}
