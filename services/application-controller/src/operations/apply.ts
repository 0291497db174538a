import { gvkOf, type KubeObject } from "@trireme/api";
import { ResultCode } from "@trireme/api/argo";
import { Annotation, CLIENT_SIDE_MANAGER, clientSideApplyPatch, hasAnnotationOption, isCustomResourceDefinition, migrateManagersPatch, serverSideApply, withLastApplied, type SyncTask } from "@trireme/gitops";
import { isAlreadyExists, isAway, isNotFound, KindNotServedError, refOf, type KubeClient } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import { appliesOnServer, migratesClientSide } from "../applications/compare.ts";
import { isSecret, REDACTED } from "../clusters/redact.ts";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { ClusterSchemas } from "../clusters/schemas.ts";
import { missingKind } from "./missing-kind.ts";

export const FIELD_MANAGER = "argocd-controller";

export interface ApplyOptions {
  /** As whom the objects are written. */
  client: KubeClient;
  live: LiveCluster;
  schemas: ClusterSchemas;
  syncOptions: readonly string[];
  force: boolean;
  /** A cluster that does not answer is waited for by the caller. */
  patient: boolean;
  /** RFC3339. */
  now: string;
  /** What a Secret really holds; asked only for one that is written. */
  raw(target: KubeObject): Promise<KubeObject>;
  signal: AbortSignal;
}

export interface Applied {
  status: ResultCode;
  message: string;
}

/** Applies one object as Argo CD does: by client-side apply, by the server's where asked for, or by replacing. Throws only where the cluster is away and the caller is patient. */
export async function applyTask(task: SyncTask, options: ApplyOptions): Promise<Applied> {
  const { live } = options;
  const target = task.target!;
  try {
    const { object, word } = await write(task, target, options);
    if (object !== undefined) task.live = live.observe(object);
    if (isCustomResourceDefinition(target)) await live.established(target, options.signal);
    return { status: ResultCode.Synced, message: `${printedName(target)} ${word}` };
  } catch (thrown) {
    if (options.patient && isAway(thrown)) throw thrown;
    return { status: ResultCode.SyncFailed, message: failureText(thrown, task, live) };
  }
}

async function write(task: SyncTask, target: KubeObject, options: ApplyOptions): Promise<{ object?: KubeObject; word: string }> {
  const { client, syncOptions, signal } = options;
  const asks = (option: string) => [target, task.live].some((object) => hasAnnotationOption(object, Annotation.SyncOptions, option));
  const validation = syncOptions.includes("Validate=false") || hasAnnotationOption(target, Annotation.SyncOptions, "Validate=false") ? "Ignore" : "Strict";
  const settings = { fieldManager: FIELD_MANAGER, fieldValidation: validation, signal } as const;
  const force = options.force || asks("Force=true");

  if (syncOptions.includes("Replace=true") || asks("Replace=true")) return replace(task, await options.raw(target), force, options, settings);
  if (appliesOnServer(target, syncOptions)) {
    if (task.live !== undefined && !changesOnServer(task.live, target, options)) return { word: "serverside-applied" };
    await takeOverClientSide(task, options);
    return { object: await client.patch(refOf(target), "apply", await options.raw(target), { ...settings, force: true }), word: "serverside-applied" };
  }
  if (task.live === undefined) {
    try {
      return { object: await client.create(withLastApplied(await options.raw(target)), settings), word: "created" };
    } catch (thrown) {
      // Made a moment ago, perhaps by ourselves with an answer that was lost: it is there, and is brought to what it should be.
      const found = isAlreadyExists(thrown) ? await client.find(refOf(target), { signal }) : undefined;
      if (found === undefined) throw thrown;
      task.live = options.live.observe(found);
    }
  }

  const { patch, type } = clientSideApplyPatch(task.live, target, options.schemas.of(gvkOf(target)));
  if (Object.keys(patch).length === 0) return { word: "unchanged" };
  const body = isSecret(target) ? revealed(patch, await options.raw(target)) : patch;
  try {
    return { object: await client.patch(refOf(target), type, body, settings), word: "configured" };
  } catch (thrown) {
    // What went meanwhile is made; what cannot be changed in place is made anew where force allows it.
    if (isNotFound(thrown)) return { object: await client.create(withLastApplied(await options.raw(target)), settings), word: "created" };
    if (!force || !["Invalid", "Conflict"].includes(asAppError(thrown).reason)) throw thrown;
    return recreate(task, withLastApplied(await options.raw(target)), options, settings, "configured");
  }
}

