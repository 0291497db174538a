import type { KubeObject } from "@trireme/api";
import type { SyncPhase } from "@trireme/api/argo";
import { Annotation, Finalizer, annotationOptions } from "./annotations.ts";

export type HookType = SyncPhase | "Skip" | "PreDelete" | "PostDelete";
export type HookDeletePolicy = "HookSucceeded" | "HookFailed" | "BeforeHookCreation";

const HOOK_TYPES: readonly string[] = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete"];
const SYNC_PHASES: readonly string[] = ["PreSync", "Sync", "PostSync", "SyncFail"];
const HELM_HOOKS: Record<string, HookType> = { "pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync", "post-upgrade": "PostSync", "pre-delete": "PreDelete", "post-delete": "PostDelete" };
const HELM_POLICIES: Record<string, HookDeletePolicy> = { "hook-succeeded": "HookSucceeded", "hook-failed": "HookFailed", "before-hook-creation": "BeforeHookCreation" };

/** What an object is for: its hook types, Argo's first, Helm's only where Argo's name none. */
export function hookTypes(object: KubeObject): HookType[] {
  const own = annotationOptions(object, Annotation.Hook).filter((type) => HOOK_TYPES.includes(type)) as HookType[];
  if (own.length > 0) return own;
  return [...new Set(annotationOptions(object, Annotation.HelmHook).flatMap((name) => (HELM_HOOKS[name] === undefined ? [] : [HELM_HOOKS[name]])))];
}

/** True for an object that only runs in phases and is never compared. A lone `Skip` is not one. */
export function isHook(object: KubeObject): boolean {
  const types = hookTypes(object);
  if (types.length > 0) return !(types.length === 1 && types[0] === "Skip");
  return false;
}

export function isSkipped(object: KubeObject): boolean {
  const types = hookTypes(object);
  return types.length === 1 && types[0] === "Skip";
}

/** An object that names a hook nobody knows: left alone altogether, neither applied nor compared. */
export function isIgnored(object: KubeObject): boolean {
  if (hookTypes(object).length > 0) return false;
  if (annotationOptions(object, Annotation.Hook).length > 0) return true;
  const helm = annotationOptions(object, Annotation.HelmHook);
  return helm.length > 0 && !helm.includes("crd-install");
}

/** Phases of the sync in which an object takes part; a plain object in `Sync` alone. */
export function syncPhases(object: KubeObject): SyncPhase[] {
  if (isSkipped(object)) return [];
  if (!isHook(object)) return ["Sync"];
  return [...new Set(hookTypes(object).filter((type): type is SyncPhase => SYNC_PHASES.includes(type)))];
}

export const hasHookType = (object: KubeObject, type: HookType): boolean => hookTypes(object).includes(type);

/** When a hook's object goes; the default makes room before the next run. */
export function hookDeletePolicies(object: KubeObject): HookDeletePolicy[] {
  const own = annotationOptions(object, Annotation.HookDeletePolicy).filter((name) => Object.values(HELM_POLICIES).includes(name as HookDeletePolicy)) as HookDeletePolicy[];
  const helm = annotationOptions(object, Annotation.HelmHookDeletePolicy).flatMap((name) => (HELM_POLICIES[name] === undefined ? [] : [HELM_POLICIES[name]]));
  const policies = [...new Set([...own, ...helm])];
  return policies.length > 0 ? policies : ["BeforeHookCreation"];
}

export function hasHookFinalizer(object: KubeObject): boolean {
  return object.metadata.finalizers?.includes(Finalizer.Hook) ?? false;
}

/** The wave of an object: Argo's annotation, else Helm's hook weight, else 0. */
export function waveOf(object: KubeObject): number {
  for (const name of [Annotation.SyncWave, Annotation.HelmHookWeight]) {
    const text = object.metadata.annotations?.[name];
    if (typeof text === "string" && /^[+-]?\d{1,9}$/.test(text.trim())) return Number(text.trim());
  }
  return 0;
}

/** A hook as it is created: a name for `generateName`, and the finalizer that keeps it until its result was read. */
export function hookTarget(object: KubeObject, phase: SyncPhase, revision: string, startedAt: string): KubeObject {
  const { generateName, ...metadata } = object.metadata;
  const suffix = `${revision.length >= 8 ? revision.slice(0, 7) : revision}-${phase}-${Math.floor(Date.parse(startedAt) / 1000)}`.toLowerCase();
  const name = metadata.name !== undefined && metadata.name !== "" ? metadata.name : `${generateName ?? ""}${suffix}`;
  const finalizers = hasHookFinalizer(object) ? metadata.finalizers! : [...(metadata.finalizers ?? []), Finalizer.Hook];
  return { ...object, metadata: { ...metadata, ...(generateName !== undefined && { generateName }), name, finalizers } };
}
