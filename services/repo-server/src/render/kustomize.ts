import path from "node:path";
import { writeYaml } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import type { KustomizeSource } from "../source/application-source.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { PrivateFolder } from "../tools/private-folder.ts";
import type { RunTool } from "../tools/run-tool.ts";
import type { BuildEnvironment } from "./environment.ts";
import { editKustomization, hasEdits, quoted } from "./kustomize-edit.ts";
import { join, type KustomizeGraph, kustomizeGraph, readKustomization } from "./kustomize-graph.ts";
import { matchProvenance } from "./kustomize-provenance.ts";
import type { ParsedFiles } from "./parsed-files.ts";
import { parseToolOutput } from "./tool-output.ts";
import type { RenderedSet } from "./types.ts";

export interface KustomizeOptions {
  runTool: RunTool;
  /** A `kustomize`, or a `kubectl`. */
  binary: string;
  /** Helm 3, for `helmCharts`. */
  helmBinary: string;
  /** Space separated, from the settings. */
  buildOptions: string;
  kubeVersion: string;
  apiVersions: readonly string[];
  env: BuildEnvironment;
  /** Credentials for what it fetches, as git's environment. */
  gitEnvironment: Record<string, string>;
  /** Where private folders are made. */
  workFolder: string;
  files: ParsedFiles;
  signal?: AbortSignal;
}

/** Runs Kustomize over a private copy of what the kustomization names: of everything, where it names what is not a file here. */
export async function renderKustomize(tree: SourceTree, app: string, source: KustomizeSource, options: KustomizeOptions): Promise<RenderedSet> {
  const found = readKustomization(tree, app);
  if (found === undefined) throw new AppError(`${app || "."}: kustomization file not found in the path`, { reason: "ManifestInvalid", code: Code.Unknown, retry: "never", details: { path: app } });
  const edit = hasEdits(source) ? editKustomization(found.value, source, options.env, (component) => isFolder(tree, app, component)) : undefined;
  const edited = edit?.edited;
  const commands = edit?.commands ?? [];
  const graph = kustomizeGraph(edited === undefined ? tree : editedView(tree, found.file, edited), app);

  // A line without a value in one of these takes it from the environment.
  for (const name of graph.bareVariables) options.env.value(name);

  await using folder = new PrivateFolder(options.workFolder);
  if (graph.dynamic === "") for (const [file, content] of graph.files) folder.write(file, content);
  else for (const file of tree.filesBelow("")) folder.write(file.path, file.content, { executable: file.executable });
  if (edited !== undefined) folder.write(found.file, writeYaml(edited));

  const shownFlags = buildFlags(options);
  const flags = [...shownFlags, ...helmCommand(options)];
  const shown = ["kustomize", "build", app === "" ? "." : `./${app}`, ...shownFlags].map(quoted).join(" ");
  commands.push(shown);
  const target = path.join(folder.tree, app);
  const args = isKubectl(options.binary) ? ["kustomize", target, ...flags] : ["build", target, ...flags];
  const env = { HOME: folder.home, XDG_CONFIG_HOME: path.join(folder.home, "config"), XDG_CACHE_HOME: path.join(folder.home, "cache"), TMPDIR: folder.home, KUBECONFIG: "/dev/null", ...options.env.variables, ...options.gitEnvironment };
  const output = await options.runTool({ binary: options.binary, args, shown, cwd: folder.tree, env, hide: [[`${folder.tree}/`, ""], [folder.tree, "."], [folder.path, "<private folder>"]] }, options.signal);

  const objects = matchProvenance(parseToolOutput(output, "kustomize build"), sourcesOf(graph, tree, options.files), { prefix: String((edited ?? found.value)["namePrefix"] ?? ""), suffix: String((edited ?? found.value)["nameSuffix"] ?? "") });
  return { type: "Kustomize", commands, warnings: [], objects };
}

function buildFlags(options: KustomizeOptions): string[] {
  const given = options.buildOptions.split(/\s+/).filter((word) => word !== "");
  if (!options.buildOptions.includes("--enable-helm")) return given;
  return [
    ...given,
    ...(options.kubeVersion === "" ? [] : ["--helm-kube-version", options.kubeVersion]),
    ...options.apiVersions.flatMap((version) => ["--helm-api-versions", version]),
  ];
}

/** Charts inside a kustomization are Helm 3's: Kustomize refuses any other. */
function helmCommand({ buildOptions, helmBinary }: KustomizeOptions): string[] {
  return buildOptions.includes("--enable-helm") && !buildOptions.includes("--helm-command") && helmBinary !== "" ? ["--helm-command", helmBinary] : [];
}

/** The tree as it is once the kustomization was edited: the graph follows what will be built. */
function editedView(tree: SourceTree, file: string, edited: Record<string, unknown>): SourceTree {
  const content = Buffer.from(writeYaml(edited));
  return {
    readFile: (at, maxBytes) => (at === file ? content : tree.readFile(at, maxBytes)),
    kindOf: (at) => tree.kindOf(at),
    items: (at) => tree.items(at),
    filesBelow: (at) => tree.filesBelow(at),
  };
}

function isFolder(tree: SourceTree, app: string, component: string): boolean {
  const at = join(app, component);
  return at !== undefined && tree.kindOf(at) === "directory";
}

/** The resources as they stand in their files; what does not parse is Kustomize's to complain about. */
function sourcesOf(graph: KustomizeGraph, tree: SourceTree, files: ParsedFiles): Parameters<typeof matchProvenance>[1] {
  return graph.resources.flatMap((file) => {
    const content = graph.files.get(file) ?? tree.readFile(file);
    if (content === undefined) return [];
    try {
      return [{ file, objects: files.readContent(file, content) }];
    } catch {
      return [];
    }
  });
}

export function isKubectl(binary: string): boolean {
  return /^kubectl/.test(path.basename(binary));
}
