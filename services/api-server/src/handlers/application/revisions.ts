import type { Application, ApplicationSource } from "@trireme/api/argo";
import { sourcesOf } from "@trireme/gitops";
import { unknown } from "../../errors.ts";
import { projectNameOf } from "../../state/projects.ts";
import { accessOf } from "../../state/repository-access.ts";
import { unary } from "../rpc.ts";
import { forApplication, type ApplicationCall } from "./access.ts";

/** Author, date, tags and message of a commit of one of the application's sources. */
export const revisionMetadata = unary<ApplicationCall>(forApplication("get"), async (request, { app, project, ctx, signal }) => {
  const source = chosenSource(app, request);
  const repository = accessOf(ctx.settings.current().repositories.access(source.repoURL, projectNameOf(app)), ctx);
  const checkSignature = Boolean((project.spec as { signatureKeys?: unknown[] }).signatureKeys?.length);
  const { author, date, tags, message, signatureInfo } = await ctx.repo.revisionMetadata({ repository, revision: request.revision ?? "", checkSignature }, { signal });
  return { author, date, tags, message, signatureInfo };
});

/** What a chart says of itself; from its repository's index. */
export const revisionChartDetails = unary<ApplicationCall>(forApplication("get"), async (request, { app, ctx, signal }) => {
  const source = chosenSource(app, request);
  if (!source.chart) throw unknown(`no chart found for application: ${app.metadata.name}`, "InvalidSource");
  const repository = accessOf(ctx.settings.current().repositories.access(source.repoURL, projectNameOf(app)), ctx);
  const { author, message } = await ctx.repo.revisionMetadata({ repository, revision: request.revision ?? "", checkSignature: false }, { signal });
  return { description: message, maintainers: author === "" ? [] : [author] };
});

/** What an OCI artifact's annotations say of it. */
export const ociMetadata = unary<ApplicationCall>(forApplication("get"), async (request, { app, ctx, signal }) => {
  const source = chosenSource(app, request);
  const repository = accessOf(ctx.settings.current().repositories.access(source.repoURL, projectNameOf(app)), ctx);
  const { author, date, message } = await ctx.repo.revisionMetadata({ repository, revision: request.revision ?? "", checkSignature: false }, { signal });
  return { createdAt: date, authors: author, description: message };
});

/** The source that is meant: of the spec, or of a history entry; the first, or the one at `sourceIndex`. */
export function chosenSource(app: Application, request: { versionId?: number; sourceIndex?: number }): ApplicationSource {
  const sources = request.versionId === undefined || request.versionId === null ? sourcesOf(app.spec) : historySources(app, request.versionId);
  const index = request.sourceIndex ?? 0;
  const source = sources[index];
  if (source === undefined) throw unknown(`error getting app source by source index and version ID: source index ${index} not found because there ${sources.length === 1 ? "is only 1 source" : `are only ${sources.length} sources`}`, "InvalidSource");
  return source;
}

function historySources(app: Application, id: number): ApplicationSource[] {
  const history = app.status?.history ?? [];
  const entry = history.find((one) => (one.id ?? 0) === id);
  if (entry === undefined) throw unknown(`error getting app source by source index and version ID: error getting source by version ID: ${history.length === 0 ? `version ID ${id} not found because the app has no history` : `revision history not found for version ID ${id}`}`, "UnknownHistoryEntry");
  return entry.sources?.length ? entry.sources : entry.source ? [entry.source] : [];
}
