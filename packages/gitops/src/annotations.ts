/** Names that clients and manifests know; compared exactly. */
export const Annotation = {
  Refresh: "argocd.argoproj.io/refresh",
  Hydrate: "argocd.argoproj.io/hydrate",
  ManifestGeneratePaths: "argocd.argoproj.io/manifest-generate-paths",
  SkipReconcile: "argocd.argoproj.io/skip-reconcile",
  CompareOptions: "argocd.argoproj.io/compare-options",
  DeletionApproved: "argocd.argoproj.io/deletion-approved",
  SyncOptions: "argocd.argoproj.io/sync-options",
  SyncWave: "argocd.argoproj.io/sync-wave",
  Hook: "argocd.argoproj.io/hook",
  HookDeletePolicy: "argocd.argoproj.io/hook-delete-policy",
  TrackingId: "argocd.argoproj.io/tracking-id",
  InstallationId: "argocd.argoproj.io/installation-id",
  IgnoreHealthcheck: "argocd.argoproj.io/ignore-healthcheck",
  ClientSideApplyMigrationManager: "argocd.argoproj.io/client-side-apply-migration-manager",
  HelmHook: "helm.sh/hook",
  HelmHookWeight: "helm.sh/hook-weight",
  HelmHookDeletePolicy: "helm.sh/hook-delete-policy",
  HelmResourcePolicy: "helm.sh/resource-policy",
  LastApplied: "kubectl.kubernetes.io/last-applied-configuration",
  LinkPrefix: "link.argocd.argoproj.io/",
  ManagedByUrl: "argocd.argoproj.io/managed-by-url",
} as const;

export const Finalizer = {
  Cascade: "resources-finalizer.argocd.argoproj.io",
  Foreground: "resources-finalizer.argocd.argoproj.io/foreground",
  Background: "resources-finalizer.argocd.argoproj.io/background",
  PreDelete: "pre-delete-finalizer.argocd.argoproj.io",
  PreDeleteCleanup: "pre-delete-finalizer.argocd.argoproj.io/cleanup",
  PostDelete: "post-delete-finalizer.argocd.argoproj.io",
  PostDeleteCleanup: "post-delete-finalizer.argocd.argoproj.io/cleanup",
  Hook: "argocd.argoproj.io/hook-finalizer",
} as const;

interface Annotated {
  metadata?: { annotations?: Record<string, string> };
}

/** Values of a comma list in an annotation: trimmed, each once, in order. */
export function annotationOptions(object: Annotated | undefined, annotation: string): string[] {
  const text = object?.metadata?.annotations?.[annotation];
  if (typeof text !== "string") return [];
  return [...new Set(text.split(",").map((part) => part.trim()).filter((part) => part !== ""))];
}

export function hasAnnotationOption(object: Annotated | undefined, annotation: string, option: string): boolean {
  return annotationOptions(object, annotation).includes(option);
}

/** The text after `name=` of the first such option. */
export function optionValue(options: readonly string[] | undefined, name: string): string | undefined {
  return options?.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** A sync option that the resource's annotation may set, and the application's list otherwise. */
export function resourceOption(object: Annotated | undefined, appOptions: readonly string[] | undefined, name: string): string | undefined {
  return optionValue(annotationOptions(object, Annotation.SyncOptions), name) ?? optionValue(appOptions, name);
}
