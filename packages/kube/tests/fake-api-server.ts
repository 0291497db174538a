import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { KubeObject } from "@trireme/api";

export interface Exchange {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Handler = (exchange: Exchange, response: ServerResponse) => boolean | void | Promise<boolean | void>;

/**
 * As much of an API server as a client's tests need: ConfigMaps in one namespace, pages, watches with
 * bookmarks, 410 by command. `intercept` sees every exchange first and may answer it.
 */
export async function startFakeApiServer() {
  const objects = new Map<string, KubeObject>();
  const watches = new Set<{ response: ServerResponse; fieldSelector: string | null }>();
  const exchanges: Exchange[] = [];
  const sockets = new Set<Socket>();
  let version = 100;
  let intercept: Handler | undefined;

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  let connections = 0;
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, "http://x");
    let body = "";
    for await (const chunk of request) body += chunk;
    const exchange = { method: request.method!, path: url.pathname, query: url.searchParams, headers: request.headers, body };
    exchanges.push(exchange);
    if ((await intercept?.(exchange, response)) === true) return;
    if (discovery(exchange, response)) return;
    const match = /^\/(?:api\/v1|apis\/coordination.k8s.io\/v1)(?:\/namespaces\/default)?\/(configmaps|leases)(?:\/([^/]+))?$/.exec(url.pathname);
    if (!match) return status(response, 404, "NotFound", `${url.pathname} not found`);
    const [, resource, name] = match as unknown as [string, string, string | undefined];
    if (exchange.method === "GET" && name === undefined) return exchange.query.get("watch") ? watch(exchange, response, resource) : list(exchange, response, resource);
    const key = `${resource}/${name ?? (JSON.parse(body) as KubeObject).metadata.name}`;
    const found = objects.get(key);
    if (exchange.method === "POST") return found ? status(response, 409, "AlreadyExists", `${resource} "${key}" already exists`) : json(response, 201, put(JSON.parse(body)));
    if (!found) return status(response, 404, "NotFound", `${resource} "${name}" not found`);
    if (exchange.method === "GET") return json(response, 200, found);
    if (exchange.method === "PUT") {
      const object = JSON.parse(body) as KubeObject;
      if (object.metadata.resourceVersion && object.metadata.resourceVersion !== found.metadata.resourceVersion) return status(response, 409, "Conflict", `Operation cannot be fulfilled on ${resource} "${name}": the object has been modified`);
      return json(response, 200, put(object));
    }
    if (exchange.method === "DELETE") return json(response, 200, remove(key));
    status(response, 405, "MethodNotAllowed", "no");
  }

  function list(exchange: Exchange, response: ServerResponse, resource: string): void {
    const all = [...objects].filter(([key, object]) => key.startsWith(`${resource}/`) && selects(exchange.query.get("fieldSelector"), object)).map(([, object]) => object);
    const from = Number(exchange.query.get("continue") ?? 0);
    const limit = Number(exchange.query.get("limit") ?? all.length);
    const items = all.slice(from, from + limit).map(({ apiVersion: _, kind: __, ...object }) => object);
    const more = from + limit < all.length;
    json(response, 200, { kind: "List", apiVersion: "v1", metadata: { resourceVersion: String(version), ...(more && { continue: String(from + limit) }) }, items });
  }

  function watch(exchange: Exchange, response: ServerResponse, resource: string): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const from = Number(exchange.query.get("resourceVersion"));
    const entry = { response, fieldSelector: exchange.query.get("fieldSelector") };
    for (const [key, object] of objects) {
      if (key.startsWith(`${resource}/`) && Number(object.metadata.resourceVersion) > from && selects(entry.fieldSelector, object)) send(response, { type: "MODIFIED", object });
    }
    watches.add(entry);
    response.on("close", () => watches.delete(entry));
  }

  function put(object: KubeObject): KubeObject {
    const resource = object.kind === "Lease" ? "leases" : "configmaps";
    const key = `${resource}/${object.metadata.name}`;
    const found = objects.get(key);
    const { name, namespace = "default", ...rest } = object.metadata;
    const metadata = { name: name!, namespace, uid: found?.metadata.uid ?? `uid-${version + 1}`, resourceVersion: String(++version), ...without(rest) };
    const stored: KubeObject = { ...object, metadata };
    objects.set(key, stored);
    announce(found ? "MODIFIED" : "ADDED", stored);
    return stored;
  }

  function remove(key: string): KubeObject {
    const found = objects.get(key)!;
    objects.delete(key);
    const last = { ...found, metadata: { ...found.metadata, resourceVersion: String(++version) } };
    announce("DELETED", last);
    return found;
  }

  function announce(type: string, object: KubeObject): void {
    for (const { response, fieldSelector } of watches) if (selects(fieldSelector, object)) send(response, { type, object });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    put: (name: string, data: Record<string, string> = {}) => put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data }),
    remove: (name: string) => remove(`configmaps/${name}`),
    /** Requests so far whose method and path match, discovery left out. */
    requests: (pattern = /./) => exchanges.filter(({ path }) => !/^\/(api|apis|version)$/.test(path)).map(({ method, path, query }) => `${method} ${path}${query.get("watch") ? " watch" : ""}`).filter((line) => pattern.test(line)),
    intercept(handler: Handler | undefined) {
      intercept = handler;
    },
    get version() {
      return version;
    },
    backup: () => ({ version, objects: new Map(objects) }),
    /** As etcd is restored from a backup: watches end, and nobody is told. */
    restore(backup: { version: number; objects: ReadonlyMap<string, KubeObject> }) {
      for (const { response } of watches) response.end();
      watches.clear();
      version = backup.version;
      objects.clear();
      for (const [key, object] of backup.objects) objects.set(key, object);
    },
    /** Sends to all open watches. */
    send(event: unknown) {
      for (const { response } of watches) send(response, event);
    },
    bookmark() {
      this.send({ type: "BOOKMARK", object: { kind: "ConfigMap", apiVersion: "v1", metadata: { resourceVersion: String(version) } } });
    },
    endWatches() {
      for (const { response } of watches) response.end();
    },
    dropConnections() {
      for (const socket of sockets) socket.destroy();
    },
    get watching() {
      return watches.size;
    },
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function without(metadata: Record<string, unknown>): Record<string, unknown> {
  const { uid: _, resourceVersion: __, ...rest } = metadata;
  return rest;
}

