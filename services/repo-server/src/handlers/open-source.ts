import { displayUrl, type RepositoryAccess } from "@trireme/git";
import { AppError, asAppError, Code } from "@trireme/runtime";
import type { Context } from "../context.ts";
import type { OpenSource } from "../render/render-source.ts";
import { resolveRevision, type ResolvedRevision } from "../revision/resolve.ts";
import { ArchiveTree, readTarGzip } from "../source/archive-tree.ts";
import { downloadChart, resolveChartVersion } from "../source/helm-repository.ts";
import type { AskedSource } from "./requests.ts";

/** All targets at one moment: each repository is asked once, whatever the number of its sources. */
export function resolveAll(ctx: Context, sources: readonly AskedSource[], noRevisionCache: boolean, signal: AbortSignal): Promise<ResolvedRevision[]> {
  return Promise.all(sources.map((asked) => resolveOne(ctx, asked, noRevisionCache, signal)));
}

async function resolveOne(ctx: Context, asked: AskedSource, noRevisionCache: boolean, signal: AbortSignal): Promise<ResolvedRevision> {
  if (asked.revision !== "") return { revision: asked.revision, ambiguousRevision: "" };
  const { targetRevision = "", tagPrefix = "", chart = "" } = asked.source;
  if (chart !== "") {
    refuseOci(asked.access);
    const index = await ctx.chartIndexes.get(asked.access, noRevisionCache ? 0 : ctx.config.revisionCacheMs);
    const { version } = resolveChartVersion(index, chart, targetRevision, asked.access.url);
    return { revision: version, ambiguousRevision: `${targetRevision} (${version})` };
  }
  return resolveRevision(ctx.git.open(asked.access), targetRevision, { maxAgeMs: noRevisionCache ? 0 : ctx.config.revisionCacheMs, tagPrefix, signal });
}

/** What a source holds at its revision. */
export async function openSource(ctx: Context, { access, source }: Pick<AskedSource, "access" | "source">, revision: string, signal: AbortSignal): Promise<OpenSource> {
  if (source.chart) return openChart(ctx, access, source, revision, signal);
  const repository = ctx.git.open(access);
  ctx.events.pending(repository.url, 1);
  try {
    const commit = revision.length === 40 ? revision : ((await repository.commitsStartingWith(revision, signal))[0] ?? revision);
    return { access, source, revision: commit, content: { kind: "git", snapshot: await repository.snapshot(commit, signal) } };
  } catch (thrown) {
    throw fetchFailure(repository.url, revision, thrown);
  } finally {
    ctx.events.pending(repository.url, -1);
  }
}

/** The server's words, with the repository and what was wanted of it. */
function fetchFailure(url: string, revision: string, thrown: unknown): AppError {
  const error = asAppError(thrown);
  if (error.code === Code.Canceled || error.reason === "RevisionNotFound") return error;
  const where = error.message.includes(url) ? "" : ` (${url})`;
  return new AppError(`failed to fetch ${revision}: ${error.message}${where}`, { reason: error.reason, code: error.code, retry: error.retry, cause: error, details: { ...error.details, repository: url, revision } });
}

async function openChart(ctx: Context, access: RepositoryAccess, source: OpenSource["source"], version: string, signal: AbortSignal): Promise<OpenSource> {
  refuseOci(access);
  const name = source.chart!;
  const index = await ctx.chartIndexes.get(access, ctx.config.revisionCacheMs);
  const entry = resolveChartVersion(index, name, version, access.url);
  const packed = await ctx.charts.get(access, name, entry, () => downloadChart(access, entry, source.helm?.passCredentials === true, ctx.config.gitRequestTimeoutMs, signal));
  const files = readTarGzip(packed.bytes, `chart ${name} ${entry.version}`, ctx.config.maxChartBytes);
  const folder = files[0]?.path.split("/")[0] ?? name;
  return { access, source, revision: entry.version, content: { kind: "chart", tree: new ArchiveTree(files), folder, digest: packed.digest } };
}

function refuseOci(access: RepositoryAccess): void {
  if (access.enableOci !== true && !access.url.startsWith("oci://")) return;
  throw new AppError(`${displayUrl(access.url)}: charts from OCI registries are not fetched by this version`, { reason: "SourceTypeUnsupported", code: Code.Unimplemented, retry: "never" });
}
