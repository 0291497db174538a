import { repositoryKey, type RepositoryAccess, type Snapshot } from "@trireme/git";
import { AppError, Code } from "@trireme/runtime";
import type { RenderCache } from "../cache/render-cache.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { appPath } from "../source/app-path.ts";
import type { ApplicationSource, HelmSource, SourceType } from "../source/application-source.ts";
import type { ArchiveTree } from "../source/archive-tree.ts";
import { type RecordedInputs, stillHolds } from "../source/inputs.ts";
import { RecordedTree } from "../source/recorded-tree.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { RunTool } from "../tools/run-tool.ts";
import { detectType, withOverrides } from "./detect.ts";
import { renderDirectory } from "./directory.ts";
import { BuildEnvironment } from "./environment.ts";
import { renderHelm } from "./helm.ts";
import { renderKustomize } from "./kustomize.ts";
import type { ParsedFiles } from "./parsed-files.ts";
import { gitEnvironment, helmRepositories, proxyEnvironment } from "./tool-access.ts";
import type { RenderedSet } from "./types.ts";

/** Everything about one render that is not in the repository. */
export interface RenderParameters {
  appName: string;
  instanceName: string;
  project: string;
  destinationNamespace: string;
  kubeVersion: string;
  apiVersions: readonly string[];
  tools: ToolParameters;
  noCache: boolean;
  /** Credentials for what tools fetch themselves. */
  extraRepositories: readonly RepositoryAccess[];
  permittedHelmRepositories: readonly string[];
}

export interface ToolParameters {
  kustomizeDisabled: boolean;
  helmDisabled: boolean;
  jsonnetDisabled: boolean;
  kustomizeBuildOptions: string;
  /** Version -> path of its binary. */
  kustomizeVersions: Record<string, string>;
  /** Undefined: the default, https and http. */
  helmValuesFileSchemes?: readonly string[];
  maxCombinedManifestBytes: number;
}

/** One source at an exact revision: a commit of a Git repository, or a packed chart. */
export interface OpenSource {
  access: RepositoryAccess;
  source: ApplicationSource;
  /** Commit id, or chart version. */
  revision: string;
  content: { kind: "git"; snapshot: Snapshot } | { kind: "chart"; tree: ArchiveTree; folder: string; digest: string };
}

/** A source that lends its files, by its `ref`. */
export type RefSources = ReadonlyMap<string, { access: RepositoryAccess; snapshot: Snapshot }>;

export interface RenderDeps {
  cache: RenderCache;
  files: ParsedFiles;
  /** Renders that are under way, by cause and trees. */
  inFlight: Map<string, Promise<SourceRender>>;
  runTool: RunTool;
  binaries: { helm: string; kustomize: string; helm3: string };
  /** Name and size of each binary: another program, another cause. */
  binaryIdentity: (binary: string) => string;
  workFolder: string;
  /** An access with a user and password for what a program fetches itself. */
  signedIn: (access: RepositoryAccess) => Promise<RepositoryAccess>;
}

export interface SourceRender {
  set: RenderedSet;
  inputsKey: string;
  cached: boolean;
}

/** Changes whenever the same inputs would give another result. */
const RENDERER = "1";

/** What one render works with, once it is known what it is. */
export interface Job {
  type: SourceType;
  path: string;
  source: ApplicationSource;
  revision: string;
  access: RepositoryAccess;
  tree: SourceTree;
  /** Trees by the index that inputs name them by; the own one is undefined for a chart. */
  recorded: (RecordedTree | undefined)[];
  repositories: string[];
  refs: Map<string, SourceTree>;
  env: BuildEnvironment;
}

/** One source of an application: what it is, then from the cache or anew. */
export async function renderSource(open: OpenSource, refs: RefSources, parameters: RenderParameters, deps: RenderDeps, signal: AbortSignal): Promise<SourceRender> {
  const job = describeSource(open, refs, parameters);
  const content = open.content.kind === "chart" ? open.content.digest : "";
  const cause = sha256(canonicalJson([RENDERER, job.type, job.repositories, job.path, content, causeOf(job, parameters, deps)]));

  if (!parameters.noCache) {
    const found = await deps.cache.find(cause, (inputs) => holds(inputs, job));
    if (found !== undefined) return { ...found, cached: true };
  }
  const flight = JSON.stringify([cause, job.recorded.map((tree) => tree?.snapshot.tree), job.env.variables, parameters.noCache]);
  let work = deps.inFlight.get(flight);
  if (work === undefined) {
    // Not with this caller's signal: others may be waiting for the same.
    work = renderAnew(job, cause, parameters, deps).finally(() => deps.inFlight.delete(flight));
    deps.inFlight.set(flight, work);
  }
  const result = await work;
  signal.throwIfAborted();
  return result;
}

/** What a source is: its type, its directory, its parameters with those that lie beside it. */
export function describeSource(open: OpenSource, refs: RefSources, parameters: RenderParameters): Job {
  const { access, content } = open;
  const facts = { instanceName: parameters.instanceName, destinationNamespace: parameters.destinationNamespace, project: parameters.project, revision: open.revision, repoURL: open.source.repoURL ?? access.url, path: open.source.path ?? "", targetRevision: open.source.targetRevision ?? "" };
  const common = { access, revision: open.revision, env: new BuildEnvironment(facts) };
  const own = content.kind === "git" ? new RecordedTree(content.snapshot, 0) : undefined;
  const tree = content.kind === "git" ? own! : content.tree;
  const path = content.kind === "git" ? appPath(own!, open.source.path ?? "") : content.folder;
  const source = own === undefined ? open.source : withOverrides(own, path, open.source, parameters.instanceName);
  const type = own === undefined ? "Helm" : detectType(own, path, source, parameters.tools);

  const used = type === "Helm" ? refsUsed(source.helm ?? {}, refs) : [];
  const lent = used.map((name, index) => new RecordedTree(refs.get(name)!.snapshot, index + 1));
  return {
    ...common,
    type,
    path,
    source,
    tree,
    recorded: [own, ...lent],
    repositories: [repositoryKey(access.url), ...used.map((name) => repositoryKey(refs.get(name)!.access.url))],
    refs: new Map(used.map((name, index) => [name, lent[index]!])),
  };
}

