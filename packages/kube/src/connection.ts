import type { Duplex } from "node:stream";
import { waited } from "@trireme/runtime/waited";

/** How to reach one API server as one identity. Made from a kubeconfig, the pod's own account, or an Argo cluster Secret. */
export interface Connection {
  /** Base URL; may carry a path (`https://rancher.test/k8s/clusters/c-1`). */
  server: string;
  tls?: {
    /** PEM. Absent: the system's certificate authorities. */
    ca?: string;
    serverName?: string;
    insecure?: boolean;
  };
  /** A server in the same process: its end of a new connection, instead of one over the network. */
  open?: () => Duplex;
  /** http://, https:// or socks5://. Absent: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, as for other clients. */
  proxyUrl?: string;
  /** Namespace of the kubeconfig context, or of the pod. */
  namespace?: string;
  /**
   * Asked before requests; answers from memory while what it has is valid.
   * `renew` after a 401: whatever was cached is not good any more.
   */
  credentials(options?: { renew?: boolean; signal?: AbortSignal }): Promise<Credentials>;
}

export interface Credentials {
  authorization?: string;
  /** PEM client certificate and key. */
  cert?: string;
  key?: string;
  /** Sent along with every request, such as a kubeconfig's `as`. */
  headers?: Record<string, string | string[]>;
}

/** Credentials that never change. */
export function staticCredentials(credentials: Credentials): Connection["credentials"] {
  const answer = Promise.resolve(credentials);
  return () => answer;
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/**
 * Keeps what `load` answered until `expiresAt` (milliseconds since the epoch; `undefined` is for good)
 * and lets everybody who asks meanwhile wait for the same load.
 */
export function renewedCredentials(load: () => Promise<{ credentials: Credentials; expiresAt?: number }>): Connection["credentials"] {
  let held: { credentials: Credentials; expiresAt?: number } | undefined;
  let loading: Promise<Credentials> | undefined;
  return (options) => {
    if (held && options?.renew !== true && (held.expiresAt === undefined || held.expiresAt > Date.now())) return Promise.resolve(held.credentials);
    loading ??= load()
      .then((loaded) => {
        held = loaded;
        return loaded.credentials;
      })
      .finally(() => {
        loading = undefined;
      });
    return waited(loading, options?.signal);
  };
}
