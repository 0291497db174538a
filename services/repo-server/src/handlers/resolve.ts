import type { repository as rpc } from "@trireme/rpc";
import type { Context } from "../context.ts";
import { type ResolvedRevision, resolveRevision } from "../revision/resolve.ts";
import { type AskedSource, askedSource } from "./requests.ts";

export function resolveHandler(ctx: Context): rpc.RepositoryHandlers["Resolve"] {
  return async (request, { signal }) => ({ revisions: await resolveAll(ctx, request.sources.map(askedSource), request.noRevisionCache, signal) });
}

/** All targets at one moment: each repository is asked once, whatever the number of its sources. */
export function resolveAll(ctx: Context, sources: readonly AskedSource[], noRevisionCache: boolean, signal: AbortSignal): Promise<ResolvedRevision[]> {
  return Promise.all(sources.map((asked) => resolveOne(ctx, asked, noRevisionCache, signal)));
}

async function resolveOne(ctx: Context, asked: AskedSource, noRevisionCache: boolean, signal: AbortSignal): Promise<ResolvedRevision> {
  if (asked.revision !== "") return { revision: asked.revision, ambiguousRevision: "" };
  const { targetRevision = "", tagPrefix = "" } = asked.source;
  return resolveRevision(ctx.git.open(asked.access), targetRevision, { maxAgeMs: noRevisionCache ? 0 : ctx.config.revisionCacheMs, tagPrefix, signal });
}
