import type { repository as rpc } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import { displayUrl } from "@trireme/git";
import type { Context } from "../context.ts";
import { newestFirst } from "../source/helm-repository.ts";
import { isOci } from "../source/oci-registry.ts";
import { askedRepository } from "./requests.ts";

/** Versions of an artefact in a registry, asked of it now. */
export function tagsHandler(ctx: Context): rpc.RepositoryHandlers["Tags"] {
  return async (request, { signal }) => {
    const access = askedRepository(request.repository);
    if (!isOci(access) && !IN_A_REGISTRY.test(access.url)) throw new AppError(`${displayUrl(access.url)} is not in an OCI registry`, { reason: "InvalidRepositoryURL", code: Code.InvalidArgument, retry: "never" });
    return { tags: newestFirst(await ctx.registry.versions(access, request.chart, signal)) };
  };
}

/** An artefact that nobody connected is written without a scheme, as no other repository can be. */
const IN_A_REGISTRY = /^[\w.-]+(?::\d+)?\//;