function selects(fieldSelector: string | null, object: KubeObject): boolean {
  return fieldSelector === null || fieldSelector === `metadata.name=${object.metadata.name}`;
}

function discovery({ path, headers }: Exchange, response: ServerResponse): boolean {
  if (path === "/version") json(response, 200, { major: "1", minor: "36", gitVersion: "v1.36.0" });
  else if (path === "/api" && headers.accept?.includes("apidiscovery")) json(response, 200, aggregated("", "v1", [{ resource: "configmaps", kind: "ConfigMap" }]));
  else if (path === "/apis" && headers.accept?.includes("apidiscovery")) json(response, 200, aggregated("coordination.k8s.io", "v1", [{ resource: "leases", kind: "Lease" }]));
  else return false;
  return true;
}

function aggregated(group: string, version: string, resources: { resource: string; kind: string }[]) {
  const served = resources.map(({ resource, kind }) => ({ resource, responseKind: { group, version, kind }, scope: "Namespaced", singularResource: "", verbs: ["get", "list", "watch"], subresources: [] }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items: [{ metadata: { ...(group && { name: group }) }, versions: [{ version, freshness: "Current", resources: served }] }] };
}

export function json(response: ServerResponse, code: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(code, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export function status(response: ServerResponse, code: number, reason: string, message: string, headers: Record<string, string> = {}, details?: object): void {
  json(response, code, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code, ...(details && { details }) }, headers);
}

function send(response: ServerResponse, event: unknown): void {
  response.write(`${JSON.stringify(event)}\n`);
}

/** Awaits a condition that an event will make true; fails with what it waited for. */
export async function eventually(what: string, condition: () => boolean, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
