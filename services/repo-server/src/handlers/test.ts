import type { repository as rpc } from "@trireme/rpc";
import { AppError, asAppError } from "@trireme/runtime";
import type { Context } from "../context.ts";
import { isOci } from "../source/oci-registry.ts";
import { askedRepository } from "./requests.ts";

/** Asks the server now, with these credentials; nothing that is known counts. */
export function testHandler(ctx: Context): rpc.RepositoryHandlers["Test"] {
  return async (request, { signal }) => {
    const access = askedRepository(request.repository);
    if (isOci(access)) {
      await ctx.registry.test(access, signal);
      return {};
    }
    if (access.type === "helm") {
      await ctx.chartIndexes.get(access, 0);
      return {};
    }
    const repository = ctx.git.open(access);
    try {
      await repository.refs({ signal });
    } catch (thrown) {
      const error = asAppError(thrown);
      throw new AppError(`unable to ls-remote HEAD on repository: failed to list refs: ${error.message}`, { reason: error.reason, code: error.code, retry: error.retry, cause: error, details: { ...error.details, repository: repository.url } });
    }
    return {};
  };
}
