import { gvkOf, keyOf, keyText, type KubeObject } from "@trireme/api";
import type { Application, ApplicationSource, AppProject } from "@trireme/api/argo";
import { Annotation, hasMultipleSources, instanceName, isSourcePermitted, prepareTargets, sourcesOf, track, type Prepared } from "@trireme/gitops";
import { AppError, Code } from "@trireme/runtime";
import { chartRepositories, renderTools, repositoryAccess, type Cluster, type Settings, type Trust } from "@trireme/settings";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import { redacted } from "../clusters/redact.ts";
import type { Context } from "../context.ts";
import { render, type Rendered, type RenderedObject } from "../repositories/render.ts";
import type { Desired } from "./memory.ts";

export interface DesiredInput {
  app: Application;
  project: AppProject;
  settings: Settings;
  cluster: Cluster;
  live: LiveCluster;
  controlPlaneNamespace: string;
  sources: ApplicationSource[];
  /** Exact revisions, one for each source; "" follows the source's target. */
  revisions: string[];
  known?: Desired | undefined;
  noCache?: boolean;
  noRevisionCache?: boolean;
  trust: Trust;
  deadlineMs: number;
  signal: AbortSignal;
}

/** What Git wants: rendered, then placed, tracked and redacted. The known answer comes back where nothing differs. */
export async function desiredState(ctx: Context, input: DesiredInput): Promise<Desired> {
  const { known } = input;
  const basis = basisOf(input);
  const same = known !== undefined && known.basis === basis;
  const rendered = await renderApp(ctx, input, same ? known.digest : "");
  if (rendered.objects === undefined) return { ...known!, revisions: rendered.revisions, sources: input.sources, inputsKeys: rendered.inputsKeys, sourceTypes: rendered.sourceTypes };

  const { prepared, provenance } = prepare(ctx, input, rendered.objects);
  const warnings = rendered.warnings.map((problem) => ({ type: "ManifestWarning", message: `${problem.file !== "" ? `${problem.file}${problem.line > 0 ? `:${problem.line}` : ""}: ` : ""}${problem.message}` }));
  return { ...prepared, digest: rendered.digest, sources: input.sources, revisions: rendered.revisions, sourceTypes: rendered.sourceTypes, inputsKeys: rendered.inputsKeys, provenance, warnings, basis };
}

