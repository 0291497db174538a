import { posix } from "node:path";
import { DomainError, parseYaml } from "@trireme/api";
import type { SourceTree } from "../source/source-tree.ts";
import { isKustomization } from "./detect.ts";
import { invalid, isRecord } from "./manifest-objects.ts";

/** What a kustomization needs of its repository. */
export interface KustomizeGraph {
  /** Files to lay out, by path. */
  files: Map<string, Buffer>;
  /** Paths of the files that hold resources, in the order in which they are listed. */
  resources: string[];
  /** Why not everything could be named: then the whole tree is laid out. Empty: the graph is complete. */
  dynamic: string;
  /** Names that its env files leave to the environment. */
  bareVariables: string[];
}

const MOST_KUSTOMIZATIONS = 1000;
const REMOTE = /^(?:[a-z][a-z0-9+.-]*:|git@|github\.com[/:])|\?(?:ref|version|timeout|submodules)=|^[\w.-]+@[\w.-]+:/i;

/** Follows a kustomization through everything that it names. Looking is recorded by the tree. */
export function kustomizeGraph(tree: SourceTree, root: string): KustomizeGraph {
  const graph: KustomizeGraph = { files: new Map(), resources: [], dynamic: "", bareVariables: [] };
  const visited = new Set<string>();
  const visit = (folder: string): void => {
    if (visited.has(folder) || visited.size >= MOST_KUSTOMIZATIONS) return;
    visited.add(folder);
    const found = readKustomization(tree, folder);
    if (found === undefined) return;
    graph.files.set(found.file, found.content);
    // A second one is a mistake that Kustomize tells about.
    for (const item of tree.items(folder) ?? []) if (isKustomization(item.name)) take(folder, item.name);
    follow(found.value, folder);
  };
  const take = (folder: string, name: unknown): string | undefined => {
    if (typeof name !== "string" || name === "" || graph.dynamic !== "") return undefined;
    const path = join(folder, name);
    const content = path === undefined ? undefined : tree.readFile(path);
    if (path !== undefined && content !== undefined) graph.files.set(path, content);
    else if (REMOTE.test(name)) graph.dynamic = `${name} is fetched from elsewhere`;
    return content === undefined ? undefined : path;
  };
  const takeFileOrFolder = (folder: string, name: unknown, resource: boolean): void => {
    if (typeof name !== "string") return;
    const path = REMOTE.test(name) ? undefined : join(folder, name);
    if (path !== undefined && tree.kindOf(path) === "directory") return visit(path);
    const file = take(folder, name);
    if (file !== undefined && resource) graph.resources.push(file);
  };
  const follow = (value: Record<string, unknown>, folder: string): void => {
    for (const field of ["resources", "bases", "components"]) for (const name of items(value[field])) takeFileOrFolder(folder, name, true);
    for (const field of ["crds", "configurations"]) for (const name of items(value[field])) take(folder, name);
    for (const field of ["patches", "patchesJson6902", "replacements"]) for (const item of items(value[field])) if (isRecord(item)) take(folder, item["path"]);
    // A strategic merge patch is a file's name, or the patch itself.
    for (const patch of items(value["patchesStrategicMerge"])) if (typeof patch === "string" && !patch.includes("\n")) take(folder, patch);
    if (isRecord(value["openapi"])) take(folder, value["openapi"]["path"]);
    for (const field of ["configMapGenerator", "secretGenerator"]) for (const item of items(value[field])) if (isRecord(item)) takeGenerator(folder, item);
    for (const field of ["generators", "transformers", "validators"]) {
      for (const item of items(value[field])) if (typeof item !== "string" || !item.includes("\n")) graph.dynamic ||= `${field} of ${folder || "."} may read any file`;
    }
    for (const field of ["helmCharts", "helmChartInflationGenerator", "helmGlobals"]) if (value[field] !== undefined) graph.dynamic ||= `${field} of ${folder || "."} render charts`;
  };
  const takeGenerator = (folder: string, item: Record<string, unknown>): void => {
    for (const file of items(item["files"])) if (typeof file === "string") take(folder, file.slice(file.indexOf("=") + 1));
    for (const file of [...items(item["envs"]), item["env"]]) {
      const path = take(folder, file);
      const text = path === undefined ? "" : graph.files.get(path)!.toString("utf8");
      graph.bareVariables.push(...text.split("\n").map((line) => line.trim()).filter((line) => /^[A-Za-z_]\w*$/.test(line)));
    }
  };
  visit(root);
  return graph;
}

/** The kustomization of a directory. @throws AppError ManifestInvalid with file and line. */
export function readKustomization(tree: SourceTree, folder: string): { file: string; content: Buffer; value: Record<string, unknown> } | undefined {
  const name = (tree.items(folder) ?? []).find((item) => item.kind === "file" && isKustomization(item.name))?.name;
  if (name === undefined) return undefined;
  const file = folder === "" ? name : `${folder}/${name}`;
  const content = tree.readFile(file);
  if (content === undefined) return undefined;
  return { file, content, value: parseKustomization(content, file) };
}

function parseKustomization(content: Buffer, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseYaml(content.toString("utf8"), file) ?? {};
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw invalid(file, Number(error.details["line"] ?? 0), error.message.replace(/^[^ ]*: /, ""), error.details);
  }
  if (!isRecord(value)) throw invalid(file, 1, "a kustomization is an object");
  return value;
}

function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A path below the repository's root; undefined where it leaves it. */
export function join(folder: string, name: string): string | undefined {
  if (name.startsWith("/")) return undefined;
  const path = posix.normalize(posix.join(folder === "" ? "." : folder, name)).replace(/\/$/, "");
  if (path === ".." || path.startsWith("../")) return undefined;
  return path === "." ? "" : path;
}
