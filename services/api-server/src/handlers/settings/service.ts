import { dump } from "js-yaml";
import { hasLocalSignIn, type IgnoreRules, type ResourceOverride, type Settings } from "@trireme/settings";
import { everybody, unary, type Rpc } from "../rpc.ts";

/** The platforms that Argo CD offers downloads of its command for. */
const PLATFORMS = ["darwin-amd64", "darwin-arm64", "windows-amd64", "linux-amd64", "linux-arm64", "linux-ppc64le", "linux-s390x"];

/** What a client needs to know before and after signing in; before, only what the sign-in page shows. */
const get = unary(everybody, async (_request, { ctx, caller }) => {
  const settings = ctx.settings.current();
  const { config, tools } = settings;
  const known = caller.identity !== undefined || ctx.config.disableAuth || settings.anonymousEnabled;
  const open = {
    url: settings.url,
    appLabelKey: settings.tracking.labelKey,
    trackingMethod: settings.tracking.method,
    statusBadgeEnabled: settings.statusBadge.enabled,
    statusBadgeRootUrl: settings.statusBadge.url,
    googleAnalytics: { trackingID: config["ga.trackingid"] ?? "", anonymizeUsers: config["ga.anonymizeusers"] !== "false" },
    help: { chatUrl: config["help.chatUrl"], chatText: config["help.chatUrl"] === undefined ? "" : (config["help.chatText"] ?? "Chat now!"), binaryUrls: downloads(config) },
    kustomizeOptions: { BuildOptions: known ? tools.kustomize.buildOptions : "", BinaryPath: "", Versions: null },
    userLoginsDisabled: !hasLocalSignIn(settings.accounts),
    uiCssURL: config["ui.cssurl"],
    execEnabled: known && settings.exec.enabled,
    appsInAnyNamespaceEnabled: known && ctx.config.applicationNamespaces.length > 0,
    impersonationEnabled: known && settings.impersonation.enabled,
    installationID: settings.tracking.installationId,
    additionalUrls: settings.additionalUrls,
    syncWithReplaceAllowed: ctx.config.syncWithReplaceAllowed,
  };
  if (!known) return open;
  return {
    ...open,
    // Argo CD tells strangers nothing of what operators tell their people.
    uiBannerContent: config["ui.bannercontent"],
    uiBannerURL: config["ui.bannerurl"],
    uiBannerPermanent: config["ui.bannerpermanent"] === "true",
    uiBannerPosition: config["ui.bannerposition"],
    resourceOverrides: overridesOf(settings),
    kustomizeVersions: tools.kustomize.versions.map((version) => version.name),
    passwordPattern: settings.passwordPattern,
    controllerNamespace: ctx.namespace,
  };
});

const getPlugins = unary(everybody, async () => ({ plugins: null }));

function downloads(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(PLATFORMS.map((platform) => [platform, config[`help.download.${platform}`]] as const).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Argo CD shows an override's rules as YAML text, with all three lists. */
function overridesOf(settings: Settings): Record<string, unknown> {
  return Object.fromEntries([...settings.overrides].map(([kind, override]) => [kind, overrideText(override)]));
}

function overrideText(override: ResourceOverride) {
  const rules = ({ jqPathExpressions, jsonPointers, managedFieldsManagers }: IgnoreRules = {}) => dump({ jqPathExpressions: jqPathExpressions ?? null, jsonPointers: jsonPointers ?? null, managedFieldsManagers: managedFieldsManagers ?? null }, { indent: 2 }).replaceAll("\n  - ", "\n- ");
  return {
    ...(override.healthLua && { "health.lua": override.healthLua }),
    ...(override.useOpenLibs && { "health.lua.useOpenLibs": true }),
    ...(override.actions && { actions: override.actions }),
    ignoreDifferences: rules(override.ignoreDifferences),
    ignoreResourceUpdates: rules(override.ignoreResourceUpdates),
    ...(override.knownTypeFields?.length && { knownTypeFields: override.knownTypeFields }),
  };
}

export const settingsService: Record<string, Rpc> = { Get: get, GetPlugins: getPlugins };
