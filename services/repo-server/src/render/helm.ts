import path from "node:path";
import { parseYaml, writeYaml } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import type { HelmSource } from "../source/application-source.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { PrivateFolder } from "../tools/private-folder.ts";
import type { RunTool, ToolCall } from "../tools/run-tool.ts";
import type { BuildEnvironment } from "./environment.ts";
import { type HelmRepository, writeHelmHome } from "./helm-home.ts";
import { resolveValueFile, resolveValueFiles, type ValueFile } from "./helm-values.ts";
import { quoted } from "./kustomize-edit.ts";
import { join } from "./kustomize-graph.ts";
import { isRecord, type ManifestObject } from "./manifest-objects.ts";
import { parseToolOutput } from "./tool-output.ts";
import type { RenderedObject, RenderedSet } from "./types.ts";

export interface HelmOptions {
  runTool: RunTool;
  binary: string;
  /** The application's bare name: the release, unless the source names one. */
  appName: string;
  namespace: string;
  kubeVersion: string;
  apiVersions: readonly string[];
  schemes: readonly string[];
  env: BuildEnvironment;
  refs: ReadonlyMap<string, SourceTree>;
  /** Where dependencies may come from, with credentials. */
  repositories: readonly HelmRepository[];
  proxyEnvironment: Record<string, string>;
  project: string;
  workFolder: string;
  /** Shown before each object's file: the chart's directory in its repository. */
  signal?: AbortSignal;
}

const MISSING_DEPENDENCY = /found in (?:Chart|requirements)\.yaml, but missing in charts\/ directory/;
const INLINE_VALUES = "<temp file with values from source.helm.values/valuesObject>";

/** Runs `helm template` over a private copy of the chart and of the files that it is given. */
export async function renderHelm(tree: SourceTree, chart: string, source: HelmSource, options: HelmOptions): Promise<RenderedSet> {
  await using folder = new PrivateFolder(options.workFolder);
  for (const root of chartFolders(tree, chart)) for (const file of tree.filesBelow(root)) folder.write(file.path, file.content, { executable: file.executable });
  const { args, shown } = templateArguments(tree, chart, source, options, folder);

  const home = writeHelmHome(folder.home, options.repositories, source.passCredentials === true);
  const call = (words: readonly string[], display: readonly string[]): ToolCall => ({
    binary: options.binary,
    args: words,
    shown: ["helm", ...display].map((word) => (word === INLINE_VALUES ? word : quoted(word))).join(" "),
    cwd: path.join(folder.tree, chart),
    env: { ...home, ...options.proxyEnvironment },
    hide: [[`${folder.tree}/`, ""], [folder.tree, "."], [folder.path, "<private folder>"], ...options.repositories.flatMap(({ password }) => (password ? [[password, "******"] as const] : []))],
  });
  const template = call(args, shown);
  let output: string;
  try {
    output = await options.runTool(template, options.signal);
  } catch (error) {
    if (!(error instanceof AppError) || !MISSING_DEPENDENCY.test(error.message)) throw withPrefix(error);
    await buildDependencies(call(["dependency", "build"], ["dependency", "build"]), options);
    output = await options.runTool(template, options.signal).catch((again: unknown) => {
      throw withPrefix(again);
    });
  }
  return { type: "Helm", commands: [template.shown], warnings: [], objects: withSources(parseToolOutput(output, "helm template"), output, chart) };
}

async function buildDependencies(call: ToolCall, options: HelmOptions): Promise<void> {
  try {
    await options.runTool(call, options.signal);
  } catch (error) {
    const said = error instanceof AppError ? error.message : "";
    const forbidden = options.repositories.filter((repository) => repository.permitted === false && said.includes(repository.url)).map(({ url }) => url);
    if (forbidden.length > 0) throw new AppError(`helm repos ${forbidden.join(", ")} are not permitted in project '${options.project}'`, { reason: "SourceNotPermitted", code: Code.PermissionDenied, retry: "never", cause: error });
    throw withPrefix(error);
  }
}

