import { gunzipSync } from "node:zlib";
import { AppError, Code } from "@trireme/runtime";
import type { SourceTree, TreeFile, TreeItem } from "./source-tree.ts";

/** A packed chart, held in memory. It never changes, so nothing is recorded. */
export class ArchiveTree implements SourceTree {
  readonly #files = new Map<string, TreeFile>();
  readonly #folders = new Map<string, Map<string, TreeItem["kind"]>>([["", new Map()]]);

  constructor(files: Iterable<TreeFile>) {
    for (const file of files) {
      this.#files.set(file.path, file);
      const parts = file.path.split("/");
      for (let depth = 0; depth < parts.length; depth++) {
        const folder = parts.slice(0, depth).join("/");
        let items = this.#folders.get(folder);
        if (items === undefined) this.#folders.set(folder, (items = new Map()));
        items.set(parts[depth]!, depth === parts.length - 1 ? "file" : "directory");
      }
    }
  }

  readFile(path: string): Buffer | undefined {
    return this.#files.get(clean(path))?.content;
  }

  kindOf(path: string): TreeItem["kind"] | undefined {
    const at = clean(path);
    return this.#files.has(at) ? "file" : this.#folders.has(at) ? "directory" : undefined;
  }

  items(path: string): TreeItem[] | undefined {
    const items = this.#folders.get(clean(path));
    return items && [...items].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  *filesBelow(path: string): Generator<TreeFile> {
    const at = clean(path);
    for (const file of this.#files.values()) if (at === "" || file.path === at || file.path.startsWith(`${at}/`)) yield file;
  }
}

const BLOCK = 512;
const MOST_ENTRIES = 100_000;

/** Regular files of a gzipped tar. Links, devices and paths that lead out are left out. @throws AppError ChartInvalid, ChartTooLarge. */
export function readTarGzip(packed: Uint8Array, what: string, maxBytes: number): TreeFile[] {
  let bytes: Buffer;
  try {
    bytes = gunzipSync(packed, maxBytes > 0 ? { maxOutputLength: maxBytes } : {});
  } catch (cause) {
    const large = (cause as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    throw new AppError(large ? `${what} is larger than ${maxBytes} bytes when unpacked` : `${what} is not a gzipped archive: ${(cause as Error).message}`, { reason: large ? "ChartTooLarge" : "ChartInvalid", code: large ? Code.ResourceExhausted : Code.InvalidArgument, retry: "never", cause });
  }
  const files: TreeFile[] = [];
  let longName: string | undefined;
  for (let at = 0, entries = 0; at + BLOCK <= bytes.length; entries++) {
    const head = bytes.subarray(at, at + BLOCK);
    if (head[0] === 0) break;
    if (entries > MOST_ENTRIES) throw new AppError(`${what} has more than ${MOST_ENTRIES} entries`, { reason: "ChartTooLarge", code: Code.ResourceExhausted, retry: "never" });
    const text = (from: number, length: number): string => head.toString("utf8", from, from + length).replace(/\0[\s\S]*$/, "");
    const size = parseInt(text(124, 12).trim() || "0", 8);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (!(size >= 0) || content.length < size) throw new AppError(`${what} is cut short`, { reason: "ChartInvalid", code: Code.InvalidArgument, retry: "never" });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(head[156]!);
    if (type === "L") longName = content.toString("utf8").replace(/\0[\s\S]*$/, "");
    else if (type === "x") longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString("utf8"))?.[1] ?? longName;
    else if (type !== "g") {
      const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
      const name = longName ?? (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`);
      longName = undefined;
      if ((type === "0" || type === "\0") && !name.startsWith("/") && !name.split("/").includes("..")) files.push({ path: clean(name), content, executable: (parseInt(text(100, 8).trim() || "0", 8) & 0o100) !== 0 });
    }
  }
  return files;
}

function clean(path: string): string {
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/");
}
