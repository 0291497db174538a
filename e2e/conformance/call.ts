/** One request of a chapter, asked of both servers word for word. `{{NAME}}` in path, body and headers is what an earlier call kept. */
export interface Request {
  name: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
  path: string;
  /** Text goes as it stands, anything else as JSON. */
  body?: unknown;
  /** Content type. */
  type?: string;
  accept?: string;
  headers?: Record<string, string>;
  /** What later calls need of the answer: name to a path in its body, such as `metadata.continue`. */
  keep?: Record<string, string>;
  /** Asked again until this holds, where a server takes its time (a CRD that is served, discovery that follows it). */
  until?: (said: Said) => boolean;
  /** Replaces the answer's body by what is to be compared, where the whole is too long or partly left to chance. */
  look?: (body: any) => unknown;
}

/** Opens a watch that stays open. */
export interface Opened {
  name: string;
  watch: string;
  path: string;
  accept?: string;
}

/** Everything that a watch told since it was last looked at, up to an event such as `DELETED one`. */
export interface Told {
  name: string;
  told: string;
  last: string;
}

/** The same, up to the end of the stream. */
export interface Ended {
  name: string;
  ended: string;
  /** Also the bookmarks that come by the clock. */
  periodic?: boolean;
  look?: (events: readonly unknown[]) => unknown;
}

/** The server forgets every change so far. */
export interface Forgotten {
  name: string;
  forgotten: "the past";
}

export type Call = Request | Opened | Told | Ended | Forgotten;

export interface Said {
  code: number | undefined;
  /** Those that clients read. */
  headers: Record<string, string | string[]>;
  /** Parsed where it is JSON. */
  body: unknown;
}

/** Calls that build on one another, in namespaces and with cluster-wide names of their own. */
export interface Chapter {
  name: string;
  calls: readonly Call[];
}

/** Paths in a chapter's own namespace, which its first call makes. */
export interface Places {
  NS: string;
  core(rest: string): string;
  apps(rest: string): string;
  batch(rest: string): string;
  net(rest: string): string;
  rbac(rest: string): string;
  /** Of any group-version. */
  of(groupVersion: string, rest: string): string;
}

/** A chapter in a fresh namespace, with the account that pods need and that a controller would make. */
export function chapter(name: string, write: (places: Places) => readonly Call[]): Chapter {
  const NS = `c-${name.replaceAll(" ", "-")}`;
  const of = (groupVersion: string, rest: string): string => `/apis/${groupVersion}/namespaces/${NS}/${rest}`;
  const places: Places = {
    NS,
    of,
    core: (rest) => `/api/v1/namespaces/${NS}/${rest}`,
    apps: (rest) => of("apps/v1", rest),
    batch: (rest) => of("batch/v1", rest),
    net: (rest) => of("networking.k8s.io/v1", rest),
    rbac: (rest) => of("rbac.authorization.k8s.io/v1", rest),
  };
  return {
    name,
    calls: [
      { name: "a namespace", method: "POST", path: "/api/v1/namespaces", body: { apiVersion: "v1", kind: "Namespace", metadata: { name: NS } } },
      { name: "its account", method: "POST", path: places.core("serviceaccounts"), body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } } },
      ...write(places),
    ],
  };
}
