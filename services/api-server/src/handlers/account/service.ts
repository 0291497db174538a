import { randomUUID } from "node:crypto";
import { rfc3339 } from "@trireme/runtime";
import { accountKeys, encodeBase64, parseAccounts, secretData, type Account, type AccountToken } from "@trireme/settings";
import { RE2JS } from "re2js";
import { passwordFits, hashPassword } from "../../auth/passwords.ts";
import { MAIN_SECRET } from "../../auth/bootstrap.ts";
import { changeData } from "../../state/write-secret.ts";
import { invalid, notFound, unknown } from "../../errors.ts";
import type { Context } from "../../context.ts";
import { filter, inside, signedIn, unary, type Rpc } from "../rpc.ts";

/** May the caller do this? `yes` or `no`. */
const canI = unary(signedIn("tells only what the caller may do"), async (request, { caller }) => {
  return { value: caller.allows(request.resource ?? "", request.action ?? "", request.subresource ?? "") ? "yes" : "no" };
});

const list = unary(filter("accounts"), async (_request, { ctx, caller }) => {
  const accounts = [...ctx.settings.current().accounts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { items: accounts.filter((account) => caller.allows("accounts", "get", account.name)).map(shown) };
});

const get = unary(inside("everybody may see their own account", ["accounts", "get"]), async (request, { ctx, caller }) => {
  if (caller.username !== request.name || caller.identity === undefined) caller.require("accounts", "get", request.name ?? "");
  return shown(accountNamed(request.name ?? "", ctx));
});

/** A person changes their own password by showing the present one; somebody else's needs `accounts, update`. */
const updatePassword = unary(inside("everybody may change their own password", ["accounts", "update"]), async (request, { ctx, caller, signal }) => {
  const { identity } = caller;
  const name: string = request.name || caller.username;
  if (identity !== undefined && identity.capability !== "login") throw invalid("password can only be changed for local users, not user " + JSON.stringify(name));
  if (name !== caller.username) caller.require("accounts", "update", name);
  const settings = ctx.settings.current();
  const account = accountNamed(name, ctx);
  const own = settings.accounts.get(caller.username);
  if (own === undefined || !(await passwordFits(request.currentPassword ?? "", own.passwordHash))) throw invalid("current password does not match");
  const password: string = request.newPassword ?? "";
  if (!matchesPattern(settings.passwordPattern, password)) throw invalid(`New password does not match the following expression: ${settings.passwordPattern}.`);
  const hash = await hashPassword(password);
  const keys = accountKeys(account.name);
  await changeAccount(ctx, signal, (data) => ({ ...data, [keys.password]: encodeBase64(hash), [keys.passwordMtime]: encodeBase64(rfc3339(ctx.clock.now())) }));
  return {};
});

/** An API token for an account that may have some; kept by its id, so that it can be taken back. */
const createToken = unary(inside("everybody may make tokens for themselves", ["accounts", "update"]), async (request, { ctx, caller, signal }) => {
  const name: string = request.name ?? "";
  if (caller.username !== name || caller.identity === undefined) caller.require("accounts", "update", name);
  const account = accountNamed(name, ctx);
  if (!account.capabilities.includes("apiKey")) throw unknown(`failed to update account with new token: account '${name}' does not have apiKey capability`, "NoApiKeyCapability");
  const id: string = request.id || randomUUID();
  if (account.tokens.some((token) => token.id === id)) throw unknown(`failed to update account with new token: account already has token with id '${id}'`, "TokenExists");
  const seconds = Number(request.expiresIn ?? 0);
  const iat = Math.floor(ctx.clock.now() / 1000);
  const token = await ctx.auth.tokens.issue(`${name}:apiKey`, seconds, id);
  await changeTokens(ctx, signal, name, (tokens) => {
    if (tokens.some((one) => one.id === id)) throw unknown(`failed to update account with new token: account already has token with id '${id}'`, "TokenExists");
    return [...tokens, { id, iat, ...(seconds > 0 && { exp: iat + seconds }) }];
  });
  return { token };
});

const deleteToken = unary(inside("everybody may take back their own tokens", ["accounts", "update"]), async (request, { ctx, caller, signal }) => {
  const name: string = request.name ?? "";
  if (caller.username !== name || caller.identity === undefined) caller.require("accounts", "update", name);
  const account = accountNamed(name, ctx);
  if (!account.tokens.some((token) => token.id === request.id)) throw notFound(`failed to delete account token: token with id '${request.id ?? ""}' does not exist`);
  await changeTokens(ctx, signal, name, (tokens) => tokens.filter((token) => token.id !== request.id));
  return {};
});

function accountNamed(name: string, ctx: Context): Account {
  const account = ctx.settings.current().accounts.get(name);
  if (account === undefined) throw notFound(`account '${name}' does not exist`);
  return account;
}

function shown(account: Account) {
  return {
    name: account.name,
    enabled: account.enabled,
    capabilities: account.capabilities,
    tokens: [...account.tokens].sort((a, b) => b.iat - a.iat).map(({ id, iat, exp }) => ({ id, issuedAt: iat, ...(exp !== undefined && { expiresAt: exp }) })),
  };
}

async function changeTokens(ctx: Context, signal: AbortSignal, name: string, change: (tokens: AccountToken[]) => AccountToken[]): Promise<void> {
  const key = accountKeys(name).tokens;
  await changeAccount(ctx, signal, (data) => {
    const present = parseAccounts({ [`accounts.${name}`]: "apiKey" }, secretData({ apiVersion: "v1", kind: "Secret", metadata: {}, data })).get(name)?.tokens ?? [];
    const tokens = change(present);
    const { [key]: _old, ...rest } = data;
    return tokens.length === 0 ? rest : { ...rest, [key]: encodeBase64(JSON.stringify(tokens)) };
  });
}

async function changeAccount(ctx: Context, signal: AbortSignal, change: (data: Record<string, string>) => Record<string, string>): Promise<void> {
  await changeData({ client: ctx.kube, cache: ctx.plane.secrets, kind: "Secret", namespace: ctx.namespace, name: MAIN_SECRET, signal, change });
}

function matchesPattern(pattern: string, password: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(password).find();
  } catch {
    return RE2JS.compile("^.{8,32}$").matcher(password).find();
  }
}

export const accountService: Record<string, Rpc> = { CanI: canI, ListAccounts: list, GetAccount: get, UpdatePassword: updatePassword, CreateToken: createToken, DeleteToken: deleteToken };
