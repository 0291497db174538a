import type { KubeObject } from "@trireme/api";
import { trackUpdate } from "../rest/field-manager.ts";
import { decodeBody } from "../rest/body.ts";
import { patchedObject } from "../rest/patch.ts";
import { copyOf, mustFind, save, sameJson, view } from "../rest/objects.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { conflict, MODIFIED } from "../server/status-error.ts";
import type { SpecialHandler } from "../server/router.ts";
import type { ResourceType } from "../types/resource-type.ts";

/** GET, PUT and PATCH of a subresource that changes one part of the object and nothing else. */
export function partialUpdate(merge: (object: KubeObject, old: KubeObject) => KubeObject): SpecialHandler {
  return async (call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> => {
    const stored = mustFind(ctx, type, call.info.namespace, call.info.name);
    const old = view(stored, type);
    if (call.info.verb === "get") return { code: 200, object: old, type };
    const sent = call.info.verb === "patch" ? patchedObject(old, call, type, ctx) : decodeBody(call, type, ctx);
    if (sent.metadata.resourceVersion && sent.metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(type, call.info.name, MODIFIED);
    const merged = trackUpdate(ctx, type, old, merge(copyOf(sent), copyOf(old)), call);
    if (sameJson(merged, old)) return { code: 200, object: old, type };
    if (!sameJson(merged.spec, old.spec) && old.metadata.generation !== undefined) merged.metadata = { ...merged.metadata, generation: old.metadata.generation + 1 };
    return { code: 200, object: view(save(ctx, type, merged), type), type };
  };
}
