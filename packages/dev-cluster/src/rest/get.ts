import type { Answer, ApiContext, Call } from "../server/context.ts";
import { resourceVersionTooLarge, StatusError } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { mustFind, view, viewJson } from "./objects.ts";

/** GET of one object. */
export async function get(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const version = call.info.query.get("resourceVersion") || "0";
  if (!/^\d+$/.test(version)) throw new StatusError(500, "", `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  const asked = Number(version);
  if (asked > ctx.store.revision) throw resourceVersionTooLarge(asked, ctx.store.revision);
  const stored = mustFind(ctx, type, call.info.namespace, call.info.name);
  return { code: 200, object: view(stored, type), json: viewJson(stored, type), type };
}
