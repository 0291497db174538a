import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { AppError, Code } from "./errors.ts";

/**
 * The installation's keys: `sealing` protects rendered sets at rest (AES-256-GCM), `redaction` makes the hash
 * that stands in for a Secret's value. Two of each are valid while a rotation runs: the first writes, all read.
 * Stored as JSON `{ "sealing": [base64…], "redaction": [base64…] }` in Secret `trireme-keys`, key `keys.json`,
 * or in the file that TRIREME_KEYS_FILE names.
 */
export interface Keys {
  sealing: readonly Buffer[];
  redaction: readonly Buffer[];
}

export function generateKeysText(): string {
  return JSON.stringify({ sealing: [randomBytes(32).toString("base64")], redaction: [randomBytes(32).toString("base64")] });
}

export function parseKeys(text: string, where: string): Keys {
  const fail = (why: string) => new AppError(`${where}: ${why}`, { reason: "InvalidKeys", code: Code.FailedPrecondition, retry: "never" });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw fail("is not JSON");
  }
  const read = (name: "sealing" | "redaction"): Buffer[] => {
    const list = (parsed as Record<string, unknown>)?.[name];
    if (!Array.isArray(list) || list.length === 0) throw fail(`has no ${name} key`);
    return list.map((item) => {
      const key = Buffer.from(String(item), "base64");
      if (key.length !== 32) throw fail(`a ${name} key must be 32 bytes in base64`);
      return key;
    });
  };
  return { sealing: read("sealing"), redaction: read("redaction") };
}

/** `version (1) | nonce (12) | tag (16) | ciphertext`; `context` is authenticated, not stored. */
export function seal(keys: Keys, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keys.sealing[0]!, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body]);
}

/** `undefined` where it was not sealed by these keys for this context: treat it as absent. */
export function unseal(keys: Keys, sealed: Uint8Array, context: string): Buffer | undefined {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 29 || bytes[0] !== 1) return undefined;
  for (const key of keys.sealing) {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 13));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(13, 29));
      return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]);
    } catch {
      // Another key may fit: a rotation leaves the older one valid for a while.
    }
  }
  return undefined;
}

/** What stands in for a secret value everywhere but in the apply call: equal values, equal hashes. */
export function redactionHash(keys: Keys, value: string | Uint8Array): string {
  return createHmac("sha256", keys.redaction[0]!).update(value).digest("base64url").slice(0, 22);
}
