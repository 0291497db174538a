import type { Application, ApplicationSource } from "@trireme/api/argo";

type Spec = Application["spec"];

/** A spec as it is kept: the project named, blocks that say nothing left out. */
export function normalizeSpec(spec: Spec): Spec {
  const { syncPolicy, source, sources, ...rest } = spec;
  return {
    ...rest,
    project: spec.project || "default",
    ...(source !== undefined && source !== null && { source: normalizeSource(source) }),
    ...(sources !== undefined && sources !== null && sources.length > 0 && { sources: sources.map(normalizeSource) }),
    ...(syncPolicy && saysSomething(syncPolicy) && { syncPolicy }),
  };
}

/** `automated: {}` is automated sync with its defaults, not nothing. */
function saysSomething({ automated, syncOptions, retry, managedNamespaceMetadata }: NonNullable<Spec["syncPolicy"]>): boolean {
  return Boolean(automated || syncOptions?.length || retry || managedNamespaceMetadata);
}

function normalizeSource(source: ApplicationSource): ApplicationSource {
  const out: Record<string, unknown> = { ...source };
  for (const block of ["helm", "kustomize", "directory"]) if (out[block] !== undefined && isZero(out[block])) delete out[block];
  return out as unknown as ApplicationSource;
}

/** As Go judges a struct: null, false, 0, "", and what consists only of such. */
export function isZero(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0 || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every(isZero);
}
