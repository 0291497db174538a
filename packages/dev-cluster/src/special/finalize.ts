import { decodeBody } from "../rest/body.ts";
import { finishDeletion } from "../rest/delete.ts";
import { copyOf, mustFind, sameJson, save, view } from "../rest/objects.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { conflict, MODIFIED } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

/** PUT of `namespaces/<name>/finalize`: the only way to take the namespace's own finalizers off; the last one ends it. */
export async function finalizeNamespace(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const sent = decodeBody(call, type, ctx);
  const stored = mustFind(ctx, type, "", call.info.name);
  const old = view(stored, type);
  if (sent.metadata.resourceVersion && sent.metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(type, call.info.name, MODIFIED);
  const object = copyOf(old);
  const finalizers: string[] = sent.spec?.finalizers ?? [];
  object.spec = finalizers.length > 0 ? { ...object.spec, finalizers } : {};
  if (sameJson(object, old)) return { code: 200, object: old, type };
  if (object.metadata.deletionTimestamp && finalizers.length === 0 && (object.metadata.finalizers ?? []).length === 0) {
    finishDeletion(ctx, type, old);
    return { code: 200, object, type };
  }
  return { code: 200, object: save(ctx, type, object).object, type };
}
