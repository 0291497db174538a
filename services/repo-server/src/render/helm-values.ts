import { posix } from "node:path";
import { AppError, Code } from "@trireme/runtime";
import { compileGlob } from "../source/glob.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { BuildEnvironment } from "./environment.ts";

/** A file that Helm is given: in one of the trees, or at a URL. */
export type ValueFile = { kind: "file"; tree: SourceTree; path: string; shown: string } | { kind: "url"; url: string };

export interface ValueFileOptions {
  /** The chart's own tree and its directory there. */
  tree: SourceTree;
  chart: string;
  /** Trees of the other sources, by their `ref`. */
  refs: ReadonlyMap<string, SourceTree>;
  env: BuildEnvironment;
  /** URL schemes that may be fetched from. */
  schemes: readonly string[];
  ignoreMissing: boolean;
}

const MOST_MATCHES = 1000;

/** Value files in the order in which Helm gets them: patterns expanded and sorted, each file once. */
export function resolveValueFiles(names: readonly string[], options: ValueFileOptions): ValueFile[] {
  const resolved = names.map((name) => ({ name, file: resolveValueFile(name, options) }));
  const explicit = new Set(resolved.filter(({ file }) => !isPattern(file)).map(({ file }) => keyOf(file)));
  const seen = new Set<string>();
  const result: ValueFile[] = [];
  const add = (file: ValueFile): void => {
    if (seen.has(keyOf(file))) return;
    seen.add(keyOf(file));
    result.push(file);
  };
  for (const { name, file } of resolved) {
    if (file.kind === "file" && isPattern(file)) {
      const matches = expand(file.tree, file.path);
      if (matches.length === 0 && !options.ignoreMissing) throw new AppError(`values file glob ${JSON.stringify(name)} matched no files`, { reason: "ValueFileNotFound", code: Code.Unknown, retry: "never", details: { file: name } });
      for (const path of matches) {
        const match: ValueFile = { ...file, path, shown: path };
        if (!explicit.has(keyOf(match))) add(match);
      }
    } else if (file.kind === "url" || !options.ignoreMissing || file.tree.kindOf(file.path) !== undefined) add(file);
  }
  return result;
}

/** One file: relative to the chart, from the root with a leading slash, `$ref/…` in another source, or a URL. @throws AppError where it leaves its repository. */
export function resolveValueFile(name: string, options: Pick<ValueFileOptions, "tree" | "chart" | "refs" | "env" | "schemes">): ValueFile {
  const ref = name.startsWith("$") ? options.refs.get(name.split("/")[0]!.slice(1)) : undefined;
  if (ref !== undefined) {
    const rest = options.env.substitute(name.split("/").slice(1).join("/"));
    return { kind: "file", tree: ref, path: inside("", rest, name), shown: name };
  }
  if (/^\$[^/{$]+\//.test(name) && !(name.split("/")[0]!.slice(1) in options.env.variables)) {
    throw new AppError(`error resolving helm value files: ${name} names a source that there is not: no source has ref ${JSON.stringify(name.split("/")[0]!.slice(1))}`, { reason: "ValueFileNotFound", code: Code.Unknown, retry: "never", details: { file: name } });
  }
  const text = options.env.substitute(name);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (!options.schemes.includes(scheme)) throw new AppError(`the URL scheme '${scheme}' is not allowed`, { reason: "SchemeNotAllowed", code: Code.Unknown, retry: "never", details: { file: text } });
    return { kind: "url", url: text };
  }
  return { kind: "file", tree: options.tree, path: text.startsWith("/") ? inside("", text.slice(1), name) : inside(options.chart, text, name), shown: text };
}

function inside(folder: string, name: string, shown: string): string {
  const path = posix.normalize(posix.join(folder === "" ? "." : folder, name));
  if (path === ".." || path.startsWith("../")) throw new AppError(`value file '${shown}' resolved to outside repository root`, { reason: "PathOutsideRepository", code: Code.InvalidArgument, retry: "never", details: { file: shown } });
  return path;
}

function isPattern(file: ValueFile): boolean {
  return file.kind === "file" && /[*?[]/.test(file.path);
}

function keyOf(file: ValueFile): string {
  return file.kind === "url" ? file.url : `${file.shown.startsWith("$") ? file.shown.split("/")[0] : ""}:${file.path}`;
}

/** Files below the pattern's fixed part that fit it, sorted. */
function expand(tree: SourceTree, pattern: string): string[] {
  const parts = pattern.split("/");
  const fixed = parts.slice(0, parts.findIndex((part) => /[*?[{]/.test(part))).join("/");
  // `**` stands for any number of directories, none included: its slash goes with it.
  const globs = [pattern, pattern.replaceAll("**/", "")].map((text) => compileGlob(text, "/"));
  const deep = pattern.includes("**") ? 64 : parts.length;
  const found: string[] = [];
  const visit = (folder: string, depth: number): void => {
    if (depth > deep || found.length > MOST_MATCHES) return;
    for (const item of tree.items(folder) ?? []) {
      const path = folder === "" ? item.name : `${folder}/${item.name}`;
      if (item.kind === "directory") visit(path, depth + 1);
      else if (item.kind === "file" && globs.some((glob) => glob.matches(path))) found.push(path);
    }
  };
  visit(fixed, fixed === "" ? 1 : fixed.split("/").length + 1);
  return found.sort();
}
