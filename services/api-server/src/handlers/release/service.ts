import { byName, forApplication, type ApplicationCall } from "../application/access.ts";
import { appRequest, orCondition, ownerOf } from "../application/resources/tree.ts";
import { unary, type Rpc } from "../rpc.ts";
import { undoRollout } from "./undo.ts";

/**
 * What an application is releasing: its Rollouts as their controller sees them, and which rendered sets have held or are
 * quarantined, for whoever may see the application. A quarantine is lifted by whoever may sync it; a Rollout goes back to
 * an earlier revision for whoever may update it.
 */
export const releaseService: Record<string, Rpc> = {
  Get: unary<ApplicationCall>(forApplication("get", byName), async (_request, { app, ctx, signal }) => {
    const { json } = await orCondition(app, "error getting releases", () => ownerOf(app, ctx).releases(appRequest(app), { signal }));
    return JSON.parse(String(json)) as object;
  }),
  LiftQuarantine: unary<ApplicationCall>(forApplication("sync", byName), async (request, { app, ctx, caller, signal }) => {
    const { json } = await ownerOf(app, ctx).liftQuarantine({ app: appRequest(app), digest: request.digest ?? "" }, { signal });
    ctx.log.info({ app: `${app.metadata.namespace}/${app.metadata.name}`, user: caller.username, digest: request.digest ?? "all" }, "quarantine lifted");
    return JSON.parse(String(json)) as object;
  }),
  Undo: undoRollout,
};