/** What Helm is told, and the same for people to read. */
function templateArguments(tree: SourceTree, chart: string, source: HelmSource, options: HelmOptions, folder: PrivateFolder): { args: string[]; shown: string[] } {
  const args: string[] = ["template", ".", "--name-template", source.releaseName || options.appName];
  const shown = [...args];
  const both = (...words: string[]): void => {
    args.push(...words);
    shown.push(...words);
  };
  const namespace = source.namespace || options.namespace;
  if (namespace !== "") both("--namespace", namespace);
  const kubeVersion = source.kubeVersion || options.kubeVersion;
  if (kubeVersion !== "") both("--kube-version", kubeVersion);
  for (const { name = "", value = "", forceString } of source.parameters ?? []) both(forceString === true ? "--set-string" : "--set", `${name}=${escaped(options.env.substitute(value))}`);

  const context = { tree, chart, refs: options.refs, env: options.env, schemes: options.schemes };
  const laid = layout(folder, chart);
  for (const { name = "", path: file = "" } of source.fileParameters ?? []) {
    const resolved = resolveValueFile(file, context);
    args.push("--set-file", `${name}=${escaped(laid(resolved))}`);
    shown.push("--set-file", `${name}=${file}`);
  }
  for (const file of resolveValueFiles(source.valueFiles ?? [], { ...context, ignoreMissing: source.ignoreMissingValueFiles === true })) {
    args.push("--values", laid(file));
    shown.push("--values", file.kind === "url" ? file.url : file.shown);
  }
  const inline = inlineValues(source);
  if (inline !== "") {
    args.push("--values", folder.write("inline-values.yaml", inline, { root: folder.home }));
    shown.push("--values", INLINE_VALUES);
  }
  const apiVersions = source.apiVersions?.length ? source.apiVersions : options.apiVersions;
  for (const version of apiVersions) args.push("--api-versions", version);
  if (apiVersions.length > 0) shown.push(...(apiVersions.length > 5 ? ["<api versions removed>"] : apiVersions.flatMap((version) => ["--api-versions", version])));
  if (source.skipCrds !== true) both("--include-crds");
  if (source.skipSchemaValidation === true) both("--skip-schema-validation");
  if (source.skipTests === true) both("--skip-tests");
  return { args, shown };
}

/** Lays a value file out where Helm finds it: beside the chart, or apart for another source's. */
function layout(folder: PrivateFolder, chart: string): (file: ValueFile) => string {
  const roots = new Map<SourceTree, string>();
  return (file) => {
    if (file.kind === "url") return file.url;
    const content = file.tree.readFile(file.path);
    if (content === undefined) throw new AppError(`error resolving helm value files: ${file.shown}: no such file${file.shown.startsWith("$") ? "" : ` below ${chart || "the repository's root"}`}`, { reason: "ValueFileNotFound", code: Code.Unknown, retry: "never", details: { file: file.shown } });
    let root = roots.get(file.tree);
    if (root === undefined) roots.set(file.tree, (root = path.join(folder.path, `values-${roots.size}`)));
    return folder.write(file.path, content, { root });
  };
}

/** The chart, and the charts of the same repository that it depends on by `file://`. */
function chartFolders(tree: SourceTree, chart: string): string[] {
  const found = new Set([chart]);
  for (const folder of found) {
    const content = tree.readFile(folder === "" ? "Chart.yaml" : `${folder}/Chart.yaml`) ?? undefined;
    let manifest: unknown;
    try {
      manifest = content === undefined ? undefined : parseYaml(content.toString("utf8"), `${folder}/Chart.yaml`);
    } catch {
      continue; // Helm says it better.
    }
    for (const dependency of isRecord(manifest) && Array.isArray(manifest["dependencies"]) ? (manifest["dependencies"] as unknown[]) : []) {
      const repository = isRecord(dependency) ? dependency["repository"] : undefined;
      if (typeof repository !== "string" || !repository.startsWith("file://")) continue;
      const at = join(folder, repository.slice("file://".length));
      if (at === undefined) throw new AppError(`${folder}/Chart.yaml: dependency ${repository} leads out of the repository`, { reason: "PathOutsideRepository", code: Code.InvalidArgument, retry: "never" });
      if (found.size < 100 && ![...found].some((known) => known === "" || at === known || at.startsWith(`${known}/`))) found.add(at);
    }
  }
  return [...found];
}

function inlineValues(source: HelmSource): string {
  if (isRecord(source.valuesObject) && Object.keys(source.valuesObject).length > 0) return writeYaml(source.valuesObject);
  return source.values ?? "";
}

/** Commas separate values in `--set`: escaped, unless they are already or the value is a `{list}`. */
export function escaped(value: string): string {
  return value.startsWith("{") && value.endsWith("}") ? value : value.replace(/(?<!\\),/g, "\\,");
}

/** Each object's template, from the `# Source:` line above it. */
function withSources(objects: readonly ManifestObject[], output: string, chart: string): RenderedObject[] {
  const sources = output.split("\n").flatMap((line, index) => (line.startsWith("# Source: ") ? [{ line: index + 1, file: line.slice("# Source: ".length).trim() }] : []));
  const documents = new Map<string, number>();
  const lastDocument = new Map<string, number>();
  return objects.map((object) => {
    const source = sources.findLast(({ line }) => line <= object.line);
    if (source === undefined) return { ...object, file: "", document: 0, line: 0, fieldLines: "" };
    const inChart = source.file.slice(source.file.indexOf("/") + 1);
    const file = chart === "" ? inChart : `${chart}/${inChart}`;
    // Objects of one list share a document.
    if (lastDocument.get(file) !== object.document) documents.set(file, (documents.get(file) ?? -1) + 1);
    lastDocument.set(file, object.document);
    return { json: object.json, hash: object.hash, file, document: documents.get(file)!, line: 0, fieldLines: "" };
  });
}

function withPrefix(error: unknown): unknown {
  if (!(error instanceof AppError) || error.reason !== "ToolFailed") return error;
  return new AppError(`failed running helm: ${error.message}`, { reason: error.reason, code: error.code, retry: error.retry, cause: error, details: error.details });
}
