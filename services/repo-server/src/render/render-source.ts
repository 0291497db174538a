import { normalizeUrl, type Snapshot } from "@trireme/git";
import { AppError, Code } from "@trireme/runtime";
import type { RenderCache } from "../cache/render-cache.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { appPath } from "../source/app-path.ts";
import type { ApplicationSource, SourceType } from "../source/application-source.ts";
import { type RecordedInputs, stillHolds } from "../source/inputs.ts";
import { RecordedTree } from "../source/recorded-tree.ts";
import { detectType, withOverrides } from "./detect.ts";
import { renderDirectory } from "./directory.ts";
import type { ParsedFiles } from "./parsed-files.ts";
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
}

export interface ToolParameters {
  kustomizeDisabled: boolean;
  helmDisabled: boolean;
  jsonnetDisabled: boolean;
  kustomizeBuildOptions: string;
  kustomizeVersions: Record<string, string>;
  /** Undefined: the default, https and http. */
  helmValuesFileSchemes?: readonly string[];
  maxCombinedManifestBytes: number;
}

export interface GitSource {
  url: string;
  source: ApplicationSource;
  snapshot: Snapshot;
  revision: string;
}

export interface RenderDeps {
  cache: RenderCache;
  files: ParsedFiles;
  /** Renders that are under way, by cause and trees. */
  inFlight: Map<string, Promise<SourceRender>>;
}

export interface SourceRender {
  set: RenderedSet;
  inputsKey: string;
  cached: boolean;
}

/** Changes whenever the same inputs would give another result. */
const RENDERER = "1";

/** One source of an application: what it is, then from the cache or anew. */
export async function renderSource(git: GitSource, parameters: RenderParameters, deps: RenderDeps, signal: AbortSignal): Promise<SourceRender> {
  const tree = new RecordedTree(git.snapshot);
  const path = appPath(tree, git.source.path ?? "");
  const source = withOverrides(tree, path, git.source, parameters.instanceName);
  const type = detectType(tree, path, source, parameters.tools);
  const cause = sha256(canonicalJson([RENDERER, type, normalizeUrl(git.url), path, causeOf(type, source, parameters)]));

  if (!parameters.noCache) {
    const found = await deps.cache.find(cause, (inputs) => inputs.entries.every((input) => stillHolds(git.snapshot.store, git.snapshot.tree, input)));
    if (found !== undefined) return { ...found, cached: true };
  }
  const flight = `${cause} ${git.snapshot.tree} ${parameters.noCache}`;
  let work = deps.inFlight.get(flight);
  if (work === undefined) {
    work = renderAnew(tree, path, type, source, cause, git, parameters, deps).finally(() => deps.inFlight.delete(flight));
    deps.inFlight.set(flight, work);
  }
  signal.throwIfAborted();
  return work;
}

async function renderAnew(tree: RecordedTree, path: string, type: SourceType, source: ApplicationSource, cause: string, git: GitSource, parameters: RenderParameters, deps: RenderDeps): Promise<SourceRender> {
  const set = renderByType(tree, path, type, source, parameters, deps);
  const inputs: RecordedInputs = { repositories: [normalizeUrl(git.url)], entries: tree.inputs };
  return { set, inputsKey: await deps.cache.add(cause, inputs, set), cached: false };
}

function renderByType(tree: RecordedTree, path: string, type: SourceType, source: ApplicationSource, parameters: RenderParameters, deps: RenderDeps): RenderedSet {
  switch (type) {
    case "Directory":
      return renderDirectory(tree, path, source.directory ?? {}, { files: deps.files, maxCombinedBytes: parameters.tools.maxCombinedManifestBytes, jsonnetDisabled: parameters.tools.jsonnetDisabled });
    default:
      throw new AppError(`${type} sources are not rendered by this version`, { reason: "SourceTypeUnsupported", code: Code.Unimplemented, retry: "never" });
  }
}

/** What of the request the type's result can depend on: two applications with the same share their render. */
function causeOf(type: SourceType, source: ApplicationSource, parameters: RenderParameters): unknown {
  if (type === "Directory") return [source.directory ?? {}, parameters.tools.maxCombinedManifestBytes, parameters.tools.jsonnetDisabled];
  return [source, parameters];
}
