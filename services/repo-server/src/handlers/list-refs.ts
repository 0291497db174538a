import { branchesOf, tagsOf } from "@trireme/git";
import type { repository as rpc } from "@trireme/rpc";
import type { Context } from "../context.ts";
import { listedRefs } from "../revision/resolve.ts";
import { askedRepository } from "./requests.ts";

export function listRefsHandler(ctx: Context): rpc.RepositoryHandlers["ListRefs"] {
  return async (request, { signal }) => {
    const refs = await listedRefs(ctx.git.open(askedRepository(request.repository)), { maxAgeMs: ctx.config.revisionCacheMs, signal });
    return { branches: branchesOf(refs), tags: tagsOf(refs) };
  };
}
