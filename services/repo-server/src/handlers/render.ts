import { displayUrl, repositoryKey } from "@trireme/git";
import type { Input, repository as rpc } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import { sha256 } from "../canonical-json.ts";
import type { Context } from "../context.ts";
import { type OpenSource, type RefSources, type RenderParameters, renderSource, type SourceRender } from "../render/render-source.ts";
import type { RecordedInput } from "../source/inputs.ts";
import { openSource, resolveAll } from "./open-source.ts";
import { askedRepository, askedSource, isRefOnly, toolParameters } from "./requests.ts";

/** Objects of one message together, in bytes. */
const MESSAGE_BYTES = 1024 * 1024;

export function renderHandler(ctx: Context): rpc.RepositoryHandlers["Render"] {
  return async function* (request, { signal }): AsyncGenerator<Input<rpc.RenderResponse>> {
    const { revisions, renders, inputsKeys } = await renderAll(ctx, request, signal);
    const objects = renders.flatMap((render, sourceIndex) => (render?.set.objects ?? []).map((object) => ({ object, sourceIndex })));
    const digest = sha256(...objects.map(({ object }) => `${object.hash}\n`));
    const unchanged = request.knownDigest !== "" && request.knownDigest === digest;
    const sources = renders.map((render, index) => ({ revision: revisions[index]!, sourceType: render?.set.type ?? "", commands: render?.set.commands ?? [], inputsKey: inputsKeys[index]!, warnings: render?.set.warnings ?? [] }));
    yield { part: "header", header: { sources, digest, unchanged, objectCount: objects.length } };
    if (unchanged) return;

    let batch: Input<rpc.RenderedObject>[] = [];
    let bytes = 0;
    for (const { object, sourceIndex } of objects) {
      const json = Buffer.from(object.json);
      const fieldLinesJson = Buffer.from(object.fieldLines);
      batch.push({ json, hash: object.hash, provenance: { sourceIndex, file: object.file, document: object.document, line: object.line, fieldLinesJson } });
      bytes += json.length + fieldLinesJson.length;
      if (bytes < MESSAGE_BYTES) continue;
      yield { part: "objects", objects: { objects: batch } };
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield { part: "objects", objects: { objects: batch } };
  };
}

interface AllRenders {
  revisions: string[];
  /** One for each source; undefined where it only lends its files. */
  renders: (SourceRender | undefined)[];
  inputsKeys: string[];
}

/** Every source at the revisions of one moment. */
async function renderAll(ctx: Context, request: rpc.RenderRequest, signal: AbortSignal): Promise<AllRenders> {
  const asked = request.sources.map(askedSource);
  if (asked.length === 0) throw new AppError("the request has no source", { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
  const resolved = await resolveAll(ctx, asked, request.noRevisionCache, signal);
  const parameters: RenderParameters = {
    appName: request.appName,
    instanceName: request.instanceName,
    project: request.project,
    destinationNamespace: request.destinationNamespace,
    kubeVersion: request.kubeVersion,
    apiVersions: request.apiVersions,
    tools: toolParameters(request.tools, ctx.config),
    noCache: request.noCache,
    extraRepositories: request.extraRepositories.map((access) => askedRepository(access)),
    permittedHelmRepositories: request.helmRepositoriesPermitted,
  };
  const sources = await Promise.all(asked.map((one, index) => openSource(ctx, one, resolved[index]!.revision, signal)));
  const refs: RefSources = new Map(sources.flatMap(({ access, source, content }) => (source.ref && content.kind === "git" ? [[source.ref, { access, snapshot: content.snapshot }]] : [])));
  const renders = await Promise.all(sources.map((source) => (isRefOnly(source.source) ? Promise.resolve(undefined) : timed(ctx, source, refs, parameters, signal))));
  const inputsKeys = await Promise.all(sources.map((source, index) => inputsKeyOf(ctx, source, renders[index], renders)));
  return { revisions: sources.map(({ revision }) => revision), renders, inputsKeys };
}

/** A source that lends files answers for what was read of them, beside what it renders itself. */
async function inputsKeyOf(ctx: Context, { access, source }: OpenSource, own: SourceRender | undefined, renders: readonly (SourceRender | undefined)[]): Promise<string> {
  if (!source.ref) return own?.inputsKey ?? "";
  const url = repositoryKey(access.url);
  const entries = new Map<string, RecordedInput>();
  for (const render of renders) {
    const inputs = render && (await ctx.cache.inputs(render.inputsKey));
    for (const entry of inputs?.entries ?? []) {
      const lent = entry.repository > 0 && inputs!.repositories[entry.repository] === url;
      if (lent || render === own) entries.set(`${entry.kind}:${entry.path}`, { ...entry, repository: 0 });
    }
  }
  return ctx.cache.addInputs({ repositories: [url], entries: [...entries.values()] });
}

/** A store that proves to be broken while it is read is left for a new one, and the source is opened again. */
async function onSoundStore<T>(ctx: Context, source: OpenSource, work: (source: OpenSource) => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work(source);
  } catch (error) {
    if (!(error instanceof AppError) || (error.reason !== "GitStoreCorrupt" && error.reason !== "GitObjectMissing")) throw error;
    ctx.log.warn({ repository: displayUrl(source.access.url), error }, "the store is broken; fetching anew");
    ctx.git.open(source.access).startAnew();
    return work(await openSource(ctx, source, source.revision, signal));
  }
}

async function timed(ctx: Context, source: OpenSource, refs: RefSources, parameters: RenderParameters, signal: AbortSignal): Promise<SourceRender> {
  const started = performance.now();
  const render = await onSoundStore(ctx, source, (sound) => renderSource(sound, refs, parameters, ctx, signal), signal);
  ctx.events.rendered({ app: parameters.instanceName, type: render.set.type, revision: source.revision, cached: render.cached, objects: render.set.objects.length, ms: Math.round(performance.now() - started) });
  return render;
}
