import { hasLocalSignIn, parseYamlSetting, SettingsError } from "@trireme/settings";
import type { Context } from "../../context.ts";
import { everybody, unary, type Rpc } from "../rpc.ts";

interface Provider {
  kind: "oidc" | "dex";
  name: string;
  available: boolean;
}

/** What stands for a provider whose settings cannot be read, or name it not. */
const UNNAMED = "SSO";

/** How one can sign in: with a local account; a provider that the settings name is told too, so that nobody looks for it in vain. */
export const signInService: Record<string, Rpc> = {
  Ways: unary(everybody, async (_request, { ctx }) => ({
    local: hasLocalSignIn(ctx.settings.current().accounts),
    providers: [...oidcProviders(ctx), ...dexProviders(ctx)],
  })),
};

function oidcProviders(ctx: Context): Provider[] {
  if (!isSet(ctx, "oidc.config")) return [];
  const name = read<{ name?: unknown }>(ctx, "oidc.config")?.name;
  return [{ kind: "oidc", name: nameOf(name), available: false }];
}

function dexProviders(ctx: Context): Provider[] {
  if (!isSet(ctx, "dex.config")) return [];
  const connectors = read<{ connectors?: unknown }>(ctx, "dex.config")?.connectors;
  if (!Array.isArray(connectors) || connectors.length === 0) return [{ kind: "dex", name: UNNAMED, available: false }];
  return connectors.map((connector: { name?: unknown } | null) => ({ kind: "dex", name: nameOf(connector?.name), available: false }));
}

const isSet = (ctx: Context, key: string): boolean => (ctx.settings.current().config[key] ?? "").trim() !== "";
const nameOf = (name: unknown): string => (typeof name === "string" && name !== "" ? name : UNNAMED);

function read<T extends object>(ctx: Context, key: string): T | undefined {
  try {
    const value = parseYamlSetting<unknown>(ctx.settings.current().config[key], "argocd-cm", key);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}