/** Objects as a tool or a person gave them, placed, tracked and redacted. */
function prepare(ctx: Context, input: DesiredInput, objects: readonly RenderedObject[]): { prepared: Prepared; provenance: Desired["provenance"] } {
  const { app, settings, live, cluster } = input;
  const instance = instanceName({ namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" }, input.controlPlaneNamespace);
  const destinationNamespace = app.spec.destination.namespace ?? "";
  const kinds = definedKinds(objects);
  const prepared = prepareTargets(
    objects.map(({ object }) => redacted(object, ctx.redact)),
    {
      destinationNamespace,
      isNamespaced: (kind) => live.isNamespaced(kind) ?? kinds.get(`${kind.group}/${kind.kind}`),
      isExcluded: ({ group, kind }) => settings.resources.excludes(group, kind, cluster.server),
      track: (object) => track(object, instance, destinationNamespace, settings.tracking),
    },
  );
  const provenance = new Map<string, RenderedObject["provenance"]>();
  for (const each of objects) {
    const { namespace, ...key } = keyOf(each.object);
    for (const place of new Set([namespace, destinationNamespace, ""])) if (!provenance.has(keyText({ ...key, namespace: place })) || prepared.targets.has(keyText({ ...key, namespace: place }))) provenance.set(keyText({ ...key, namespace: place }), each.provenance);
  }
  return { prepared, provenance };
}

/** A set that was stored when it had proven itself, as if it had been rendered just now. */
export function storedState(ctx: Context, input: DesiredInput, set: { digest: string; sourceTypes: string[]; objects: KubeObject[] }): Desired {
  const { prepared, provenance } = prepare(ctx, input, set.objects.map((object) => ({ object, hash: "", provenance: undefined })));
  return { ...prepared, digest: set.digest, sources: input.sources, revisions: input.revisions, sourceTypes: set.sourceTypes, inputsKeys: [], provenance, warnings: [], basis: basisOf(input) };
}

/** What a person sends along instead of what Git has (`argocd app sync --local`): JSON objects. Throws where one is none. */
export function localState(ctx: Context, input: DesiredInput, manifests: readonly string[]): Desired {
  const objects = localObjects(manifests);
  const { prepared, provenance } = prepare(ctx, input, objects);
  return { ...prepared, digest: LOCAL, sources: input.sources, revisions: input.revisions, sourceTypes: [], inputsKeys: [], provenance, warnings: [], basis: "" };
}

/** Digest of what nobody has rendered. */
export const LOCAL = "local";

export function localObjects(manifests: readonly string[]): RenderedObject[] {
  return manifests.map((text, index) => {
    try {
      return { object: JSON.parse(text) as KubeObject, hash: "", provenance: undefined };
    } catch (cause) {
      throw new AppError(`Failed to load local manifests: manifest ${index} is not JSON`, { reason: "LocalManifestInvalid", code: Code.InvalidArgument, retry: "never", cause });
    }
  });
}

/** The render alone, raw: for the apply call, which needs what secrets really hold, and for the guard before a prune. */
export async function renderApp(ctx: Context, input: DesiredInput, knownDigest = ""): Promise<Rendered> {
  const { app, project, settings, live, trust } = input;
  const projectName = project.metadata.name ?? "default";
  const own = settings.repositories.all.filter((stored) => stored.repository.project === projectName).map((stored) => stored.repository.repo);
  for (const source of input.sources) {
    if (!isSourcePermitted(project.spec, source.repoURL, own)) throw new AppError(`application repo ${source.repoURL} is not permitted in project '${projectName}'`, { reason: "SourceNotPermitted", code: Code.PermissionDenied, retry: "never" });
  }
  const discovery = live.known ?? (await live.discovery({ signal: input.signal }));
  return render(ctx.repositories, {
    app: {
      namespace: app.metadata.namespace ?? "",
      name: app.metadata.name ?? "",
      instance: instanceName({ namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" }, input.controlPlaneNamespace),
      project: projectName,
      destinationNamespace: app.spec.destination.namespace ?? "",
    },
    sources: input.sources.map((source, index) => ({ source, access: repositoryAccess(settings.repositories.access(source.repoURL, projectName), trust), revision: input.revisions[index] ?? "" })),
    kubeVersion: discovery.serverVersion.gitVersion,
    apiVersions: apiVersionsOf(discovery),
    tools: renderTools(settings),
    extraRepositories: chartRepositories(projectName, settings, trust),
    ...(input.noCache === true && { noCache: true }),
    ...(input.noRevisionCache === true && { noRevisionCache: true }),
    knownDigest,
    signal: input.signal,
    deadlineMs: input.deadlineMs,
  });
}

/** The sources of an operation, and the revisions that it pins. */
export function operationSources(app: Application): { sources: ApplicationSource[]; revisions: string[]; many: boolean } {
  const sync = app.operation?.sync ?? app.status?.operationState?.operation.sync ?? {};
  const many = (sync.sources?.length ?? 0) > 0 || (sync.source === undefined && hasMultipleSources(app.spec));
  const sources = (sync.sources?.length ?? 0) > 0 ? sync.sources! : sync.source !== undefined && sync.source !== null ? [sync.source] : sourcesOf(app.spec);
  const revisions = many ? sources.map((_, index) => sync.revisions?.[index] ?? "") : [sync.revision ?? ""];
  return { sources, revisions, many };
}

/** `file:line`, the field's own line where it is known. */
export function placeOf(provenance: { file: string; line: number; fieldLinesJson: Buffer } | undefined, field = ""): string {
  if (provenance === undefined || provenance.file === "") return "";
  let { line } = provenance;
  if (field !== "" && provenance.fieldLinesJson.length > 0) {
    try {
      const lines = JSON.parse(provenance.fieldLinesJson.toString("utf8")) as Record<string, number>;
      for (let path = field; path !== ""; path = path.replace(/(?:\.[^.[\]]+|\[[^\]]*\]|^[^.[\]]+)$/, "")) {
        const found = lines[path];
        if (found !== undefined) {
          line = found;
          break;
        }
      }
    } catch {
      // Lines are a courtesy: the file and the document's line are still right.
    }
  }
  return line > 0 ? `${provenance.file}:${line}` : provenance.file;
}

const apiVersionsCache = new WeakMap<object, string[]>();

function apiVersionsOf(discovery: { resources: readonly { group: string; version: string; kind: string }[] }): string[] {
  let list = apiVersionsCache.get(discovery);
  if (list === undefined) {
    const found = new Set<string>();
    for (const { group, version, kind } of discovery.resources) {
      const groupVersion = group === "" ? version : `${group}/${version}`;
      found.add(groupVersion).add(`${groupVersion}/${kind}`);
    }
    list = [...found].sort();
    apiVersionsCache.set(discovery, list);
  }
  return list;
}

/** Kinds that the application brings itself: their scope is known before the cluster serves them. */
function definedKinds(objects: readonly RenderedObject[]): Map<string, boolean> {
  const kinds = new Map<string, boolean>();
  for (const { object } of objects) {
    const { group, kind } = gvkOf(object);
    if (group === "apiextensions.k8s.io" && kind === "CustomResourceDefinition") kinds.set(`${object.spec?.group}/${object.spec?.names?.kind}`, object.spec?.scope !== "Cluster");
  }
  return kinds;
}

/** All that the same objects are prepared differently by. */
export function basisOf({ app, settings, live, cluster, controlPlaneNamespace }: DesiredInput): string {
  return JSON.stringify([app.metadata.namespace, app.metadata.name, controlPlaneNamespace, app.spec.destination.namespace, cluster.server, settings.tracking, settings.config["resource.exclusions"], settings.config["resource.inclusions"], live.known?.resources.length]);
}

export const generatePathsAnnotation = (app: Application): string | undefined => app.metadata.annotations?.[Annotation.ManifestGeneratePaths];
