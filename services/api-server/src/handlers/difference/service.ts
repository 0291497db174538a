import type { clusters } from "@trireme/rpc";
import { byName, forApplication, type ApplicationCall } from "../application/access.ts";
import { appRequest, orCondition, ownerOf } from "../application/resources/tree.ts";
import { unary, type Rpc } from "../rpc.ts";

/** What differs between Git, or an entry of the history, and the cluster, for whoever may see the application. Secrets were masked by the controller. */
export const differenceService: Record<string, Rpc> = {
  List: unary<ApplicationCall>(forApplication("get", byName), async (_request, { app, ctx, signal }) => {
    return { items: await orCondition(app, "error getting differences", () => collected(ownerOf(app, ctx).differences(appRequest(app), { signal }))) };
  }),
  ListRollback: unary<ApplicationCall>(forApplication("get", byName), async (request, { app, ctx, signal }) => {
    return { items: await collected(ownerOf(app, ctx).rollbackDifferences({ app: appRequest(app), historyId: Number(request.id ?? 0) }, { signal })) };
  }),
};

async function collected(chunks: AsyncIterable<clusters.JsonChunk>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const { json } of chunks) items.push(JSON.parse(String(json)));
  return items;
}
