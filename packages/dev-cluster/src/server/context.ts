import type { KubeObject } from "@trireme/api";
import type { Upgrade } from "../nodes/exec/remote-command.ts";
import type { Store } from "../storage/store.ts";
import type { TypeRegistry } from "../types/registry.ts";
import type { ResourceType } from "../types/resource-type.ts";
import type { Rbac } from "../auth/rbac.ts";
import type { NewToken } from "../auth/tokens.ts";
import type { Strategy } from "../kinds/strategy.ts";
import type { RequestInfo } from "./request-info.ts";

/** Who asks. */
export interface User {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Readonly<Record<string, readonly string[]>>;
}

/** What every handler may reach. */
export interface ApiContext {
  readonly store: Store;
  readonly types: TypeRegistry;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly rbac: Rbac;
  strategyOf(type: ResourceType): Strategy;
  signToken(token: NewToken): Promise<string>;
}

/** One request on its way through the handlers. */
export interface Call {
  readonly info: RequestInfo;
  readonly user: User;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Texts for `Warning: 299` headers, in order. */
  readonly warnings: string[];
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  readonly manager: string;
  /** The connection of a request that asks for another protocol on it. */
  readonly upgrade?: Upgrade;
}

/** Answer of a handler: an object (or list) with its HTTP code, before negotiation. */
export interface Answer {
  code: number;
  object: Record<string, unknown> | KubeObject;
  /** Ready JSON text of the object, where it exists. */
  json?: string;
  /** The kind's type, for tables and metadata-only forms. */
  type?: ResourceType;
}

/** RFC 3339 with seconds, as metadata carries it. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
