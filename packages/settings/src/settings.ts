import { parseDuration } from "@trireme/api";
import { parseAccounts, type Account } from "./accounts/accounts.ts";
import { parseClusters, type Clusters } from "./clusters/clusters.ts";
import { parseBool } from "./go-strings.ts";
import { secretData, type DataObject } from "./kube-data.ts";
import { parseRepositories, type Repositories } from "./repositories/lookup.ts";
import { ResourceFilter, type FilteredResource } from "./resources/filter.ts";
import { parseCompareOptions, parseOverrides, type CompareOptions, type ResourceOverride } from "./resources/overrides.ts";
import { parseTools, type ToolSettings } from "./tools.ts";
import { parseYamlSetting } from "./yaml.ts";

export const SECRET_TYPE = "argocd.argoproj.io/secret-type";

export type TrackingMethod = "annotation" | "annotation+label" | "label";

export interface RbacSettings {
  policyCsv: string;
  defaultRole: string;
  scopes: string[];
  matchMode: "glob" | "regex";
}

export interface DeepLink {
  url: string;
  title: string;
  description?: string;
  "icon.class"?: string;
  if?: string;
}

/** Everything that argocd-cm, argocd-rbac-cm, argocd-secret and the labelled Secrets say, typed, defaults filled in. */
export interface Settings {
  /** argocd-cm as it stands, for keys that one reader alone knows. */
  config: Readonly<Record<string, string>>;
  /** argocd-secret, decoded. */
  secret: Readonly<Record<string, string>>;
  url: string;
  additionalUrls: string[];
  tracking: { method: TrackingMethod; labelKey: string; installationId: string };
  resources: ResourceFilter;
  overrides: ReadonlyMap<string, ResourceOverride>;
  compare: CompareOptions;
  ignoreResourceUpdates: boolean;
  respectRbac: "off" | "normal" | "strict";
  maskedAnnotations: string[];
  timeouts: { reconciliationMs: number; jitterMs: number; hardReconciliationMs: number };
  tools: ToolSettings;
  impersonation: { enabled: boolean; enforced: boolean };
  requireOverrideForRevisionSync: boolean;
  globalProjects: { projectName: string; labelSelector: Record<string, unknown> }[];
  inClusterEnabled: boolean;
  rbac: RbacSettings;
  fineGrainedInheritanceDisabled: boolean;
  accounts: ReadonlyMap<string, Account>;
  passwordPattern: string;
  sessionDurationMs: number;
  anonymousEnabled: boolean;
  /** HMAC key of the tokens; "" before the first start made one. */
  serverSecretKey: string;
  repositories: Repositories;
  writeRepositories: Repositories;
  clusters: Clusters;
  webhook: { maxPayloadBytes: number; jitterMs: number; secrets: Record<string, string> };
  links: { application: DeepLink[]; project: DeepLink[]; resource: DeepLink[] };
  exec: { enabled: boolean; shells: string[] };
  statusBadge: { enabled: boolean; url: string };
  maxPodLogsToRender: number;
  /** What could not be read and fell back to its default, each naming object and key. */
  problems: string[];
}

export interface SettingsObjects {
  configMaps: readonly DataObject[];
  secrets: readonly DataObject[];
}

/**
 * Typed settings from the ConfigMaps and Secrets of the control-plane namespace. A key that cannot be
 * read falls back to its default and is told in `problems`: one typing mistake must not stop the
 * house. An absent object means all defaults.
 */
