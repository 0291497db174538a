import { stream } from "../../rpc.ts";
import { byApplicationName, forApplication, type ApplicationCall } from "../access.ts";
import { appRequest, ownerOf, type Tree } from "./tree.ts";

/** The tree now, and again whenever it changed. */
export const watchResourceTree = stream<ApplicationCall>(forApplication("get", byApplicationName), async function* (_request, { app, ctx, signal }) {
  for await (const chunk of ownerOf(app, ctx).watchTree(appRequest(app), { signal, deadlineMs: Infinity })) yield JSON.parse(String(chunk.json)) as Tree;
});
