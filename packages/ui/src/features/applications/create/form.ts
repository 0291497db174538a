import type { Application, ApplicationSource } from "@trireme/api/argo";
import { RETRY } from "../sync/request.ts";
import type { Retry } from "../sync/retry-fields.tsx";

export const IN_CLUSTER = "https://kubernetes.default.svc";
export const HEAD = "HEAD";
/** What keeps an application until its objects are gone. */
const FINALIZER = "resources-finalizer.argocd.argoproj.io";
/** Where a new application begins. */
export const FRESH = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ""
spec:
  project: default
  source:
    repoURL: ""
    path: .
    targetRevision: HEAD
  destination:
    server: ${IN_CLUSTER}
    namespace: ""
  syncPolicy:
    syncOptions:
      - CreateNamespace=true
`;

type SyncPolicy = NonNullable<Application["spec"]["syncPolicy"]>;

/** An application as the form shows it. What somebody wrote otherwise than it should be is shown as text, or not at all. */
export interface Form {
  name: string;
  project: string;
  sources: ApplicationSource[];
  /** Whether it has a list of sources, be it of one. */
  several: boolean;
  by: "server" | "name";
  cluster: string;
  namespace: string;
  automated: boolean;
  prune: boolean;
  selfHeal: boolean;
  finalizer: boolean;
  options: string[];
  retry: Retry | undefined;
}

export function formOf(app: Application): Form {
  const { metadata, spec } = app;
  const { automated, syncOptions, retry } = spec.syncPolicy ?? {};
  const { server, name, namespace } = spec.destination ?? {};
  const several = (spec.sources?.length ?? 0) > 0;
  return {
    name: text(metadata.name),
    project: text(spec.project),
    sources: several ? spec.sources! : [spec.source ?? ({ repoURL: "" } as ApplicationSource)],
    several,
    by: name && !server ? "name" : "server",
    cluster: text(server) || text(name),
    namespace: text(namespace),
    automated: automated !== undefined && automated !== null && automated.enabled !== false,
    prune: automated?.prune === true,
    selfHeal: automated?.selfHeal === true,
    finalizer: (metadata.finalizers ?? []).includes(FINALIZER),
    options: (syncOptions ?? []).map(String),
    retry: retry ?? undefined,
  };
}

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** Each change of the form gives a new application; what is not its own stays. */
export const change = {
  name: (app: Application, name: string): Application => ({ ...app, metadata: { ...app.metadata, name } }),
  project: (app: Application, project: string): Application => withSpec(app, { project }),
  destination(app: Application, { by, cluster, namespace }: Pick<Form, "by" | "cluster" | "namespace">): Application {
    const { server: _server, name: _name, ...rest } = app.spec.destination ?? {};
    return withSpec(app, { destination: { [by]: cluster, ...rest, namespace } });
  },
  source(app: Application, index: number, source: ApplicationSource): Application {
    const { sources, several } = formOf(app);
    return several ? withSpec(app, { sources: sources.map((one, at) => (at === index ? source : one)) }) : withSpec(app, { source });
  },
  /** One more; from then on there is a list. */
  addSource: (app: Application): Application => withSources(app, [...formOf(app).sources, { repoURL: "", path: ".", targetRevision: HEAD } as ApplicationSource]),
  removeSource: (app: Application, index: number): Application => withSources(app, formOf(app).sources.filter((_, at) => at !== index)),
  automated(app: Application, on: boolean): Application {
    const { enabled: _, ...kept } = app.spec.syncPolicy?.automated ?? {};
    return withPolicy(app, { automated: on ? { prune: false, selfHeal: false, ...kept } : undefined });
  },
  automation: (app: Application, changes: { prune?: boolean; selfHeal?: boolean }): Application => withPolicy(app, { automated: { ...app.spec.syncPolicy?.automated, ...changes } }),
  finalizer(app: Application, on: boolean): Application {
    const others = (app.metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
    const { finalizers: _, ...metadata } = app.metadata;
    const finalizers = on ? [...others, FINALIZER] : others;
    return { ...app, metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers }) } };
  },
  options: (app: Application, options: string[]): Application => withPolicy(app, { syncOptions: options.length > 0 ? options : undefined }),
  retry: (app: Application, on: boolean): Application => withPolicy(app, { retry: on ? RETRY : undefined }),
  retryWith(app: Application, changes: { limit?: number; backoff?: Partial<NonNullable<Retry["backoff"]>> }): Application {
    const before = app.spec.syncPolicy?.retry ?? {};
    return withPolicy(app, { retry: { ...before, ...changes, ...(changes.backoff && { backoff: { ...before.backoff, ...changes.backoff } }) } });
  },
};

function withSpec(app: Application, changes: Partial<Application["spec"]>): Application {
  return { ...app, spec: { ...app.spec, ...changes } };
}

/** A policy that says nothing goes. */
function withPolicy(app: Application, changes: { [K in keyof SyncPolicy]?: SyncPolicy[K] | undefined }): Application {
  const { syncPolicy, ...spec } = app.spec;
  const policy = Object.fromEntries(Object.entries({ ...syncPolicy, ...changes }).filter(([, value]) => value !== undefined));
  return { ...app, spec: { ...spec, ...(Object.keys(policy).length > 0 && { syncPolicy: policy }) } };
}

/** One source needs no list. */
function withSources(app: Application, sources: ApplicationSource[]): Application {
  const { source: _source, sources: _sources, ...spec } = app.spec;
  return { ...app, spec: { ...spec, ...(sources.length === 1 ? { source: sources[0]! } : { sources }) } };
}
