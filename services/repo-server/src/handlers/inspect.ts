import { repositoryKey } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import type { Context } from "../context.ts";
import { inspectChart } from "../render/inspect-chart.ts";
import { describeSource, type OpenSource, type RefSources, type RenderParameters, renderSource } from "../render/render-source.ts";
import { openSource, resolveAll } from "./open-source.ts";
import { type AskedSource, askedSource, toolParameters } from "./requests.ts";

/** What a path is and which parameters it takes, in the words of Argo CD's application details. */
export function inspectHandler(ctx: Context): rpc.RepositoryHandlers["Inspect"] {
  return async (request, { signal }) => {
    if (request.source === null) throw new AppError("the request has no source", { reason: "InvalidSource", code: Code.InvalidArgument, retry: "never" });
    const asked = [askedSource(request.source), ...request.refSources.map(askedSource)];
    const resolved = await resolveAll(ctx, asked, request.noCache || request.noRevisionCache, signal);
    const [own, ...lenders] = await Promise.all(asked.map((one, index) => openSource(ctx, one, resolved[index]!.revision, signal)));
    const refs: RefSources = new Map(lenders.flatMap(({ access, source, content }) => (source.ref && content.kind === "git" ? [[source.ref, { access, snapshot: content.snapshot }]] : [])));
    const parameters = inspectParameters(ctx, request, asked[0]!);
    const { type, details } = await inspect(ctx, own!, refs, parameters, signal);
    return { type, detailsJson: Buffer.from(JSON.stringify(details)), revision: own!.revision };
  };
}

async function inspect(ctx: Context, open: OpenSource, refs: RefSources, parameters: RenderParameters, signal: AbortSignal): Promise<{ type: string; details: Record<string, unknown> }> {
  const described = describeSource(open, refs, parameters);
  switch (described.type) {
    case "Helm":
      return { type: described.type, details: { helm: inspectChart(described.tree, described.path, described.source.helm ?? {}, { refs: described.refs, env: described.env, schemes: parameters.tools.helmValuesFileSchemes ?? ["https", "http"] }) } };
    case "Kustomize": {
      const { set } = await renderSource(open, refs, parameters, ctx, signal);
      const images = set.objects.flatMap(({ json }) => imagesOf(JSON.parse(json))).sort();
      return { type: described.type, details: { kustomize: images.length === 0 ? {} : { images } } };
    }
    default:
      return { type: described.type, details: {} };
  }
}

function inspectParameters(ctx: Context, request: rpc.InspectRequest, asked: AskedSource): RenderParameters {
  return {
    appName: request.appName,
    instanceName: request.appName,
    project: "",
    destinationNamespace: "",
    kubeVersion: "",
    apiVersions: [],
    tools: toolParameters(request.tools, ctx.config),
    noCache: request.noCache,
    extraRepositories: request.refSources.map((one) => askedSource(one).access).filter(({ url }) => repositoryKey(url) !== repositoryKey(asked.access.url)),
    permittedHelmRepositories: [],
  };
}

/** Every container's image, wherever the object keeps its containers. */
function imagesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesOf);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    if ((key !== "containers" && key !== "initContainers") || !Array.isArray(child)) return imagesOf(child);
    return child.flatMap((container: { image?: unknown } | null) => (typeof container?.image === "string" ? [container.image] : []));
  });
}
