import { posix } from "node:path";
import { AppError, Code } from "@trireme/runtime";
import type { RecordedTree } from "./recorded-tree.ts";

/** The application's directory, normalised (`""` is the root). @throws AppError in Argo's words where it is no directory inside. */
export function appPath(tree: RecordedTree, path: string): string {
  if (path.startsWith("/")) throw refuse(path, "app path is absolute", "PathOutsideRepository");
  const clean = posix.normalize(path === "" ? "." : path).replace(/\/$/, "");
  if (clean === ".." || clean.startsWith("../")) throw refuse(path, "app path outside root", "PathOutsideRepository");
  const real = tree.realPath(clean);
  const entry = real === undefined ? undefined : tree.find(real);
  if (entry === undefined) throw refuse(path, "app path does not exist", "PathNotFound");
  if (entry.kind !== "tree") throw refuse(path, "app path is not a directory", "PathNotFound");
  return real!;
}

function refuse(path: string, what: string, reason: string): AppError {
  return new AppError(`${path}: ${what}`, { reason, code: Code.Unknown, retry: "never", details: { path } });
}
