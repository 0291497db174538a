import { unary } from "../../rpc.ts";
import { byApplicationName, forApplication, type ApplicationCall } from "../access.ts";
import { knownTree } from "./tree.ts";

/** The tree of live resources; while the controller is away the last known one, marked by a header that says since when. */
export const resourceTree = unary<ApplicationCall>(forApplication("get", byApplicationName), async (_request, { app, ctx, signal, call }) => {
  const { tree, at, stale } = await knownTree(app, ctx, signal);
  if (stale) call.setHeader("trireme-stale-since", new Date(at).toISOString());
  return tree;
});
