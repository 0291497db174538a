import { createHash, randomUUID } from "node:crypto";
import { decodeJwt, errors, jwtVerify, SignJWT, type JWTPayload } from "jose";
import type { Clock } from "@trireme/runtime";
import { projectRoleOf, type Account, type Capability } from "@trireme/settings";
import type { AppProject } from "@trireme/api/argo";
import { unauthenticated } from "../errors.ts";

export const ISSUER = "argocd";
/** A session with less left than this gets a new token with each answer. */
const RENEW_MS = 5 * 60_000;
const VERIFIED_MAX = 10_000;

/** What a verified token says. `subject` is the bare account, or `proj:<project>:<role>`. */
export interface Identity {
  subject: string;
  groups: readonly string[];
  issuer: string;
  id: string;
  /** Seconds since 1970. */
  issuedAt: number;
  expiresAt: number | undefined;
  capability: Capability | "project";
  /** Set when the session is about to end. */
  renewed?: string;
}

export interface TokenParts {
  clock: Clock;
  /** The HMAC key as it stands in argocd-secret. */
  key(): string;
  account(name: string): Account | undefined;
  project(name: string): AppProject | undefined;
  isRevoked(id: string): boolean;
}

export interface Tokens {
  /** `seconds` 0: never expires. */
  issue(subject: string, seconds: number, id?: string): Promise<string>;
  /** Throws Unauthenticated with what is wrong with the token; never with the token itself. */
  verify(token: string): Promise<Identity>;
}

/** Argo CD's own tokens: HS256 with `server.secretkey`, subjects `<user>:login`, `<user>:apiKey`, `proj:<project>:<role>`. */
export function createTokens(parts: TokenParts): Tokens {
  // Checking a signature costs ten times what everything else does; what the token allows is looked up each time.
  const verified = new Map<string, JWTPayload>();

  const issue: Tokens["issue"] = async (subject, seconds, id = randomUUID()) => {
    const now = Math.floor(parts.clock.now() / 1000);
    const claims = new SignJWT().setProtectedHeader({ alg: "HS256", typ: "JWT" }).setIssuer(ISSUER).setSubject(subject).setIssuedAt(now).setNotBefore(now).setJti(id);
    if (seconds > 0) claims.setExpirationTime(now + seconds);
    return claims.sign(keyBytes(parts.key()));
  };

  async function claimsOf(token: string): Promise<JWTPayload> {
    const key = parts.key();
    const digest = createHash("sha256").update(key).update("\n").update(token).digest("base64");
    const known = verified.get(digest);
    if (known !== undefined && (known.exp === undefined || known.exp * 1000 > parts.clock.now())) return known;
    verified.delete(digest);
    try {
      const { payload } = await jwtVerify(token, keyBytes(key), { algorithms: ["HS256"], issuer: ISSUER, currentDate: new Date(parts.clock.now()), clockTolerance: 0 });
      if (verified.size >= VERIFIED_MAX) verified.delete(verified.keys().next().value!);
      verified.set(digest, payload);
      return payload;
    } catch (thrown) {
      throw unauthenticated(`invalid session: ${problemOf(thrown)}`);
    }
  }

  return {
    issue,
    async verify(token) {
      if (token.length > 64 * 1024) throw unauthenticated("invalid session: the token is too long");
      requireOurs(token);
      const claims = await claimsOf(token);
      const full = claims.sub ?? "";
      const base = { issuer: ISSUER, id: claims.jti ?? "", issuedAt: claims.iat ?? 0, expiresAt: claims.exp, groups: [] };
      const role = projectRoleOf(full);
      if (role !== undefined) {
        requireProjectToken(parts.project(role.project), role, base);
        return { ...base, subject: full, capability: "project" };
      }
      const [name = "", kind] = full.split(":");
      const capability: Capability = kind === "login" ? "login" : "apiKey";
      requireAccountToken(parts, name, capability, base);
      const identity: Identity = { ...base, subject: name, capability };
      if (capability === "login" && claims.exp !== undefined && claims.exp * 1000 - parts.clock.now() < RENEW_MS) identity.renewed = await issue(`${name}:login`, claims.exp - base.issuedAt);
      return identity;
    },
  };
}

function requireOurs(token: string): void {
  let issuer: string | undefined;
  try {
    issuer = decodeJwt(token).iss;
  } catch {
    throw unauthenticated("invalid session: token is malformed");
  }
  if (issuer !== ISSUER) throw unauthenticated("failed to verify the token");
}

function requireProjectToken(project: AppProject | undefined, { project: name, role }: { project: string; role: string }, token: { id: string; issuedAt: number }): void {
  const items = project?.status?.jwtTokensByRole?.[role]?.items ?? [];
  const found = items.some((item) => (token.id !== "" && item.id === token.id) || item.iat === token.issuedAt);
  if (project === undefined || !found) throw unauthenticated(`invalid session: JWT token for role '${role}' issued at '${token.issuedAt}' does not exist in project '${name}'`);
}

function requireAccountToken(parts: TokenParts, name: string, capability: Capability, token: { id: string; issuedAt: number }): void {
  const account = parts.account(name);
  const refuse = (why: string): never => {
    throw unauthenticated(`invalid session: ${why}`);
  };
  if (account === undefined) return refuse(`account '${name}' does not exist`);
  if (!account.enabled) return refuse(`account ${name} is disabled`);
  if (!account.capabilities.includes(capability)) return refuse(`account ${name} does not have '${capability}' capability`);
  if (token.id === "") return refuse("token does not have a unique identifier (jti claim) and cannot be validated");
  if (parts.isRevoked(token.id)) return refuse("token is revoked, please re-login");
  if (capability === "apiKey" && !account.tokens.some((own) => own.id === token.id)) return refuse(`account ${name} does not have token with id ${token.id}`);
  if (account.passwordMtime !== undefined && token.issuedAt * 1000 < Math.floor(Date.parse(account.passwordMtime) / 1000) * 1000) return refuse("account password has changed since token issued");
}

function keyBytes(key: string): Uint8Array {
  return new TextEncoder().encode(key);
}

function problemOf(thrown: unknown): string {
  if (thrown instanceof errors.JWTExpired) return "token has invalid claims: token is expired";
  if (thrown instanceof errors.JWSSignatureVerificationFailed) return "token signature is invalid";
  if (thrown instanceof errors.JWTClaimValidationFailed) return `token has invalid claims: ${thrown.claim}`;
  return "token is malformed";
}
