import type { ClusterId, GroupVersionKind, KubeList, KubeObject, KubeStatus, ObjectKey } from "@trireme/api";

/** A kind as discovery knows it: enough to write its URL. */
export interface ResourceInfo extends GroupVersionKind {
  /** Plural, lower case: `deployments`. */
  resource: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames?: readonly string[];
  singular?: string;
  /** Names of the subresources served: `status`, `scale`, `log` … */
  subresources: readonly string[];
}

export interface Discovery {
  /** Preferred version of each group first; only kinds that could be learnt. */
  resources: readonly ResourceInfo[];
  /** Group-versions that are listed but did not answer: their kinds are unknown, not absent. */
  failed: readonly { groupVersion: string; message: string }[];
  /** `undefined` where the kind is not served (or its group-version is in `failed`: then it throws). */
  find(gvk: { group: string; kind: string; version?: string }): ResourceInfo | undefined;
  serverVersion: { major: string; minor: string; gitVersion: string };
}

export interface ListOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: "Exact" | "NotOlderThan";
  /** Only metadata (`PartialObjectMetadata`); far smaller. */
  metadataOnly?: boolean;
  signal?: AbortSignal;
}

export type WatchEvent<T extends KubeObject = KubeObject> =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: T }
  | { type: "BOOKMARK"; object: KubeObject }
  | { type: "ERROR"; object: KubeStatus };

export interface WriteOptions {
  dryRun?: boolean;
  fieldManager?: string;
  fieldValidation?: "Strict" | "Warn" | "Ignore";
  /** Subresource: `status`, `scale`, `eviction` … */
  subresource?: string;
  signal?: AbortSignal;
}

export type PatchType = "json" | "merge" | "strategic" | "apply";

export interface DeleteOptions {
  propagationPolicy?: "Foreground" | "Background" | "Orphan";
  preconditions?: { uid?: string; resourceVersion?: string };
  gracePeriodSeconds?: number;
  dryRun?: boolean;
  signal?: AbortSignal;
}

export interface ObjectRef extends ObjectKey {
  /** Absent: the version that discovery prefers. */
  version?: string;
}

/**
 * One cluster seen as one identity. Raw JSON in and out, unknown fields kept, one keep-alive pool.
 * Failures throw KubeError, which carries the server's Status.
 */
export interface KubeClient {
  readonly cluster: ClusterId;
  /** Cached; learnt anew by `discovery({ refresh: true })`, and when a kind is asked for that was not served before. */
  discovery(options?: { refresh?: boolean; signal?: AbortSignal }): Promise<Discovery>;
  /** OpenAPI v3 document of a group-version, cached by the server's hash. */
  openapi(groupVersion: { group: string; version: string }, signal?: AbortSignal): Promise<OpenApiDocument>;
  get<T extends KubeObject = KubeObject>(ref: ObjectRef, options?: { subresource?: string; signal?: AbortSignal }): Promise<T>;
  /** `undefined` where the server says NotFound; everything else throws. */
  find<T extends KubeObject = KubeObject>(ref: ObjectRef, options?: { signal?: AbortSignal }): Promise<T | undefined>;
  list<T extends KubeObject = KubeObject>(gvk: { group: string; version?: string; kind: string }, options?: ListOptions): Promise<KubeList<T>>;
  create<T extends KubeObject>(object: T, options?: WriteOptions): Promise<T>;
  update<T extends KubeObject>(object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject = KubeObject>(ref: ObjectRef, type: PatchType, body: unknown, options?: WriteOptions & { force?: boolean }): Promise<T>;
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<KubeObject | KubeStatus>;
  /** Ends when the server ends it; ERROR events (410 among them) are yielded, not thrown. */
  watch<T extends KubeObject = KubeObject>(gvk: { group: string; version?: string; kind: string }, options: ListOptions & { allowWatchBookmarks?: boolean; timeoutSeconds?: number }): AsyncIterable<WatchEvent<T>>;
  /** Any path, for logs, tables and what has no method here. */
  raw(request: RawRequest): Promise<RawResponse>;
  /** The same cluster as somebody else (`Impersonate-User`, `-Group`); shares the connections and what is known of the served kinds, no other answers. */
  as(user: { username: string; groups?: readonly string[] }): KubeClient;
  close(): Promise<void>;
}

export interface RawRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

export interface RawResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Body as it streams in. */
  body: AsyncIterable<Uint8Array>;
  text(): Promise<string>;
}

export interface OpenApiDocument {
  components?: { schemas?: Record<string, any> };
  paths?: Record<string, any>;
}

/** What happened to a watched object. `old` is what the cache held before. */
export interface CacheEvent<T extends KubeObject = KubeObject> {
  type: "added" | "modified" | "deleted";
  object: T;
  old?: T;
}

/**
 * A level-triggered cache of one kind (list, then watch, relist on 410, bookmarks, backoff).
 * Until `synced` its content is unknown, never empty.
 */
export interface WatchCache<T extends KubeObject = KubeObject> extends AsyncDisposable {
  readonly synced: boolean;
  /** Resolves at the first complete list; rejects with the reason at the deadline. */
  waitForSync(signal?: AbortSignal): Promise<void>;
  /** Why it is not current now (connection lost, forbidden …), with since when; `undefined` when it is. */
  readonly failure: { message: string; since: number; reason: string } | undefined;
  get(namespace: string, name: string): T | undefined;
  list(): T[];
  on(listener: (event: CacheEvent<T>) => void): () => void;
  /** The response of an own write enters at once; the echo with that resourceVersion is dropped. */
  observe(object: T): void;
  observeDeleted(object: T): void;
}