async function replace(task: SyncTask, raw: KubeObject, force: boolean, options: ApplyOptions, settings: { fieldManager: string; fieldValidation: "Strict" | "Ignore"; signal: AbortSignal }): Promise<{ object: KubeObject; word: string }> {
  const { client } = options;
  if (task.live === undefined) return { object: await client.create(raw, settings), word: "created" };
  // Recreating these would take everything with them.
  const careful = isCustomResourceDefinition(raw) || raw.kind === "Namespace";
  if (force && !careful) return recreate(task, raw, options, settings, "replaced");
  const object = { ...raw, metadata: { ...raw.metadata, resourceVersion: task.live.metadata.resourceVersion! } };
  return { object: await client.update(object, settings), word: careful ? "updated" : "replaced" };
}

async function recreate(task: SyncTask, raw: KubeObject, options: ApplyOptions, settings: { fieldManager: string; fieldValidation: "Strict" | "Ignore"; signal: AbortSignal }, word: string): Promise<{ object: KubeObject; word: string }> {
  const { client, live, signal } = options;
  const ref = refOf(raw);
  const uid = task.live!.metadata.uid;
  await client.delete(ref, { propagationPolicy: "Background", ...(uid !== undefined && { preconditions: { uid } }), signal });
  await live.gone(task.live!, signal);
  return { object: await client.create(raw, settings), word };
}

/** Fields that `kubectl` style applies own become this manager's first, so that dropping them later removes them. */
async function takeOverClientSide(task: SyncTask, options: ApplyOptions): Promise<void> {
  if (task.live === undefined || !migratesClientSide(options.syncOptions)) return;
  const patch = migrateManagersPatch(task.live, { from: CLIENT_SIDE_MANAGER, to: FIELD_MANAGER });
  if (patch !== undefined) task.live = options.live.observe(await options.client.patch(refOf(task.live), "json", patch, { signal: options.signal }));
}

function changesOnServer(live: KubeObject, target: KubeObject, options: ApplyOptions): boolean {
  try {
    return serverSideApply({ live, config: target, manager: FIELD_MANAGER, force: true, now: options.now, schema: options.schemas.of(gvkOf(target)) }).changed;
  } catch {
    return true; // The server says what is wrong with it.
  }
}

/** A patch that was made of stand-ins, with the real values in their places. */
function revealed(patch: Record<string, any>, raw: KubeObject): Record<string, any> {
  const data: Record<string, string> = { ...raw["data"] };
  for (const [name, value] of Object.entries<unknown>(raw["stringData"] ?? {})) data[name] = Buffer.from(String(value)).toString("base64");
  const out = structuredClone(patch);
  for (const [name, value] of Object.entries<unknown>(out["data"] ?? {})) if (typeof value === "string" && (value.startsWith(REDACTED) || value === "")) out["data"][name] = data[name] ?? "";
  const annotations = out["metadata"]?.annotations;
  if (annotations?.[Annotation.LastApplied] !== undefined) annotations[Annotation.LastApplied] = withLastApplied(raw).metadata.annotations![Annotation.LastApplied];
  return out;
}

/** `deployment.apps/web`, as kubectl names an object it has written. */
export function printedName(object: KubeObject): string {
  const { group, kind } = gvkOf(object);
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${object.metadata.name}`;
}

function failureText(thrown: unknown, task: SyncTask, live: LiveCluster): string {
  const { message } = asAppError(thrown);
  if (thrown instanceof KindNotServedError) return missingKind(task.gvk, task.resultNamespace, task.key.name, live);
  if (message.includes("metadata.annotations: Too long: must have at most 262144 bytes")) return `${message} \n -Additional Info: This error usually means that you are trying to add a large resource on client side. Consider using Server-side apply or syncing with replace enabled. Note: Syncing with Replace enabled is potentially destructive as it may cause resource deletion and re-creation.`;
  return message;
}

