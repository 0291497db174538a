import { IN_CLUSTER, apiVersionOf, gvkOf, parseApiVersion, type ClusterId, type KubeList, type KubeObject, type KubeStatus } from "@trireme/api";
import { waited } from "@trireme/runtime/waited";
import type { DeleteOptions, Discovery, KubeClient, ListOptions, ObjectRef, OpenApiDocument, PatchType, RawRequest, RawResponse, ResourceInfo, WatchEvent, WriteOptions } from "./client.ts";
import type { Connection } from "./connection.ts";
import { discover } from "./discovery.ts";
import { KindNotServedError, KubeError, KubeUnreachableError, isNotFound } from "./errors.ts";
import { OpenApiStore } from "./openapi.ts";
import { collectionPath, objectPath } from "./paths.ts";
import { Transport, connectionFailure, type KubeRequestEvent, type KubeResponseEvent, type TransportRequest } from "./transport.ts";
import { watchStream } from "./watch-stream.ts";

export interface KubeClientOptions {
  /** The cluster's identity, which need not be the address that it is reached by. Default: the control plane's own. */
  cluster?: ClusterId;
  connection: Connection;
  requestTimeoutMs?: number;
  connectTimeoutMs?: number;
  connections?: number;
  userAgent?: string;
  onRequest?: (event: KubeRequestEvent) => void;
  onResponse?: (event: KubeResponseEvent) => void;
  /** A server that is silent for so long is asked whether it is there; with no answer in 5 s its connections are given up. Default 9 s. */
  watchSilenceMs?: number;
  /** A watch with bookmarks that is silent for so long ends, to be opened again. Default 90 s (servers send one a minute where something has happened). */
  bookmarkSilenceMs?: number;
}

const CONTENT_TYPES: Record<PatchType, string> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  // JSON is YAML; the server takes the apply only under this name.
  apply: "application/apply-patch+yaml",
};

const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const METADATA_WATCH = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const PROBE_MS = 5_000;
/** A kind that discovery does not know is asked for again after so long. */
const MISS_MS = 1_000;

/** A client of one cluster as one identity; `close` ends its connections. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const cluster = options.cluster ?? IN_CLUSTER;
  const silenceMs = options.watchSilenceMs ?? 9_000;
  return new RestClient({ ...shared(new Transport({ ...options, cluster, silenceMs })), silenceMs, probeMs: Math.min(PROBE_MS, silenceMs * 2), bookmarkSilenceMs: options.bookmarkSilenceMs ?? 90_000 }, undefined);
}

/** What a client and its impersonated faces have in common. What a cluster serves does not depend on who asks. */
interface Shared {
  transport: Transport;
  openapi: OpenApiStore;
  discovery: Promise<Discovery> | undefined;
  discoveredAt: number;
  /** A refresh under way, and the one that begins after it for all who ask meanwhile. */
  refreshing: { now: Promise<Discovery>; next: Promise<Discovery> | undefined } | undefined;
  probe: Promise<void> | undefined;
  silenceMs: number;
  probeMs: number;
  bookmarkSilenceMs: number;
}

function shared(transport: Transport): Omit<Shared, "silenceMs" | "probeMs" | "bookmarkSilenceMs"> {
  return { transport, openapi: new OpenApiStore(transport), discovery: undefined, discoveredAt: 0, refreshing: undefined, probe: undefined };
}

/** What a reader that keeps a cache adds to a watch. */
export interface CacheWatch {
  /** True: the event is known already and is not even parsed. */
  skip?: (line: Buffer) => boolean;
  /** The server has accepted the watch. */
  onOpen?: () => void;
}

class RestClient implements KubeClient {
  readonly #shared: Shared;
  readonly #user: { username: string; groups?: readonly string[] } | undefined;

  constructor(shared: Shared, user: { username: string; groups?: readonly string[] } | undefined) {
    this.#shared = shared;
    this.#user = user;
    shared.transport.probe ??= () => this.#probe();
  }

  get cluster(): ClusterId {
    return this.#shared.transport.cluster;
  }

