import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/bcrypt";

const COST = 10;
const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

export function hashPassword(password: string): Promise<string> {
  return hash(password, { cost: COST });
}

/** False for a wrong password and for a hash that is none. */
export async function passwordFits(password: string, passwordHash: string): Promise<boolean> {
  if (passwordHash === "") return false;
  try {
    return await verify(password, passwordHash);
  } catch {
    return false;
  }
}

/** What a first start gives `admin`. */
export function randomPassword(length = 16): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
