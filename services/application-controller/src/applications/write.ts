import type { Application } from "@trireme/api/argo";
import { Annotation, mergePatch } from "@trireme/gitops";
import { isConflict, isNotFound, refOf, type KubeClient } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime";
import type { ControlPlane } from "../control-plane/objects.ts";

/** The object changed under a decision: look again and decide again. */
export class LostRaceError extends AppError {
  override readonly name = "LostRaceError";
  readonly fresh: Application | undefined;

  constructor(app: Application, fresh: Application | undefined) {
    super(`${app.metadata.namespace}/${app.metadata.name} changed meanwhile`, { reason: "LostRace", code: Code.Aborted, retry: "now" });
    this.fresh = fresh;
  }
}

/**
 * Brings `next`'s status, operation and refresh request to the API server, as a merge patch that holds only what
 * differs from `base` and only where `base` is still what is stored. Nothing differs: nothing is sent.
 * Throws LostRaceError with what is stored now.
 */
export async function writeApp(client: KubeClient, plane: ControlPlane, base: Application, next: Application, signal?: AbortSignal): Promise<Application> {
  const body = patchOf(base, next);
  if (body === undefined) return base;
  const patch = { metadata: { resourceVersion: base.metadata.resourceVersion }, ...(body as object) } as Record<string, any>;
  const annotations = annotationPatch(base, next);
  if (annotations !== undefined) patch["metadata"].annotations = annotations;
  try {
    const stored = await client.patch<Application>(refOf(base), "merge", patch, { ...(signal && { signal }) });
    plane.observe(stored);
    return stored;
  } catch (error) {
    if (isNotFound(error)) throw new LostRaceError(base, undefined);
    if (!isConflict(error)) throw error;
    const fresh = await client.find<Application>(refOf(base), { ...(signal && { signal }) });
    if (fresh !== undefined) plane.observe(fresh);
    throw new LostRaceError(base, fresh?.metadata.uid === base.metadata.uid ? fresh : undefined);
  }
}

function patchOf(base: Application, next: Application): unknown {
  const change = mergePatch({ status: base.status ?? {}, operation: base.operation ?? null }, { status: next.status ?? {}, operation: next.operation ?? null }) as Record<string, unknown> | undefined;
  if (change === undefined && annotationPatch(base, next) === undefined) return undefined;
  return change ?? {};
}

function annotationPatch(base: Application, next: Application): Record<string, null> | undefined {
  const handled = [Annotation.Refresh].filter((name) => base.metadata.annotations?.[name] !== undefined && next.metadata.annotations?.[name] === undefined);
  return handled.length > 0 ? Object.fromEntries(handled.map((name) => [name, null])) : undefined;
}
