import type { repository as rpc } from "@trireme/rpc";
import type { Context } from "../context.ts";
import { newestFirst } from "../source/helm-repository.ts";
import { isOci } from "../source/oci-registry.ts";
import { askedRepository } from "./requests.ts";

/** Every chart of a chart repository, newest version first. */
export function chartsHandler(ctx: Context): rpc.RepositoryHandlers["Charts"] {
  return async (request) => {
    const access = askedRepository(request.repository);
    // A registry has no list of its charts.
    if (isOci(access)) return { charts: [] };
    const index = await ctx.chartIndexes.get(access, ctx.config.revisionCacheMs);
    return { charts: [...index].map(([name, entries]) => ({ name, versions: newestFirst(entries.map(({ version }) => version)) })).sort((a, b) => (a.name < b.name ? -1 : 1)) };
  };
}
