/** What the reader chose in the panel. */
export interface SyncChoices {
  revision: string;
  prune: boolean;
  dryRun: boolean;
  applyOnly: boolean;
  force: boolean;
  /** Sync options that are on. */
  options: readonly SyncOption[];
  retry: boolean;
  /** Undefined: everything. */
  resources: readonly ResourceRef[] | undefined;
}

export interface ResourceRef {
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

export const SYNC_OPTIONS = ["ServerSideApply=true", "Replace=true", "CreateNamespace=true", "PruneLast=true", "ApplyOutOfSyncOnly=true", "RespectIgnoreDifferences=true", "Validate=false"] as const;
export type SyncOption = (typeof SYNC_OPTIONS)[number];

/** The body of POST /api/v1/applications/{name}/sync. */
export function syncRequest(name: string, namespace: string, choices: SyncChoices): Record<string, unknown> {
  const { revision, prune, dryRun, applyOnly, force, options, retry, resources } = choices;
  return {
    name,
    appNamespace: namespace,
    ...(revision !== "" && { revision }),
    prune,
    dryRun,
    strategy: applyOnly ? { apply: { force } } : { hook: { force } },
    ...(options.length > 0 && { syncOptions: { items: [...options] } }),
    ...(retry && { retryStrategy: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } } }),
    ...(resources !== undefined && { resources: resources.map(({ group, kind, namespace: within, name: of }) => ({ group, kind, namespace: within, name: of })) }),
  };
}
