import type { RepositoryAccess } from "@trireme/git";
import { AppError, asAppError, Code } from "@trireme/runtime";
import type { Context } from "../context.ts";
import type { OpenSource } from "../render/render-source.ts";
import { resolveRevision, type ResolvedRevision } from "../revision/resolve.ts";
import { ArchiveTree, readTarGzip } from "../source/archive-tree.ts";
import { downloadChart, resolveChartVersion } from "../source/helm-repository.ts";
import { isOci } from "../source/oci-registry.ts";
import type { AskedSource } from "./requests.ts";

/** All targets at one moment: each repository is asked once, whatever the number of its sources. */
export function resolveAll(ctx: Context, sources: readonly AskedSource[], noRevisionCache: boolean, signal: AbortSignal): Promise<ResolvedRevision[]> {
  return Promise.all(sources.map((asked) => resolveOne(ctx, asked, noRevisionCache, signal)));
}

async function resolveOne(ctx: Context, asked: AskedSource, noRevisionCache: boolean, signal: AbortSignal): Promise<ResolvedRevision> {
  if (asked.revision !== "") return { revision: asked.revision, ambiguousRevision: "" };
  const { targetRevision = "", tagPrefix = "", chart = "" } = asked.source;
  if (chart !== "") {
    if (isOci(asked.access)) {
      const tag = await ctx.registry.resolve(asked.access, chart, targetRevision, signal);
      return { revision: tag, ambiguousRevision: `${targetRevision} (${tag})` };
    }
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
  const name = source.chart!;
  const { revision, bytes, digest } = isOci(access) ? await fromRegistry(ctx, access, name, version, signal) : await fromRepository(ctx, access, source, version, signal);
  const files = readTarGzip(bytes, `chart ${name} ${revision}`, ctx.config.maxChartBytes);
  const folder = files[0]?.path.split("/")[0] ?? name;
  return { access, source, revision, content: { kind: "chart", tree: new ArchiveTree(files), folder, digest } };
}

interface PackedChart {
  revision: string;
  bytes: Buffer;
  digest: string;
}

async function fromRepository(ctx: Context, access: RepositoryAccess, source: OpenSource["source"], version: string, signal: AbortSignal): Promise<PackedChart> {
  const index = await ctx.chartIndexes.get(access, ctx.config.revisionCacheMs);
  const entry = resolveChartVersion(index, source.chart!, version, access.url);
  const chart = await ctx.charts.get(access, source.chart!, entry, () => downloadChart(access, entry, source.helm?.passCredentials === true, ctx.config.gitRequestTimeoutMs, signal));
  return { revision: entry.version, ...chart };
}

async function fromRegistry(ctx: Context, access: RepositoryAccess, name: string, version: string, signal: AbortSignal): Promise<PackedChart> {
  const { digest, fetch } = await ctx.registry.chart(access, name, version, ctx.config.maxChartBytes, signal);
  return { revision: version, ...(await ctx.charts.get(access, name, { version, digest }, fetch)) };
}
