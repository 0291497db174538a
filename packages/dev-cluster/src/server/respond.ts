import type { ServerResponse } from "node:http";
import { dump } from "js-yaml";
import type { KubeObject } from "@trireme/api";
import { metadataListOf, metadataOf, tableOf } from "../tables/table.ts";
import { apiVersionOf } from "../types/resource-type.ts";
import type { Answer, Call } from "./context.ts";
import { negotiate } from "./negotiation.ts";
import { badRequest, internal, PageNotFound, StatusError } from "./status-error.ts";

/** Writes an answer in the form that the request accepts. */
export function respond(response: ServerResponse, answer: Answer, call: Call | undefined, now: number): void {
  const wanted = negotiate(call && String(call.headers.accept ?? ""));
  const { type } = answer;
  if (!type || wanted.form === "object") {
    send(response, answer.code, wanted.yaml ? dump(answer.object) : `${answer.json ?? JSON.stringify(answer.object)}\n`, wanted.yaml, call);
    return;
  }
  const object = answer.object as any;
  if (wanted.form === "table") checkIncluded(call?.info.query.get("includeObject") ?? "");
  const isList = Array.isArray(object.items) && object.kind === type.listKind;
  const objects: KubeObject[] = isList ? object.items.map((item: KubeObject) => ({ ...item, kind: type.kind, apiVersion: apiVersionOf(type) })) : [object];
  const listMeta = isList ? withoutEmpty(object.metadata) : { resourceVersion: object.metadata?.resourceVersion };
  const body = wanted.form === "table"
    ? tableOf(objects, type, { version: wanted.version, includeObject: call?.info.query.get("includeObject") || "Metadata", metadata: listMeta, now })
    : isList ? metadataListOf(objects, listMeta, wanted.version) : metadataOf(object, wanted.version);
  send(response, answer.code, wanted.yaml ? dump(body) : `${JSON.stringify(body)}\n`, wanted.yaml, call);
}

function checkIncluded(value: string): void {
  if (!["", "Metadata", "Object", "None"].includes(value)) throw badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`);
}

function withoutEmpty({ continue: next, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return next ? { ...rest, continue: next } : rest;
}

/** A failure as its Status; whatever is no StatusError is an internal error. */
export function respondError(response: ServerResponse, error: unknown, call: Call | undefined): void {
  if (error instanceof PageNotFound && !response.headersSent) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    send(response, 404, `${error.message}\n`, false, call, "text/plain; charset=utf-8");
    return;
  }
  const status = error instanceof StatusError ? error.status : internal((error as Error).message).status;
  if (response.headersSent) {
    response.end();
    return;
  }
  if (status.code === 401) response.setHeader("WWW-Authenticate", "Bearer");
  const retry = status.details?.retryAfterSeconds;
  if (retry) response.setHeader("Retry-After", String(retry));
  send(response, status.code, `${JSON.stringify(status)}\n`, false, call);
}

/** Sends bytes with the headers that every answer has. */
export function send(response: ServerResponse, code: number, text: string | Buffer, yaml: boolean, call: Call | undefined, contentType?: string): void {
  const warnings = call?.warnings ?? [];
  if (warnings.length > 0) response.setHeader("Warning", warnings.map((warning) => `299 - ${JSON.stringify(warning)}`));
  response.writeHead(code, {
    "Audit-Id": response.getHeader("Audit-Id") ?? "",
    "Cache-Control": response.getHeader("Cache-Control") ?? "no-cache, private",
    "Content-Type": contentType ?? (yaml ? "application/yaml" : "application/json"),
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
