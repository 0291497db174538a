import type { Application } from "@trireme/api/argo";
import type { Retry } from "./retry-fields.tsx";

/** What the reader chose in the panel. */
export interface SyncChoices {
  /** One for each source; "": what the application follows. */
  revisions: readonly string[];
  prune: boolean;
  dryRun: boolean;
  applyOnly: boolean;
  force: boolean;
  /** Sync options that are on, `Name=value`. */
  options: readonly string[];
  /** Undefined: a failed sync is not tried again. */
  retry: Retry | undefined;
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
/** How dependents go with what is pruned; the first where nothing is said. */
export const PROPAGATION = ["foreground", "background", "orphan"] as const;
const PROPAGATION_OPTION = "PrunePropagationPolicy";
/** What Argo CD's page begins with. */
export const RETRY: Retry = { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m0s" } };

/** Sets `Name=value` in the place of another value of that name, or takes every value of it away. */
export function withOption(options: readonly string[], option: string, on: boolean): string[] {
  const name = `${option.split("=")[0]}=`;
  const kept = options.filter((one) => !one.startsWith(name));
  const place = options.findIndex((one) => one.startsWith(name));
  return on ? kept.toSpliced(place < 0 ? kept.length : place, 0, option) : kept;
}

export const propagationOf = (options: readonly string[]): string => options.find((option) => option.startsWith(`${PROPAGATION_OPTION}=`))?.split("=")[1] ?? PROPAGATION[0];

export const withPropagation = (options: readonly string[], policy: string): string[] => withOption(options, `${PROPAGATION_OPTION}=${policy}`, policy !== PROPAGATION[0]);

/** What a sync would do that nobody says anything about: as the application's own policy has it. */
export function choicesOf({ spec }: Application, { prune }: { prune: boolean }): SyncChoices {
  return { revisions: [], prune, dryRun: false, applyOnly: false, force: false, options: [...(spec.syncPolicy?.syncOptions ?? [])], retry: spec.syncPolicy?.retry ?? undefined, resources: undefined };
}

/** The body of POST /api/v1/applications/{name}/sync. */
export function syncRequest(app: Application, choices: SyncChoices): Record<string, unknown> {
  const { revisions, prune, dryRun, applyOnly, force, options, retry, resources } = choices;
  const { name = "", namespace = "" } = app.metadata;
  return {
    name,
    appNamespace: namespace,
    ...revisionsOf(app, revisions),
    prune,
    dryRun,
    strategy: applyOnly ? { apply: { force } } : { hook: { force } },
    // Said even where there are none: unsaid, those of the application would count.
    syncOptions: { items: [...options] },
    ...(retry !== undefined ? { retryStrategy: retry } : app.spec.syncPolicy?.retry && { retryStrategy: { limit: 0 } }),
    ...(resources !== undefined && { resources: resources.map(({ group, kind, namespace: within, name: of }) => ({ group, kind, namespace: within, name: of })) }),
  };
}

/** Of several sources, those whose revision was chosen, by their places from 1. */
function revisionsOf({ spec }: Application, revisions: readonly string[]): object {
  const chosen = revisions.map((revision, index) => ({ revision: revision?.trim() ?? "", position: index + 1 })).filter(({ revision }) => revision !== "");
  if (chosen.length === 0) return {};
  if ((spec.sources?.length ?? 0) === 0) return { revision: chosen[0]!.revision };
  return { revisions: chosen.map(({ revision }) => revision), sourcePositions: chosen.map(({ position }) => position) };
}
