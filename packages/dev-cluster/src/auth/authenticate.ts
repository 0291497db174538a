import type { TLSSocket } from "node:tls";
import type { IncomingMessage } from "node:http";
import type { User } from "../server/context.ts";
import { unauthorized } from "../server/status-error.ts";

const AUTHENTICATED = "system:authenticated";
export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Answers the user of a bearer token, or `undefined` for one that it does not know. */
export type TokenReader = (token: string) => Promise<User | undefined>;

/**
 * Who asks: the client certificate's common name and organisations, else the bearer token's user, else nobody in
 * particular. A token that is not valid is 401, never anonymous.
 */
export async function authenticate(request: IncomingMessage, readToken: TokenReader): Promise<User> {
  const certificate = clientCertificate(request);
  if (certificate) return certificate;
  const header = request.headers.authorization ?? "";
  const token = /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1];
  if (token === undefined) return ANONYMOUS;
  const user = await readToken(token);
  if (!user) throw unauthorized();
  return withAuthenticated(user);
}

export function withAuthenticated(user: User): User {
  return user.groups.includes(AUTHENTICATED) ? user : { ...user, groups: [...user.groups, AUTHENTICATED] };
}

/** Reading a certificate takes longer than reading an object, and it stays the same for as long as its connection. */
const known = new WeakMap<object, User>();

function clientCertificate(request: IncomingMessage): User | undefined {
  const socket = request.socket as Partial<TLSSocket>;
  let user = known.get(socket);
  if (user === undefined && (user = certified(socket)) !== undefined) known.set(socket, user);
  return user;
}

function certified(socket: Partial<TLSSocket>): User | undefined {
  if (!socket.authorized || !socket.getPeerCertificate) return undefined;
  const { subject } = socket.getPeerCertificate();
  if (!subject?.CN) return undefined;
  const organisations = subject.O === undefined ? [] : Array.isArray(subject.O) ? subject.O : [subject.O];
  return withAuthenticated({ name: String(subject.CN), groups: organisations });
}
