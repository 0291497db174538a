import { byName, forApplication, type ApplicationCall } from "../application/access.ts";
import { appRequest, orCondition, ownerOf } from "../application/tree.ts";
import { unary, type Rpc } from "../rpc.ts";

/** What an application is releasing: its Rollouts as their controller sees them, for whoever may see the application. */
export const releaseService: Record<string, Rpc> = {
  Get: unary<ApplicationCall>(forApplication("get", byName), async (_request, { app, ctx, signal }) => {
    const { json } = await orCondition(app, "error getting releases", () => ownerOf(app, ctx).releases(appRequest(app), { signal }));
    return { rollouts: JSON.parse(String(json)) as unknown[] };
  }),
};
