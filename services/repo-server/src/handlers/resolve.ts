import type { repository as rpc } from "@trireme/rpc";
import type { Context } from "../context.ts";
import { resolveAll } from "./open-source.ts";
import { askedSource } from "./requests.ts";

export function resolveHandler(ctx: Context): rpc.RepositoryHandlers["Resolve"] {
  return async (request, { signal }) => ({ revisions: await resolveAll(ctx, request.sources.map(askedSource), request.noRevisionCache, signal) });
}
