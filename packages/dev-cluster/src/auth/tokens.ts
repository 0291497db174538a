import { createPrivateKey, createPublicKey, randomUUID, timingSafeEqual, type KeyObject } from "node:crypto";
import type { User } from "../server/context.ts";
import type { Store } from "../storage/store.ts";

const ISSUER = "https://kubernetes.default.svc.cluster.local";
const CLAIMS = "kubernetes.io";
const ALGORITHM = "ES256";
/** Loaded with the first token of an account: most starts see none for a while. */
const jose = () => import("jose");

export interface NewToken {
  namespace: string;
  name: string;
  uid: string;
  /** Absent: the API server itself. */
  audiences?: readonly string[] | undefined;
  /** Milliseconds since the epoch; absent for the tokens of Secrets, which do not expire. */
  expires?: number;
  bound?: { kind: string; name: string; uid: string };
}

/** ServiceAccount tokens (JWT) and the fixed tokens of the cluster's own users. A token lives as long as what it is bound to. */
export class Tokens {
  readonly audiences: readonly string[] = [ISSUER];
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #store: Store;
  readonly #now: () => number;
  readonly #fixed: readonly { token: Buffer; user: User }[];
  /** Verified tokens, since checking a signature costs more than most requests. */
  readonly #verified = new Map<string, { payload: Record<string, any>; until: number }>();

  constructor(parts: { key: string; store: Store; now: () => number; fixed: readonly { token: string; user: User }[] }) {
    this.#private = createPrivateKey(parts.key);
    this.#public = createPublicKey(this.#private);
    this.#store = parts.store;
    this.#now = parts.now;
    this.#fixed = parts.fixed.map(({ token, user }) => ({ token: Buffer.from(token), user }));
  }

  async sign({ namespace, name, uid, audiences = this.audiences, expires, bound }: NewToken): Promise<string> {
    const claims = { namespace, serviceaccount: { name, uid }, ...(bound && { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }) };
    const seconds = Math.floor(this.#now() / 1000);
    const { SignJWT } = await jose();
    const token = new SignJWT({ [CLAIMS]: claims }).setProtectedHeader({ alg: ALGORITHM }).setIssuer(ISSUER).setSubject(`system:serviceaccount:${namespace}:${name}`).setAudience([...audiences]).setIssuedAt(seconds).setNotBefore(seconds).setJti(randomUUID());
    if (expires !== undefined) token.setExpirationTime(Math.floor(expires / 1000));
    return token.sign(this.#private);
  }

  /** The user of a token; `undefined` for one that is unknown, expired, for others, or bound to something gone. */
  async read(token: string, audiences: readonly string[] = this.audiences): Promise<User | undefined> {
    const given = Buffer.from(token);
    for (const fixed of this.#fixed) if (fixed.token.length === given.length && timingSafeEqual(fixed.token, given)) return fixed.user;
    const payload = await this.#verify(token);
    if (!payload) return undefined;
    const aud: string[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
    if (!aud.some((one) => audiences.includes(one))) return undefined;
    return this.#userOf(payload);
  }

  async #verify(token: string): Promise<Record<string, any> | undefined> {
    const known = this.#verified.get(token);
    if (known) return known.until > this.#now() ? known.payload : undefined;
    const { errors, jwtVerify } = await jose();
    try {
      const { payload } = await jwtVerify(token, this.#public, { algorithms: [ALGORITHM], issuer: ISSUER, currentDate: new Date(this.#now()) });
      if (this.#verified.size > 10_000) this.#verified.clear();
      this.#verified.set(token, { payload, until: payload.exp === undefined ? Infinity : payload.exp * 1000 });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  #userOf(payload: Record<string, any>): User | undefined {
    const { namespace, serviceaccount, pod, secret, node } = payload[CLAIMS] ?? {};
    if (!namespace || !serviceaccount) return undefined;
    const lives = (bucket: string, key: string, uid: string): boolean => this.#store.get(bucket, key)?.object.metadata.uid === uid;
    if (!lives("serviceaccounts", `${namespace}/${serviceaccount.name}`, serviceaccount.uid)) return undefined;
    if (pod && !lives("pods", `${namespace}/${pod.name}`, pod.uid)) return undefined;
    if (secret && !lives("secrets", `${namespace}/${secret.name}`, secret.uid)) return undefined;
    if (node && !pod && !lives("nodes", node.name, node.uid)) return undefined;
    return {
      name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
      uid: serviceaccount.uid,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
      extra: {
        "authentication.kubernetes.io/credential-id": [`JTI=${payload.jti}`],
        ...(pod && { "authentication.kubernetes.io/pod-name": [pod.name], "authentication.kubernetes.io/pod-uid": [pod.uid] }),
      },
    };
  }
}
