import type { CallContext } from "@trireme/rpc";
import { rfc3339 } from "@trireme/runtime";
import type { Enforcer, Subject } from "@trireme/settings";
import { permissionDenied, unauthenticated } from "../errors.ts";
import { tokenFromCookies } from "./cookies.ts";
import type { Identity, Tokens } from "./tokens.ts";

/** Who makes a call, and what they may do. */
export interface Caller {
  /** `undefined` for the anonymous. */
  identity: Identity | undefined;
  /** For events and operations; "" for the anonymous. */
  username: string;
  allows(resource: string, action: string, object: string): boolean;
  /** Whether there may be an object that the caller may do this to, in these projects or outside of any. */
  allowsSomewhere(resource: string, action: string, projects: readonly string[]): boolean;
  /** Throws PermissionDenied, naming what was asked and who asked. */
  require(resource: string, action: string, object: string): void;
}

export interface AuthParts {
  tokens: Tokens;
  enforcer(): Enforcer;
  anonymousEnabled(): boolean;
  disableAuth: boolean;
}

/** The caller of a public RPC: a bad or absent token is nobody. */
export async function callerIfAny(call: CallContext, parts: AuthParts): Promise<Caller> {
  const token = tokenOf(call);
  const identity = token === undefined ? undefined : await parts.tokens.verify(token).catch(() => undefined);
  return callerFor(identity, parts);
}

/** The caller of every other RPC. Throws Unauthenticated without a valid token, unless anonymous access is on. */
export async function requireCaller(call: CallContext, parts: AuthParts): Promise<Caller> {
  if (parts.disableAuth) return callerFor(undefined, parts);
  const token = tokenOf(call);
  try {
    if (token === undefined) throw unauthenticated("no session information");
    const identity = await parts.tokens.verify(token);
    if (identity.renewed !== undefined) call.setHeader("renew-token", identity.renewed);
    return callerFor(identity, parts);
  } catch (thrown) {
    if (parts.anonymousEnabled()) return callerFor(undefined, parts);
    throw thrown;
  }
}

export function callerFor(identity: Identity | undefined, parts: Pick<AuthParts, "enforcer" | "disableAuth">): Caller {
  const subject: Subject = { id: identity?.subject ?? "", groups: identity?.groups ?? [] };
  const allows = (resource: string, action: string, object: string) => parts.disableAuth || parts.enforcer().allows(subject, resource, action, object);
  return {
    identity,
    username: subject.id,
    allows,
    allowsSomewhere: (resource, action, projects) => parts.disableAuth || parts.enforcer().allowsSomewhere(subject, resource, action, projects),
    require(resource, action, object) {
      if (allows(resource, action, object)) return;
      const who = identity === undefined ? [] : [`sub: ${identity.subject}`, `iat: ${rfc3339(identity.issuedAt * 1000)}`];
      throw permissionDenied([resource, action, object, ...who].join(", "));
    },
  };
}

/** In Argo CD's order: metadata `token`, `Authorization: Bearer`, the cookie. */
function tokenOf(call: CallContext): string | undefined {
  const metadata = call.header("token");
  if (metadata) return metadata;
  const bearer = /^Bearer\s+(\S+)$/i.exec(call.header("authorization") ?? "")?.[1];
  if (bearer) return bearer;
  return tokenFromCookies(call.header("cookie") ?? call.header("grpcgateway-cookie"));
}
