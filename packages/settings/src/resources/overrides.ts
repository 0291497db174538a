import { SettingsError } from "../errors.ts";
import { parseBool } from "../go-strings.ts";
import { parseYamlSetting } from "../yaml.ts";

export interface IgnoreRules {
  jsonPointers?: string[] | null;
  jqPathExpressions?: string[] | null;
  managedFieldsManagers?: string[] | null;
}

/** What argocd-cm says about one group and kind (globs allowed). */
export interface ResourceOverride {
  /** The program's text; running it is the caller's. */
  healthLua?: string;
  useOpenLibs?: boolean;
  /** YAML text: discovery.lua, definitions[]. */
  actions?: string;
  ignoreDifferences?: IgnoreRules;
  ignoreResourceUpdates?: IgnoreRules;
  knownTypeFields?: { field: string; type: string }[];
}

export interface CompareOptions {
  ignoreAggregatedRoles: boolean;
  ignoreResourceStatusField: "all" | "crd" | "none";
  ignoreDifferencesOnResourceUpdates: boolean;
}

const PREFIX = "resource.customizations";

/**
 * Overrides by `group/Kind` (`Kind` alone for the core group, as people write it; `all` as the glob for
 * everything). Split keys win over the old single map. Throws SettingsError naming the key.
 */
export function parseOverrides(config: Record<string, string>, compare: CompareOptions): Map<string, ResourceOverride> {
  const overrides = new Map<string, ResourceOverride>();
  const old = parseYamlSetting<Record<string, Record<string, any>>>(config[PREFIX], "argocd-cm", PREFIX) ?? {};
  for (const [groupKind, entry] of Object.entries(old)) overrides.set(groupKind, fromMap(entry ?? {}));
  for (const key of Object.keys(config).sort()) if (key.startsWith(`${PREFIX}.`)) applySplitKey(overrides, key, config[key]!);
  if (compare.ignoreResourceStatusField === "all") ignoreStatus(overrides, "*/*");
  if (compare.ignoreResourceStatusField === "crd") ignoreStatus(overrides, "apiextensions.k8s.io/CustomResourceDefinition");
  return overrides;
}

export function parseCompareOptions(config: Record<string, string>): CompareOptions {
  const raw = parseYamlSetting<Record<string, unknown>>(config["resource.compareoptions"], "argocd-cm", "resource.compareoptions") ?? {};
  const field = String(raw["ignoreResourceStatusField"] ?? "all");
  return {
    ignoreAggregatedRoles: raw["ignoreAggregatedRoles"] === true,
    ignoreResourceStatusField: field === "crd" ? "crd" : ["none", "off", "false"].includes(field) ? "none" : "all",
    ignoreDifferencesOnResourceUpdates: raw["ignoreDifferencesOnResourceUpdates"] !== false,
  };
}

function applySplitKey(overrides: Map<string, ResourceOverride>, key: string, value: string): void {
  const [, , type, ...rest] = key.split(".");
  if (type === undefined || rest.length === 0) return;
  const groupKind = overrideKey(rest.join("."), key);
  const override = overrides.get(groupKind) ?? {};
  overrides.set(groupKind, override);
  switch (type) {
    case "health":
      override.healthLua = value;
      return;
    case "useOpenLibs": {
      const flag = parseBool(value);
      if (flag === undefined) throw new SettingsError(`argocd-cm: ${key} must be true or false`, { details: { key } });
      override.useOpenLibs = flag;
      return;
    }
    case "actions":
      override.actions = value;
      return;
    case "ignoreDifferences":
    case "ignoreResourceUpdates":
      override[type] = parseYamlSetting<IgnoreRules>(value, "argocd-cm", key) ?? {};
      return;
    case "knownTypeFields":
      override.knownTypeFields = parseYamlSetting(value, "argocd-cm", key) ?? [];
      return;
    default:
      throw new SettingsError(`argocd-cm: ${key}: resource customization type ${type} not supported`, { details: { key } });
  }
}

function overrideKey(text: string, key: string): string {
  if (text === "all") return "*/*";
  const parts = text.split("_");
  if (parts.length === 2) return `${parts[0]}/${parts[1]}`;
  if (parts.length === 1 && text !== "") return text;
  throw new SettingsError(`argocd-cm: ${key}: the name must end in <group>_<kind> or <kind>`, { details: { key } });
}

function fromMap(entry: Record<string, any>): ResourceOverride {
  const rules = (value: unknown): IgnoreRules | undefined => (typeof value === "string" ? parseYamlSetting<IgnoreRules>(value, "argocd-cm", PREFIX) : (value as IgnoreRules | undefined)) ?? undefined;
  const differences = rules(entry["ignoreDifferences"]);
  const updates = rules(entry["ignoreResourceUpdates"]);
  return {
    ...(typeof entry["health.lua"] === "string" && { healthLua: entry["health.lua"] }),
    ...(entry["health.lua.useOpenLibs"] === true && { useOpenLibs: true }),
    ...(typeof entry["actions"] === "string" && { actions: entry["actions"] }),
    ...(differences !== undefined && { ignoreDifferences: differences }),
    ...(updates !== undefined && { ignoreResourceUpdates: updates }),
    ...(Array.isArray(entry["knownTypeFields"]) && { knownTypeFields: entry["knownTypeFields"] }),
  };
}

function ignoreStatus(overrides: Map<string, ResourceOverride>, groupKind: string): void {
  const override = overrides.get(groupKind) ?? {};
  const rules = override.ignoreDifferences ?? {};
  overrides.set(groupKind, { ...override, ignoreDifferences: { ...rules, jsonPointers: [...(rules.jsonPointers ?? []), "/status"] } });
}
