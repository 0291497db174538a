import { selects, type KubeObject, type LabelSelector } from "@trireme/api";
import type { Application, AppProject } from "@trireme/api/argo";
import { listMatches } from "@trireme/gitops";
import { watchCache, withoutManagedFields, type CacheEvent, type KubeClient, type WatchCache } from "@trireme/kube";
import { parseSettings, trustOf, type DataObject, type Settings, type Trust } from "@trireme/settings";
import { AppError, Code, type Logger } from "@trireme/runtime";

/** Argo's own objects as the controller sees them: applications, projects, and the settings of both. */
export interface ControlPlane extends AsyncDisposable {
  readonly namespace: string;
  app(namespace: string, name: string): Application | undefined;
  apps(): Application[];
  /** The application that marks its objects with this name. */
  appOfInstance(instance: string): Application | undefined;
  /** A project with what global projects add to it. Throws where there is none. */
  project(name: string): AppProject;
  projects(): AppProject[];
  settings(): Settings;
  /** Certificates and host keys that repositories are checked with, by host. */
  trust(): Trust;
  /** The response of an own write: known before its event arrives. */
  observe(app: Application): void;
  onApp(listener: (event: CacheEvent<Application>) => void): () => void;
  onProject(listener: (event: CacheEvent<AppProject>) => void): () => void;
  onSettings(listener: () => void): () => void;
}

const ARGO = { group: "argoproj.io", version: "v1alpha1" };

/** Lists and watches; resolves when everything is known. */
export async function openControlPlane(options: { client: KubeClient; namespace: string; applicationNamespaces: readonly string[]; log: Logger; signal?: AbortSignal }): Promise<ControlPlane> {
  const { client, namespace, applicationNamespaces, log } = options;
  const everywhere = applicationNamespaces.length > 0;
  const apps = watchCache<Application>(client, { ...ARGO, kind: "Application" }, { ...(!everywhere && { namespace }), transform: withoutManagedFields });
  const projects = watchCache<AppProject>(client, { ...ARGO, kind: "AppProject" }, { namespace, transform: withoutManagedFields });
  const configMaps = watchCache<DataObject>(client, { group: "", version: "v1", kind: "ConfigMap" }, { namespace, transform: onlySettings });
  const secrets = watchCache<DataObject>(client, { group: "", version: "v1", kind: "Secret" }, { namespace, transform: onlySettings });
  const caches: WatchCache<any>[] = [apps, projects, configMaps, secrets];
  const close = async () => void (await Promise.all(caches.map((cache) => cache[Symbol.asyncDispose]())));
  try {
    await Promise.all(caches.map((cache) => cache.waitForSync(options.signal)));
  } catch (error) {
    await close();
    throw error;
  }

  let settings: Settings | undefined;
  const settingsListeners = new Set<() => void>();
  const changed = (event: CacheEvent<DataObject>) => {
    if (!isSetting(event.object)) return;
    settings = undefined;
    for (const listener of settingsListeners) listener();
  };
  configMaps.on(changed);
  secrets.on(changed);
  const current = (): Settings => {
    if (settings === undefined) {
      settings = parseSettings({ configMaps: configMaps.list(), secrets: secrets.list() });
      for (const problem of settings.problems) log.warn({ problem }, "setting could not be read");
    }
    return settings;
  };
  const isOurs = (app: Application) => app.metadata.namespace === namespace || applicationNamespaces.some((entry) => listMatches(entry, app.metadata.namespace ?? ""));

  const find = (place: string, name: string): Application | undefined => {
    const app = apps.get(place, name);
    return app !== undefined && isOurs(app) ? app : undefined;
  };

  return {
    namespace,
    app: find,
    appOfInstance(instance) {
      const split = instance.indexOf("_");
      return split < 0 ? find(namespace, instance) : find(instance.slice(0, split), instance.slice(split + 1));
    },
    apps: () => apps.list().filter(isOurs),
    project(name) {
      const project = projects.get(namespace, name || "default");
      if (project === undefined) throw new AppError(`Application referencing project ${name || "default"} which does not exist`, { reason: "ProjectNotFound", code: Code.NotFound, retry: "later" });
      return withGlobals(project, current(), projects.list());
    },
    projects: () => projects.list(),
    settings: current,
    trust: () => trustOf({ configMap: (name) => configMaps.get(namespace, name) }),
    observe: (app) => apps.observe(app),
    onApp: (listener) => apps.on((event) => isOurs(event.object) && listener(event)),
    onProject: (listener) => projects.on(listener),
    onSettings(listener) {
      settingsListeners.add(listener);
      return () => settingsListeners.delete(listener);
    },
    [Symbol.asyncDispose]: close,
  };
}

const NAMES = ["argocd-cm", "argocd-rbac-cm", "argocd-secret", "argocd-ssh-known-hosts-cm", "argocd-tls-certs-cm", "argocd-gpg-keys-cm"];

function isSetting(object: KubeObject): boolean {
  const labels = object.metadata.labels ?? {};
  return NAMES.includes(object.metadata.name ?? "") || labels["argocd.argoproj.io/secret-type"] !== undefined || labels["app.kubernetes.io/part-of"] === "argocd";
}

/** Other people's ConfigMaps and Secrets of the namespace are kept without their content. */
function onlySettings(object: DataObject): DataObject {
  const { managedFields: _, ...metadata } = object.metadata;
  if (isSetting(object)) return { ...object, metadata };
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}

const INHERITED = ["clusterResourceWhitelist", "clusterResourceBlacklist", "namespaceResourceWhitelist", "namespaceResourceBlacklist", "syncWindows", "sourceRepos", "destinations", "destinationServiceAccounts"] as const;

function withGlobals(project: AppProject, settings: Settings, all: readonly AppProject[]): AppProject {
  const parents = settings.globalProjects.filter((entry) => isSelected(entry.labelSelector as LabelSelector | undefined, project.metadata.labels ?? {})).flatMap((entry) => all.filter((other) => other.metadata.name === entry.projectName && other !== project));
  if (parents.length === 0) return project;
  const spec: Record<string, unknown> = { ...project.spec };
  for (const field of INHERITED) {
    const added = parents.flatMap((parent) => (parent.spec[field] as unknown[] | undefined) ?? []);
    if (added.length > 0) spec[field] = [...((project.spec[field] as unknown[] | undefined) ?? []), ...added];
  }
  return { ...project, spec };
}

/** A global project that selects by nothing is nobody's: it would add to all by mistake. */
function isSelected(selector: LabelSelector | undefined, labels: Record<string, string>): boolean {
  const saysSomething = Object.keys(selector?.matchLabels ?? {}).length > 0 || (selector?.matchExpressions ?? []).length > 0;
  return saysSomething && selects(selector, labels);
}
