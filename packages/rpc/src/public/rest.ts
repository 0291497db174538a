import type { IncomingMessage, ServerResponse } from "node:http";
import { asAppError } from "@trireme/runtime";
import { unimplemented, within, type Around } from "../grpc/serve-methods.ts";
import type { Handler, ServerStream, Services, Unary } from "../handlers.ts";
import { Prepared, textOf } from "../json/prepared.ts";
import { shape } from "../json/shape.ts";
import { acceptsGzip, gzipped } from "./compression.ts";
import { publicContract, type HttpRule, type PublicMethod } from "./contract.ts";
import { fieldSelection, selectApplicationFields, selectFields } from "./fields.ts";
import { httpCall, readBody, type HttpCall } from "./http-call.ts";
import { restError } from "./http-status.ts";
import { ListAnswers } from "./list-answers.ts";
import { requestOf } from "./request.ts";
import { answerStream } from "./rest-stream.ts";
import { compileTemplate, pathSegments, type PathTemplate } from "./route.ts";

export interface RestOptions {
  services: Services;
  around?: Around;
  /** Lower-case content types that may change something; empty: any. */
  contentTypes: readonly string[];
  bodyLimit: number;
  /** Compresses answers for those who take gzip. */
  gzip: boolean;
  closing: AbortSignal;
}

export interface Rest {
  /** True where some RPC has this path, whatever the verb. */
  knows(path: string): boolean;
  /** Answers; never throws. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface Route {
  method: PublicMethod;
  rule: HttpRule;
  template: PathTemplate;
  handler: Handler | undefined;
}

const APPLICATION_LIST = "application.ApplicationService/List";
const MANAGED_RESOURCES = "application.ApplicationService/ManagedResources";

/** REST as grpc-gateway serves it, without a gRPC call in between. */
export function createRest(options: RestOptions): Rest {
  const routes = routesOf(options.services);
  const lists = new ListAnswers();
  const matching = (path: string): { route: Route; values: Record<string, string> }[] => {
    const segments = pathSegments(path);
    return routes.flatMap((route) => {
      const values = route.template.match(segments);
      return values ? [{ route, values }] : [];
    });
  };
  return {
    knows: (path) => {
      try {
        return matching(path).length > 0;
      } catch {
        return false;
      }
    },
    async handle(request, response) {
      const url = new URL(request.url ?? "/", "http://host");
      if (refusedContentType(request, options.contentTypes)) return plain(response, 415, "Invalid content type");
      let found: ReturnType<typeof matching>;
      try {
        found = matching(url.pathname);
      } catch {
        return plain(response, 400, "Bad Request");
      }
      if (found.length === 0) return plain(response, 404, "Not Found");
      const hits = found.filter(({ route }) => route.rule.verb === request.method);
      const hit = hits.find(({ route }) => route.handler) ?? hits[0];
      if (!hit) return plain(response, 405, "Method Not Allowed");
      await answer(hit.route, hit.values, url, request, response, options, lists);
    },
  };
}

async function answer(route: Route, pathValues: Record<string, string>, url: URL, request: IncomingMessage, response: ServerResponse, options: RestOptions, lists: ListAnswers): Promise<void> {
  const { method, rule, handler } = route;
  const call = httpCall(request, response, method, "rest", options.closing);
  try {
    const body = rule.body === undefined ? undefined : await readBody(request, options.bodyLimit);
    const message = requestOf(method, { rule, pathValues, query: url.searchParams, body });
    if (!handler) throw unimplemented(call.method);
    if (method.responseStream) return await answerStream({ method, call, request: message, query: url.searchParams, accept: request.headers.accept, response, around: options.around, handler: handler as ServerStream });
    let result: unknown;
    await within(options.around, call, message, async () => {
      result = await (handler as Unary)(method.requestStream ? (one(message) as never) : message, call);
    });
    const text = lists.text(`${method.service}/${method.name} ${url.searchParams.get("fields") ?? ""}`, result, () => unaryText(method, result ?? {}, url.searchParams));
    await sendText(request, response, text, options.gzip, { "grpc-metadata-content-type": "application/grpc", ...call.headers });
  } catch (thrown) {
    sendError(response, call, thrown);
  }
}

function unaryText(method: PublicMethod, result: unknown, query: URLSearchParams): Buffer {
  const selection = fieldSelection(query);
  const path = `${method.service}/${method.name}`;
  if (!selection || (path !== APPLICATION_LIST && path !== MANAGED_RESOURCES)) return textOf(method.response, result);
  const shaped = unwrapped(shape(method.response, result));
  return Buffer.from(JSON.stringify(path === APPLICATION_LIST ? selectApplicationFields(shaped, selection) : selectFields(shaped, selection)));
}

/** Prepared items as the objects that they stand for. */
function unwrapped(shaped: Record<string, unknown>): Record<string, unknown> {
  const items = shaped["items"];
  return Array.isArray(items) ? { ...shaped, items: items.map((item) => (item instanceof Prepared ? item.object : item)) } : shaped;
}

async function* one(message: unknown): AsyncIterable<unknown> {
  yield message;
}

/** As Argo CD's gzip handler: the answer says that it depends on what the client takes, whether or not it was compressed. */
async function sendText(request: IncomingMessage, response: ServerResponse, text: Buffer, gzip: boolean, headers: Record<string, string>): Promise<void> {
  if (!gzip) return send(response, 200, text, headers);
  const compressed = acceptsGzip(request.headers["accept-encoding"]) ? await gzipped(text) : undefined;
  send(response, 200, compressed ?? text, { ...headers, vary: "Accept-Encoding", ...(compressed && { "content-encoding": "gzip" }) });
}

function send(response: ServerResponse, status: number, text: Buffer, headers: Record<string, string>): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json", "content-length": text.length, ...headers });
  response.end(text);
}

function sendError(response: ServerResponse, call: HttpCall, thrown: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, body } = restError(thrown);
  const tooLarge = asAppError(thrown).reason === "BodyTooLarge";
  send(response, tooLarge ? 413 : status, Buffer.from(JSON.stringify(body)), tooLarge ? { connection: "close", ...call.headers } : call.headers);
}

function plain(response: ServerResponse, status: number, text: string): void {
  const body = `${text}\n`;
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function refusedContentType(request: IncomingMessage, allowed: readonly string[]): boolean {
  if (request.method === "GET" || allowed.length === 0) return false;
  return !allowed.includes((request.headers["content-type"] ?? "").toLowerCase());
}

/** Later definitions win, as in grpc-gateway's mux. */
function routesOf(services: Services): Route[] {
  const methods = publicContract().methods;
  return methods.flatMap((method) => method.http.map((rule) => ({ method, rule, template: compileTemplate(rule.template), handler: services[method.service]?.[method.name] }))).reverse();
}