  discovery(options: { refresh?: boolean; signal?: AbortSignal } = {}): Promise<Discovery> {
    if (options.refresh) return waited(this.#refreshed(), options.signal);
    return waited(this.#shared.discovery ?? this.#discover(), options.signal);
  }

  /** Learnt after this call: a refresh that is under way may have been too early, so all who ask meanwhile share the one after it. */
  #refreshed(): Promise<Discovery> {
    const { refreshing } = this.#shared;
    if (refreshing) return (refreshing.next ??= refreshing.now.catch(() => undefined).then(() => this.#refreshed()));
    const now = this.#discover();
    const entry = { now, next: undefined };
    this.#shared.refreshing = entry;
    this.#shared.openapi.forget();
    const over = () => {
      if (this.#shared.refreshing === entry) this.#shared.refreshing = undefined;
    };
    return now.finally(over);
  }

  #discover(): Promise<Discovery> {
    const asked = discover(this.#shared.transport);
    this.#shared.discovery = asked;
    this.#shared.discoveredAt = Date.now();
    asked.catch(() => {
      if (this.#shared.discovery === asked) this.#shared.discovery = undefined;
    });
    return asked;
  }

  openapi(groupVersion: { group: string; version: string }, signal?: AbortSignal): Promise<OpenApiDocument> {
    return this.#shared.openapi.document(groupVersion, signal);
  }

  async get<T extends KubeObject>(ref: ObjectRef, options: { subresource?: string; signal?: AbortSignal } = {}): Promise<T> {
    return this.#json<T>({ method: "GET", path: await this.#path(ref, options), signal: options.signal });
  }

  async find<T extends KubeObject>(ref: ObjectRef, options: { signal?: AbortSignal } = {}): Promise<T | undefined> {
    const path = await this.#path(ref, options);
    try {
      return await this.#json<T>({ method: "GET", path, signal: options.signal });
    } catch (thrown) {
      if (isNotFound(thrown)) return undefined;
      throw thrown;
    }
  }

  async list<T extends KubeObject>(gvk: { group: string; version?: string; kind: string }, options: ListOptions = {}): Promise<KubeList<T>> {
    const info = await this.#info(gvk, options.signal);
    const list = await this.#json<KubeList<T>>({
      method: "GET",
      path: collectionPath(info, options.namespace),
      query: listQuery(options),
      ...(options.metadataOnly && { headers: { accept: METADATA_LIST } }),
      signal: options.signal,
    });
    list.items ??= [];
    // Items of a list stand without their kind, those of metadata under a general one.
    for (const item of list.items) named(item, info);
    return list;
  }

  async create<T extends KubeObject>(object: T, options: WriteOptions = {}): Promise<T> {
    const info = await this.#info(gvkOf(object), options.signal);
    const { namespace = "", name = "" } = object.metadata;
    const path = options.subresource ? objectPath(info, namespace, name, options.subresource) : collectionPath(info, namespace);
    return this.#json<T>({ method: "POST", path, query: writeQuery(options), body: object, signal: options.signal });
  }

  async update<T extends KubeObject>(object: T, options: WriteOptions = {}): Promise<T> {
    const { namespace = "", name = "" } = object.metadata;
    const path = await this.#path({ ...gvkOf(object), namespace, name }, options);
    return this.#json<T>({ method: "PUT", path, query: writeQuery(options), body: object, signal: options.signal });
  }

  async patch<T extends KubeObject>(ref: ObjectRef, type: PatchType, body: unknown, options: WriteOptions & { force?: boolean } = {}): Promise<T> {
    const query = { ...writeQuery(options), ...(options.force !== undefined && type === "apply" && { force: options.force }) };
    return this.#json<T>({ method: "PATCH", path: await this.#path(ref, options), query, body, contentType: CONTENT_TYPES[type], signal: options.signal });
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<KubeObject | KubeStatus> {
    const { propagationPolicy, preconditions, gracePeriodSeconds, dryRun } = options;
    const body = {
      kind: "DeleteOptions",
      apiVersion: "v1",
      ...(propagationPolicy && { propagationPolicy }),
      ...(preconditions && { preconditions }),
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(dryRun && { dryRun: ["All"] }),
    };
    return this.#json({ method: "DELETE", path: await this.#path(ref, options), body, signal: options.signal });
  }

  async *watch<T extends KubeObject>(gvk: { group: string; version?: string; kind: string }, options: ListOptions & CacheWatch & { allowWatchBookmarks?: boolean; timeoutSeconds?: number }): AsyncGenerator<WatchEvent<T>> {
    const info = await this.#info(gvk, options.signal);
    const bookmarks = options.allowWatchBookmarks ?? true;
    const { silenceMs, bookmarkSilenceMs, transport } = this.#shared;
    const request = this.#request({
      method: "GET",
      path: collectionPath(info, options.namespace),
      query: { ...listQuery(options), watch: true, allowWatchBookmarks: bookmarks || undefined, timeoutSeconds: options.timeoutSeconds },
      ...(options.metadataOnly && { headers: { accept: METADATA_WATCH } }),
      signal: options.signal,
    });
    for await (const event of watchStream<T>(transport, { request, silenceMs, bookmarkSilenceMs: bookmarks ? bookmarkSilenceMs : undefined, probe: () => this.#probe(), skip: options.skip, onOpen: options.onOpen })) {
      if (options.metadataOnly && event.type !== "ERROR") named(event.object, info);
      yield event;
    }
  }

  async raw(request: RawRequest): Promise<RawResponse> {
    const { status, headers, body } = await this.#shared.transport.raw(this.#request({ ...request }));
    return { status, headers, body, text: () => wholeText(body, `${request.method} ${request.path}`, this.#shared.transport) };
  }

  as(user: { username: string; groups?: readonly string[] }): KubeClient {
    return new RestClient(this.#shared, user);
  }

  close(): Promise<void> {
    return this.#user ? Promise.resolve() : this.#shared.transport.close();
  }

  async #info(gvk: { group: string; version?: string; kind: string }, signal: AbortSignal | undefined): Promise<ResourceInfo> {
    const patience = { ...(signal && { signal }) };
    const info = (await this.discovery(patience)).find(gvk);
    if (info) return info;
    // It may have come with a CRD since. Whoever keeps asking for what is not there gets the same answer for a while.
    if (Date.now() - this.#shared.discoveredAt > MISS_MS) {
      const found = (await this.discovery({ ...patience, refresh: true })).find(gvk);
      if (found) return found;
    }
    const { cluster } = this;
    const what = gvk.version === undefined ? (gvk.group === "" ? gvk.kind : `${gvk.kind}.${gvk.group}`) : `${gvk.kind} in ${apiVersionOf({ group: gvk.group, version: gvk.version })}`;
    throw new KindNotServedError(`${cluster} does not serve ${what}`, { cluster, group: gvk.group, kind: gvk.kind, unknown: false });
  }

  async #path(ref: ObjectRef, options: { subresource?: string; signal?: AbortSignal }): Promise<string> {
    return objectPath(await this.#info(ref, options.signal), ref.namespace, ref.name, options.subresource);
  }

  #json<T>(request: TransportRequest): Promise<T> {
    return this.#shared.transport.json<T>(this.#request(request));
  }

  #request(request: TransportRequest): TransportRequest {
    if (!this.#user) return request;
    const { username, groups } = this.#user;
    return { ...request, impersonated: username, headers: { ...request.headers, "impersonate-user": username, ...(groups?.length && { "impersonate-group": [...groups] }) } };
  }

  /** One small question, shared by all who wonder at the same time. Without an answer, the connections are given up. */
  #probe(): Promise<void> {
    const { transport, probeMs } = this.#shared;
    this.#shared.probe ??= transport
      .json({ method: "GET", path: "/version", timeoutMs: probeMs })
      .then(() => {})
      .catch((thrown: unknown) => {
        // A refusal is an answer too.
        if (thrown instanceof KubeError) return;
        transport.abandonConnections(new KubeUnreachableError(`${transport.cluster} is silent and answers nothing: its connections were given up`, { cluster: transport.cluster, reason: "ClusterUnreachable", cause: thrown }));
        throw thrown;
      })
      .finally(() => {
        this.#shared.probe = undefined;
      });
    return this.#shared.probe;
  }
}

function named(object: KubeObject, info: ResourceInfo): void {
  object.apiVersion = apiVersionOf(info);
  object.kind = info.kind;
}

function listQuery(options: ListOptions): Record<string, string | number | undefined> {
  const { labelSelector, fieldSelector, limit, resourceVersion, resourceVersionMatch } = options;
  return { labelSelector, fieldSelector, limit, continue: options.continue, resourceVersion, resourceVersionMatch };
}

function writeQuery(options: WriteOptions): Record<string, string | undefined> {
  return { dryRun: options.dryRun ? "All" : undefined, fieldManager: options.fieldManager, fieldValidation: options.fieldValidation };
}

/** A body that is read whole is an exchange like others, and has its deadline. */
async function wholeText(body: { text(): Promise<string>; destroy(error?: Error): unknown }, what: string, transport: Transport): Promise<string> {
  const ms = transport.requestTimeoutMs;
  const late = new KubeUnreachableError(`${transport.cluster} did not finish its answer to ${what} within ${ms / 1000} s`, { cluster: transport.cluster, reason: "ClusterTimeout" });
  const timer = setTimeout(() => body.destroy(late), ms);
  try {
    return await body.text();
  } catch (thrown) {
    throw connectionFailure(thrown, transport.cluster, what, undefined);
  } finally {
    clearTimeout(timer);
  }
}

/** apiVersion and kind as a reference to one object. */
export function refOf(object: KubeObject): ObjectRef {
  return { ...parseApiVersion(object.apiVersion), kind: object.kind, namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" };
}
