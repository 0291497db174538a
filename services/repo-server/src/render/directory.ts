import { AppError, Code } from "@trireme/runtime";
import type { DirectorySource } from "../source/application-source.ts";
import { compileGlob, type Glob } from "../source/glob.ts";
import type { RecordedTree } from "../source/recorded-tree.ts";
import type { ParsedFiles } from "./parsed-files.ts";
import type { RenderedObject, RenderedSet } from "./types.ts";

export interface DirectoryOptions {
  files: ParsedFiles;
  /** All files of the directory together, in bytes; 0: no limit. */
  maxCombinedBytes: number;
  jsonnetDisabled: boolean;
}

export const MANIFEST = /\.(yaml|yml|json|jsonnet)$/;
export const SKIP_MARKER = "+argocd:skip-file-rendering";
const DEEPEST = 64;

/** Plain manifests, in the order in which a walk meets them. */
export function renderDirectory(tree: RecordedTree, path: string, source: DirectorySource, options: DirectoryOptions): RenderedSet {
  const include = pattern(source.include, "include");
  const exclude = pattern(source.exclude, "exclude");
  const objects: RenderedObject[] = [];
  let combined = 0;
  for (const file of manifestFiles(tree, path, source.recurse === true)) {
    const relative = path === "" ? file : file.slice(path.length + 1);
    if (exclude?.matches(relative) === true || include?.matches(relative) === false) continue;
    const entry = tree.find(file);
    if (entry === undefined || (entry.kind !== "file" && entry.kind !== "executable")) continue;
    const content = tree.snapshot.store.readBlob(entry.oid);
    if (content.includes(SKIP_MARKER)) continue;
    if (file.endsWith(".jsonnet")) {
      if (options.jsonnetDisabled) continue;
      throw new AppError(`${file}: jsonnet is not evaluated by this version`, { reason: "JsonnetUnsupported", code: Code.Unimplemented, retry: "never", details: { file } });
    }
    combined += content.length;
    if (options.maxCombinedBytes > 0 && combined > options.maxCombinedBytes) throw tooLarge(path, options.maxCombinedBytes);
    for (const object of options.files.read(entry.oid, file, content)) objects.push({ ...object, file });
  }
  return { type: "Directory", commands: [], warnings: [], objects };
}

function* manifestFiles(tree: RecordedTree, folder: string, recurse: boolean, depth = 0): Generator<string> {
  for (const entry of tree.list(folder) ?? []) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    // A linked directory is not walked into, as the walk of Argo CD does not.
    if (entry.kind === "tree") {
      if (recurse && depth < DEEPEST) yield* manifestFiles(tree, path, recurse, depth + 1);
    } else if (entry.kind !== "submodule" && MANIFEST.test(entry.name)) yield path;
  }
}

function pattern(text: string | undefined, field: string): Glob | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return compileGlob(text);
  } catch (cause) {
    throw new AppError(`directory.${field}: ${(cause as Error).message}`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never", cause });
  }
}

function tooLarge(path: string, limit: number): AppError {
  return new AppError(`failed to get potentially valid manifests: exceeded max combined manifest file size: the files of ${path || "the root"} are more than ${limit} bytes`, { reason: "ManifestTooLarge", code: Code.ResourceExhausted, retry: "never", details: { path, limit } });
}
