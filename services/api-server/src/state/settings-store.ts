import type { AppProject } from "@trireme/api/argo";
import type { WatchCache } from "@trireme/kube";
import type { Logger } from "@trireme/runtime";
import { createEnforcer, parseSettings, type DataObject, type Enforcer, type Settings } from "@trireme/settings";

/** The settings as they stand now; read again at the first question after any of their objects changed. */
export interface SettingsStore {
  current(): Settings;
  enforcer(): Enforcer;
  /** The raw objects, for writers. */
  secret(name: string): DataObject | undefined;
  configMap(name: string): DataObject | undefined;
  objects(): { configMaps: DataObject[]; secrets: DataObject[] };
}

export function createSettingsStore(options: { namespace: string; secrets: WatchCache<DataObject>; configMaps: WatchCache<DataObject>; projects: WatchCache<AppProject>; log: Logger }): SettingsStore {
  const { namespace, secrets, configMaps, projects, log } = options;
  let settings: Settings | undefined;
  let enforcer: { key: string; value: Enforcer } | undefined;
  let told = "";
  const forget = () => {
    settings = undefined;
  };
  secrets.on(forget);
  configMaps.on(forget);

  const objects = () => ({ configMaps: configMaps.list(), secrets: secrets.list() });
  const current = (): Settings => {
    if (settings !== undefined) return settings;
    settings = parseSettings(objects());
    const problems = settings.problems.join("; ");
    if (problems !== told && problems !== "") log.warn({ problems: settings.problems }, "settings that could not be read");
    told = problems;
    return settings;
  };

  return {
    current,
    objects,
    secret: (name) => secrets.get(namespace, name),
    configMap: (name) => configMaps.get(namespace, name),
    enforcer() {
      const { policyCsv, defaultRole, matchMode } = current().rbac;
      const key = JSON.stringify([policyCsv, defaultRole, matchMode]);
      if (enforcer?.key !== key) enforcer = { key, value: createEnforcer({ policyCsv, defaultRole, matchMode, project: (name) => projects.get(namespace, name) as never }) };
      return enforcer.value;
    },
  };
}
