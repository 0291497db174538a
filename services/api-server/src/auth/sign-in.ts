import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Account } from "@trireme/settings";
import { invalid, unauthenticated } from "../errors.ts";
import { hashPassword, passwordFits } from "./passwords.ts";
import type { LoginLimits } from "./login-limits.ts";

const MAX_USERNAME_BYTES = 32;

export interface SignInParts {
  limits: LoginLimits;
  account(name: string): Account | undefined;
  /** Shortest and longest answer, so that time tells nothing; tests make it nothing. */
  paddingMs?: readonly [number, number];
}

/**
 * Checks a local account's password. Every refusal sounds the same and takes the same time, whether
 * the name, the password or the number of attempts is the reason.
 */
export async function signIn(username: string, password: string, parts: SignInParts, signal: AbortSignal): Promise<Account> {
  if (username === "" && password === "") throw unauthenticated("no credentials supplied");
  if (password === "") throw unauthenticated("Blank passwords are not allowed");
  if (Buffer.byteLength(username) > MAX_USERNAME_BYTES) throw invalid(`Username is too long (${MAX_USERNAME_BYTES} bytes max)`);
  const [shortest, longest] = parts.paddingMs ?? [500, 1000];
  const padded = pause(shortest + (longest > shortest ? randomInt(longest - shortest) : 0), undefined, { signal }).catch(() => undefined);
  try {
    const account = await parts.limits.within(() => check(username, password, parts));
    if (account === undefined) throw unauthenticated("Invalid username or password");
    return account;
  } finally {
    await padded;
  }
}

async function check(username: string, password: string, { limits, account: find }: SignInParts): Promise<Account> {
  const refused = unauthenticated("Invalid username or password");
  if (limits.exceeded(username)) throw refused;
  const account = find(username);
  if (account === undefined) {
    limits.failed(username);
    await hashPassword("for a response time like any other");
    throw refused;
  }
  if (!(await passwordFits(password, account.passwordHash))) {
    limits.failed(username);
    throw refused;
  }
  if (!account.enabled) throw unauthenticated(`Account ${username} is disabled`);
  if (!account.capabilities.includes("login")) throw unauthenticated(`Account ${username} does not have login capability`);
  limits.succeeded(username);
  return account;
}
