import { SettingsError } from "../errors.ts";
import { parseBool } from "../go-strings.ts";

export type Capability = "login" | "apiKey";

export interface AccountToken {
  id: string;
  /** Seconds since 1970. */
  iat: number;
  exp?: number;
}

export interface Account {
  name: string;
  enabled: boolean;
  capabilities: Capability[];
  /** bcrypt; "" when nobody set a password. */
  passwordHash: string;
  /** RFC 3339. */
  passwordMtime?: string;
  tokens: AccountToken[];
}

export const ADMIN = "admin";

/**
 * Local accounts: `admin`, and each `accounts.<name>` of argocd-cm, with their passwords and tokens of
 * argocd-secret. Throws SettingsError naming the key that cannot be read.
 */
export function parseAccounts(config: Record<string, string>, secret: Record<string, string>): Map<string, Account> {
  const accounts = new Map<string, Account>();
  accounts.set(ADMIN, { name: ADMIN, enabled: parseBool(config["admin.enabled"]) ?? true, capabilities: ["login"], ...secretsOf("admin", secret) });
  for (const [key, value] of Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [head, name, suffix, ...more] = key.split(".");
    if (head !== "accounts" || name === undefined || more.length > 0) continue;
    const account = accounts.get(name) ?? { name, enabled: true, capabilities: [], ...secretsOf(`accounts.${name}`, secret) };
    accounts.set(name, account);
    if (suffix === undefined) account.capabilities = [...new Set([...account.capabilities, ...capabilities(value)])];
    if (suffix === "enabled") {
      const enabled = parseBool(value);
      if (enabled === undefined) throw new SettingsError(`argocd-cm: ${key} must be true or false`, { details: { key } });
      account.enabled = enabled;
    }
  }
  return accounts;
}

/** Whether anybody may sign in with a local account. */
export function hasLocalSignIn(accounts: ReadonlyMap<string, Account>): boolean {
  return [...accounts.values()].some(({ enabled, capabilities }) => enabled && capabilities.includes("login"));
}

/** Keys of argocd-secret that hold an account's password, its time and its tokens. */
export function accountKeys(name: string): { password: string; passwordMtime: string; tokens: string } {
  const prefix = name === ADMIN ? ADMIN : `accounts.${name}`;
  return { password: `${prefix}.password`, passwordMtime: `${prefix}.passwordMtime`, tokens: `${prefix}.tokens` };
}

function capabilities(list: string): Capability[] {
  return list.split(",").map((one) => one.trim()).filter((one): one is Capability => one === "login" || one === "apiKey");
}

function secretsOf(prefix: string, secret: Record<string, string>): Pick<Account, "passwordHash" | "passwordMtime" | "tokens"> {
  const mtime = secret[`${prefix}.passwordMtime`];
  return {
    passwordHash: secret[`${prefix}.password`] ?? "",
    ...(mtime !== undefined && !Number.isNaN(Date.parse(mtime)) && { passwordMtime: mtime }),
    tokens: tokensOf(secret[`${prefix}.tokens`]),
  };
}

function tokensOf(json: string | undefined): AccountToken[] {
  if (json === undefined || json === "") return [];
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? (list as AccountToken[]) : [];
  } catch {
    // Unreadable tokens are no tokens: everything issued before is refused.
    return [];
  }
}