export function parseSettings({ configMaps, secrets }: SettingsObjects): Settings {
  const problems: string[] = [];
  const config = { ...configMaps.find((map) => map.metadata.name === "argocd-cm")?.data };
  const rbac = configMaps.find((map) => map.metadata.name === "argocd-rbac-cm")?.data ?? {};
  const own = secretData(secrets.find((secret) => secret.metadata.name === "argocd-secret"));
  const secret = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, resolve(value, own, secrets)]));
  const ofType = (type: string) => secrets.filter((one) => one.metadata.labels?.[SECRET_TYPE] === type);

  const guarded = <T>(read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (thrown) {
      problems.push((thrown as Error).message);
      return fallback;
    }
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const text = config[key];
    if (text === undefined || text === "") return fallback;
    const value = parseBool(text);
    if (value === undefined) problems.push(`argocd-cm: ${key} must be true or false`);
    return value ?? fallback;
  };
  const duration = (key: string, fallback: number): number => {
    const text = config[key];
    if (text === undefined || text === "") return fallback;
    const value = parseDuration(text);
    if (value === undefined) problems.push(`argocd-cm: ${key} must be a duration like 120s`);
    return value ?? fallback;
  };
  const whole = (key: string, fallback: number): number => {
    const text = config[key];
    if (text === undefined || text === "") return fallback;
    if (/^\d+$/.test(text)) return Number(text);
    problems.push(`argocd-cm: ${key} must be a whole number`);
    return fallback;
  };
  const list = <T>(key: string): T[] =>
    guarded(() => {
      const value = parseYamlSetting<T[]>(config[key], "argocd-cm", key) ?? [];
      if (!Array.isArray(value)) throw new Error(`argocd-cm: ${key} must be a list`);
      return value;
    }, []);

  const compare = guarded(() => parseCompareOptions(config), { ignoreAggregatedRoles: false, ignoreResourceStatusField: "all", ignoreDifferencesOnResourceUpdates: true } as CompareOptions);
  const inClusterEnabled = flag("cluster.inClusterEnabled", true);
  const repositories = parseRepositories(ofType("repository"), ofType("repo-creds"));
  const clusters = parseClusters(ofType("cluster"), { inClusterEnabled });
  problems.push(...repositories.all.flatMap((stored) => stored.problem ?? []), ...clusters.problems.map((problem) => problem.message));
  return {
    config,
    secret,
    url: config["url"] ?? "",
    additionalUrls: list<string>("additionalUrls"),
    tracking: { method: trackingMethod(config["application.resourceTrackingMethod"]), labelKey: config["application.instanceLabelKey"] || "app.kubernetes.io/instance", installationId: config["installationID"] ?? "" },
    resources: new ResourceFilter(list<FilteredResource>("resource.exclusions"), list<FilteredResource>("resource.inclusions")),
    overrides: guarded(() => parseOverrides(config, compare), new Map()),
    compare,
    ignoreResourceUpdates: flag("resource.ignoreResourceUpdatesEnabled", true),
    respectRbac: config["resource.respectRBAC"] === "normal" || config["resource.respectRBAC"] === "strict" ? config["resource.respectRBAC"] : "off",
    maskedAnnotations: commaList(config["resource.sensitive.mask.annotations"]),
    timeouts: { reconciliationMs: duration("timeout.reconciliation", 120_000), jitterMs: duration("timeout.reconciliation.jitter", 60_000), hardReconciliationMs: duration("timeout.hard.reconciliation", 0) },
    tools: parseTools(config),
    impersonation: { enabled: flag("application.sync.impersonation.enabled", false), enforced: flag("application.sync.impersonation.enforced", true) },
    requireOverrideForRevisionSync: flag("application.sync.requireOverridePrivilegeForRevisionSync", false),
    globalProjects: list("globalProjects"),
    inClusterEnabled,
    rbac: guarded(() => parseRbac(rbac), { ...parseRbac({ ...rbac, scopes: "" }) }),
    fineGrainedInheritanceDisabled: flag("server.rbac.disableApplicationFineGrainedRBACInheritance", true),
    accounts: guarded(() => parseAccounts(config, secret), parseAccounts({}, secret)),
    passwordPattern: config["passwordPattern"] || "^.{8,32}$",
    sessionDurationMs: duration("users.session.duration", 86_400_000),
    anonymousEnabled: config["users.anonymous.enabled"] === "true",
    serverSecretKey: secret["server.secretkey"] ?? "",
    repositories,
    writeRepositories: parseRepositories(ofType("repository-write"), ofType("repo-write-creds")),
    clusters,
    webhook: {
      maxPayloadBytes: whole("webhook.maxPayloadSizeMB", 50) * 1024 * 1024,
      jitterMs: duration("webhook.refresh.jitter", 0),
      secrets: Object.fromEntries(Object.entries(secret).filter(([key]) => key.startsWith("webhook."))),
    },
    links: { application: list("application.links"), project: list("project.links"), resource: list("resource.links") },
    exec: { enabled: config["exec.enabled"] === "true", shells: config["exec.shells"] ? commaList(config["exec.shells"]) : ["bash", "sh", "powershell", "cmd"] },
    statusBadge: { enabled: config["statusbadge.enabled"] === "true", url: config["statusbadge.url"] ?? "" },
    maxPodLogsToRender: whole("server.maxPodLogsToRender", 10),
    problems,
  };
}

/**
 * A `$key` of argocd-secret or `$secret:key` of another Secret labelled as part of Argo CD. What cannot
 * be found stays as it stands.
 */
export function resolveSecretReference(text: string, objects: SettingsObjects): string {
  return resolve(text, secretData(objects.secrets.find((secret) => secret.metadata.name === "argocd-secret")), objects.secrets);
}

function resolve(text: string, own: Record<string, string>, secrets: readonly DataObject[]): string {
  if (!text.startsWith("$")) return text;
  const [first, key] = text.slice(1).split(":", 2) as [string, string | undefined];
  if (key === undefined) return own[first.trim()] ?? text;
  const other = secrets.find((secret) => secret.metadata.name === first.trim() && secret.metadata.labels?.["app.kubernetes.io/part-of"] === "argocd");
  return secretData(other)[key.trim()] ?? text;
}

function parseRbac(data: Record<string, string>): RbacSettings {
  const more = Object.keys(data).filter((key) => key.startsWith("policy.") && key.endsWith(".csv") && key !== "policy.csv").sort();
  const scopes = parseYamlSetting<unknown>(data["scopes"], "argocd-rbac-cm", "scopes");
  return {
    policyCsv: [data["policy.csv"] ?? "", ...more.map((key) => data[key]!)].join("\n"),
    defaultRole: data["policy.default"] ?? "",
    scopes: Array.isArray(scopes) ? scopes.map(String) : ["groups"],
    matchMode: data["policy.matchMode"] === "regex" ? "regex" : "glob",
  };
}

function trackingMethod(text: string | undefined): TrackingMethod {
  return text === "label" || text === "annotation+label" ? text : "annotation";
}

function commaList(text: string | undefined): string[] {
  return (text ?? "").split(",").map((one) => one.trim()).filter((one) => one !== "");
}
