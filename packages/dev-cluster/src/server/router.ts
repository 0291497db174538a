import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { authenticate, type TokenReader } from "../auth/authenticate.ts";
import { attributesOf, deniedText, type Authorizer } from "../auth/authorize.ts";
import { impersonated } from "../auth/impersonate.ts";
import { discovery, versionInfo } from "../discovery/discovery.ts";
import type { OpenApi } from "../discovery/openapi.ts";
import { loadRules, RULES } from "../crd/rules/load.ts";
import { hasRules } from "../crd/validate.ts";
import { admitDelete } from "../rest/admission.ts";
import { create } from "../rest/create.ts";
import { remove, removeCollection } from "../rest/delete.ts";
import { get } from "../rest/get.ts";
import { list } from "../rest/list.ts";
import { checkWriteOptions } from "../rest/options.ts";
import { patch } from "../rest/patch.ts";
import { warningsAbout } from "../rest/unenforced.ts";
import { update } from "../rest/update.ts";
import { watch } from "../rest/watch.ts";
import type { ResourceType } from "../types/resource-type.ts";
import type { Answer, ApiContext, Call } from "./context.ts";
import { respond, send } from "./respond.ts";
import { forbidden, methodNotAllowed, noSuchResource, notFound, notImplemented, PageNotFound, StatusError } from "./status-error.ts";
import { watchStream } from "./watch-stream.ts";

/** A subresource, or a kind that is only asked and never stored. Answers, or writes to the response itself. */
export type SpecialHandler = (call: Call, type: ResourceType, ctx: ApiContext, response: ServerResponse) => Promise<Answer | void>;

export interface RouterParts {
  ctx: ApiContext;
  openapi: OpenApi;
  authorizer: Authorizer;
  readToken: TokenReader;
  /** By `resource.group/subresource` or `resource.group`, e.g. `pods/log`, `selfsubjectaccessreviews.authorization.k8s.io`; the resource is an asterisk for kinds of CRDs. */
  special: ReadonlyMap<string, SpecialHandler>;
  /** host:port that discovery names. */
  address: () => string;
}

/** From a request to its handler: who asks, whether they may, what is asked. */
export class Router {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  async handle(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorizer, readToken, ctx } = this.#parts;
    const authenticated = await authenticate(request, readToken);
    const user = impersonated(call.headers, authenticated, authorizer);
    const known: Call = { ...call, user };
    const attributes = attributesOf(call.info, user);
    const decision = authorizer.decide(attributes);
    if (!decision.allowed) {
      const { group, resource, name } = call.info;
      const why = `${deniedText(attributes)}${decision.reason ? `: ${decision.reason}` : ""}`;
      throw call.info.isResource ? forbidden({ group, resource }, name, why) : new StatusError(403, "Forbidden", `forbidden: ${why}`, {});
    }
    if (!call.info.isResource) return this.#plain(known, response);

