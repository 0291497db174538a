import type { Application, ApplicationSource } from "@trireme/api/argo";
import { sourcesOf } from "../../describe.ts";
import { joinAnnotations, splitAnnotations, type Subscription } from "./subscriptions.ts";

/** What the form edits. */
export interface Draft {
  project: string;
  sources: ApplicationSource[];
  /** Address of the cluster, or its name. */
  cluster: string;
  namespace: string;
  automated: boolean;
  prune: boolean;
  selfHeal: boolean;
  syncOptions: string[];
  retryLimit: number | undefined;
  revisionHistoryLimit: number | undefined;
  info: [string, string][];
  labels: [string, string][];
  annotations: [string, string][];
  subscriptions: Subscription[];
}

export function draftOf(app: Application): Draft {
  const { project = "default", destination, syncPolicy, revisionHistoryLimit, info } = app.spec;
  const { automated } = syncPolicy ?? {};
  const { subscriptions, others } = splitAnnotations(app.metadata.annotations ?? {});
  return {
    project,
    sources: sourcesOf(app),
    cluster: destination?.server || destination?.name || "",
    namespace: destination?.namespace ?? "",
    automated: automated !== undefined && automated !== null && automated.enabled !== false,
    prune: automated?.prune === true,
    selfHeal: automated?.selfHeal === true,
    syncOptions: [...(syncPolicy?.syncOptions ?? [])],
    retryLimit: syncPolicy?.retry?.limit,
    revisionHistoryLimit,
    info: (info ?? []).map(({ name, value }) => [name, value]),
    labels: Object.entries(app.metadata.labels ?? {}),
    annotations: others,
    subscriptions,
  };
}

/** The application with what the form says; all that the form does not know stays as it is. */
export function withDraft(app: Application, draft: Draft): Application {
  const { syncPolicy, source: _source, sources: _sources, info: _info, revisionHistoryLimit: _limit, ...spec } = app.spec;
  const named = (rows: readonly [string, string][]): Record<string, string> => Object.fromEntries(rows.filter(([name]) => name.trim() !== ""));
  const info = draft.info.filter(([name]) => name.trim() !== "").map(([name, value]) => ({ name, value }));
  return {
    ...app,
    metadata: { ...app.metadata, labels: named(draft.labels), annotations: joinAnnotations(draft.subscriptions, draft.annotations) },
    spec: {
      ...spec,
      project: draft.project,
      ...((app.spec.sources?.length ?? 0) > 0 ? { sources: draft.sources } : { source: draft.sources[0]! }),
      destination: destinationOf(app, draft),
      syncPolicy: policyOf(syncPolicy, draft),
      ...(info.length > 0 && { info }),
      ...(draft.revisionHistoryLimit !== undefined && { revisionHistoryLimit: draft.revisionHistoryLimit }),
    },
  };
}

/** A cluster that was not changed keeps the way in which it was named. */
function destinationOf({ spec: { destination } }: Application, { cluster, namespace }: Draft): Application["spec"]["destination"] {
  const { server, name, ...rest } = destination ?? {};
  const same = cluster === (server || name);
  const named = same ? { ...(server && { server }), ...(name && { name }) } : /^https?:\/\//.test(cluster) ? { server: cluster } : { name: cluster };
  return { ...rest, ...named, namespace };
}

function policyOf(before: Application["spec"]["syncPolicy"], draft: Draft): NonNullable<Application["spec"]["syncPolicy"]> {
  const { automated, syncOptions: _options, retry, ...rest } = before ?? {};
  const { enabled: _enabled, ...kept } = automated ?? {};
  const known = automated !== undefined && automated !== null;
  return {
    ...rest,
    // Switched off, its settings stay for the day on which it is switched on again.
    ...((draft.automated || known) && { automated: { ...kept, prune: draft.prune, selfHeal: draft.selfHeal, ...(!draft.automated && { enabled: false }) } }),
    ...(draft.syncOptions.length > 0 && { syncOptions: draft.syncOptions }),
    ...(draft.retryLimit !== undefined && { retry: { ...retry, limit: draft.retryLimit } }),
  };
}
