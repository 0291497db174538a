import type { Answer, ApiContext, Call } from "../server/context.ts";
import { resourceVersionTooLarge } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { mustFind, view, viewJson } from "./objects.ts";

/** GET of one object. */
export async function get(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const asked = Number(call.info.query.get("resourceVersion") ?? "0");
  if (asked > ctx.store.revision) throw resourceVersionTooLarge(asked, ctx.store.revision);
  const stored = mustFind(ctx, type, call.info.namespace, call.info.name);
  return { code: 200, object: view(stored, type), json: viewJson(stored, type), type };
}