/** Refs that the source's value files name, in order of name. */
function refsUsed(helm: HelmSource, refs: RefSources): string[] {
  const named = [...(helm.valueFiles ?? []), ...(helm.fileParameters ?? []).map(({ path = "" }) => path)].filter((file) => file.startsWith("$")).map((file) => file.split("/")[0]!.slice(1));
  return [...new Set(named)].filter((name) => refs.has(name)).sort();
}

function holds(inputs: RecordedInputs, job: Job): boolean {
  return inputs.entries.every((input) => {
    if (input.kind === "environment") return (job.env.variables[input.path] ?? "") === input.value;
    const tree = job.recorded[input.repository];
    return tree !== undefined && stillHolds(tree.snapshot.store, tree.snapshot.tree, input);
  });
}

async function renderAnew(job: Job, cause: string, parameters: RenderParameters, deps: RenderDeps): Promise<SourceRender> {
  const set = await renderByType(job, parameters, deps);
  const entries = [...job.recorded.flatMap((tree) => tree?.inputs ?? []), ...job.env.inputs];
  return { set, inputsKey: await deps.cache.add(cause, { repositories: job.repositories, entries }, set), cached: false };
}

async function renderByType(job: Job, parameters: RenderParameters, deps: RenderDeps): Promise<RenderedSet> {
  const { source, path, env } = job;
  const fetchable = [job.access, ...parameters.extraRepositories];
  const files = parameters.noCache ? deps.files.fresh() : deps.files;
  switch (job.type) {
    case "Directory":
      return renderDirectory(job.recorded[0]!, path, source.directory ?? {}, { files, maxCombinedBytes: parameters.tools.maxCombinedManifestBytes, jsonnetDisabled: parameters.tools.jsonnetDisabled });
    case "Kustomize":
      return renderKustomize(job.tree, path, source.kustomize ?? {}, {
        runTool: deps.runTool,
        binary: kustomizeBinary(source, parameters, deps),
        helmBinary: deps.binaries.helm3,
        buildOptions: parameters.tools.kustomizeBuildOptions,
        kubeVersion: source.kustomize?.kubeVersion || parameters.kubeVersion,
        apiVersions: source.kustomize?.apiVersions?.length ? source.kustomize.apiVersions : parameters.apiVersions,
        env,
        gitEnvironment: gitEnvironment(await Promise.all(fetchable.map(deps.signedIn))),
        workFolder: deps.workFolder,
        files,
      });
    case "Helm":
      return renderHelm(job.tree, path, source.helm ?? {}, {
        runTool: deps.runTool,
        binary: deps.binaries.helm,
        appName: parameters.appName,
        namespace: parameters.destinationNamespace,
        kubeVersion: parameters.kubeVersion,
        apiVersions: parameters.apiVersions,
        schemes: parameters.tools.helmValuesFileSchemes ?? ["https", "http"],
        env,
        refs: job.refs,
        repositories: helmRepositories(fetchable, parameters.permittedHelmRepositories),
        proxyEnvironment: proxyEnvironment(job.access),
        project: parameters.project,
        workFolder: deps.workFolder,
      });
    case "Plugin":
      throw new AppError(`could not find plugin${source.plugin?.name ? ` with name ${JSON.stringify(source.plugin.name)}` : ""} supporting the given repository: config management plugins are not run by this version`, { reason: "SourceTypeUnsupported", code: Code.Unimplemented, retry: "never" });
  }
}

function kustomizeBinary(source: ApplicationSource, parameters: RenderParameters, deps: RenderDeps): string {
  const version = source.kustomize?.version ?? "";
  if (version === "") return deps.binaries.kustomize;
  const binary = parameters.tools.kustomizeVersions[version];
  if (binary === undefined) throw new AppError(`kustomize version ${version} is not registered`, { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
  return binary;
}

/** What of the request the type's result can depend on: two applications with the same share their render. */
function causeOf(job: Job, parameters: RenderParameters, deps: RenderDeps): unknown {
  const { source } = job;
  switch (job.type) {
    case "Directory":
      return [source.directory ?? {}, parameters.tools.maxCombinedManifestBytes, parameters.tools.jsonnetDisabled];
    case "Kustomize": {
      const charts = parameters.tools.kustomizeBuildOptions.includes("--enable-helm") ? [parameters.kubeVersion, parameters.apiVersions, deps.binaryIdentity(deps.binaries.helm3)] : [];
      return [source.kustomize ?? {}, parameters.tools.kustomizeBuildOptions, deps.binaryIdentity(kustomizeBinary(source, parameters, deps)), charts];
    }
    case "Helm":
      return [source.helm ?? {}, parameters.appName, parameters.destinationNamespace, parameters.kubeVersion, parameters.apiVersions, parameters.tools.helmValuesFileSchemes ?? "default", [...job.refs.keys()], deps.binaryIdentity(deps.binaries.helm)];
    case "Plugin":
      return [source.plugin ?? {}];
  }
}