    const answer = await this.#resource(known, response);
    if (!answer) return;
    // Nobody sees what the disk does not have yet.
    await ctx.store.settled();
    respond(response, answer, known, ctx.now());
  }

  async #resource(call: Call, response: ServerResponse): Promise<Answer | void> {
    const { ctx, special } = this.#parts;
    const { group, version, resource, subresource, verb, name } = call.info;
    const type = ctx.types.find(group, version, resource);
    if (!type) throw isServed(group, ctx) ? noSuchResource() : new PageNotFound();
    if (type.custom && !type.namespaced && call.info.namespace !== "") throw new PageNotFound();
    call.warnings.push(...warningsAbout(type, verb));
    if (WRITES.has(verb) && carriesRules(call, type, ctx)) await loadRules();
    const key = `${type.bucket}${subresource ? `/${subresource}` : ""}`;
    const handler = special.get(key) ?? (type.custom && subresource !== "" && type.subresources.has(subresource) ? special.get(`*/${subresource}`) : undefined);
    if (handler) return handler(call, type, ctx, response);

    if (subresource !== "") {
      const sub = type.subresources.get(subresource);
      if (!sub) throw type.custom ? notFound(type, name) : noSuchResource();
      if (subresource !== "status") throw notImplemented(`${type.resource}/${subresource}`);
      if (!sub.verbs.includes(verb)) throw methodNotAllowed();
    } else if (!type.verbs.includes(verb) || (type.namespaced && call.info.namespace === "" && !["list", "watch"].includes(verb))) throw methodNotAllowed();

    checkWriteOptions(call);
    switch (verb) {
      case "create":
        if (name !== "") throw methodNotAllowed();
        return create(call, type, ctx);
      case "get":
        return get(call, type, ctx);
      case "list":
        return list(call, type, ctx);
      case "watch":
        await ctx.store.settled();
        watch(call, type, ctx, () => watchStream(response, call, type, ctx.now));
        return undefined;
      case "update":
        return update(call, type, ctx);
      case "patch":
        return patch(call, type, ctx);
      case "delete":
        admitDelete(type, name);
        return remove(call, type, ctx);
      case "deletecollection":
        return removeCollection(call, type, ctx);
      default:
        throw methodNotAllowed();
    }
  }

  async #plain(call: Call, response: ServerResponse): Promise<void> {
    const { path, query } = call.info;
    const { ctx, openapi, address } = this.#parts;
    const clean = path.length > 1 ? path.replace(/\/$/, "") : path;
    if (/^\/(healthz|livez|readyz)(\/.*)?$/.test(clean)) return send(response, 200, query.has("verbose") ? `[+]ping ok\n${clean.split("/")[1]} check passed\n` : "ok", false, call, "text/plain; charset=utf-8");
    if (clean === "/version") return respond(response, { code: 200, object: versionInfo() }, undefined, ctx.now());
    if (clean === "/openapi/v3") return send(response, 200, JSON.stringify(openapi.index()), false, call, "text/plain; charset=utf-8");
    if (clean.startsWith("/openapi/v3/")) {
      const document = openapi.document(clean.slice("/openapi/v3/".length));
      if (!document) return void response.writeHead(404, { "Cache-Control": "no-cache, private" }).end();
      response.setHeader("Vary", "Accept");
      response.setHeader("Etag", `"${document.hash}"`);
      return send(response, 200, document.text, false, call);
    }
    if (clean === "/openapi/v2") throw notImplemented("/openapi/v2");
    if (clean === "/api" || clean === "/apis" || clean.startsWith("/api/") || clean.startsWith("/apis/")) {
      const document = discovery(clean, String(call.headers.accept ?? ""), ctx.types, address());
      if (!document) throw clean.split("/").length > 3 && isServed(clean.split("/")[2]!, ctx) ? noSuchResource() : new PageNotFound();
      const text = JSON.stringify(document.object);
      return document.contentType === undefined ? send(response, 200, text, false, call) : sendCacheable(response, text, document.contentType, call);
    }
    if (clean === "/.well-known/openid-configuration" || clean === "/openid/v1/jwks" || clean === "/metrics" || clean.startsWith("/logs") || clean.startsWith("/debug")) throw notImplemented(clean);
    if (clean === "/") return respond(response, { code: 200, object: { paths: ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"] } }, undefined, ctx.now());
    throw new PageNotFound();
  }
}

/** Aggregated discovery: clients keep it and ask whether it changed. */
function sendCacheable(response: ServerResponse, text: string, contentType: string, call: Call): void {
  const etag = `"${createHash("sha512").update(text).digest("hex").toUpperCase()}"`;
  response.setHeader("Vary", "Accept");
  response.setHeader("Etag", etag);
  response.setHeader("Cache-Control", "public");
  if (call.headers["if-none-match"] === etag) return void response.writeHead(304).end();
  send(response, 200, text, false, call, contentType);
}

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch"]);

/** Whether a write is checked with the rules of a CRD. */
function carriesRules(call: Call, type: ResourceType, ctx: ApiContext): boolean {
  if (type.custom) return hasRules(type.custom.schema);
  if (type.bucket !== "customresourcedefinitions.apiextensions.k8s.io") return false;
  return call.body.includes(RULES) || ctx.store.get(type.bucket, call.info.name)?.json.includes(RULES) === true;
}

function isServed(group: string, ctx: ApiContext): boolean {
  return ctx.types.all().some((type) => type.group === group && !type.custom);
}
