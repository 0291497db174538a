import type { ServerResponse } from "node:http";
import { metadataOf, tableOf } from "../tables/table.ts";
import type { ResourceType } from "../types/resource-type.ts";
import type { WatchSink } from "../rest/watch.ts";
import type { Call } from "./context.ts";
import { negotiate } from "./negotiation.ts";
import type { KubeObject } from "@trireme/api";

/** A client that lets this much pile up is cut off; it will list again. */
const MAX_BUFFERED = 64 * 1024 * 1024;

/** The watch's events as JSON lines on the response, in the form that the request accepts. */
export function watchStream(response: ServerResponse, call: Call, type: ResourceType, now: () => number): WatchSink {
  const wanted = negotiate(String(call.headers.accept ?? ""));
  const ended = new AbortController();
  const closed = AbortSignal.any([call.signal, ended.signal]);
  let first = true;

  const begin = (): void => {
    if (response.headersSent) return;
    if (call.warnings.length > 0) response.setHeader("Warning", call.warnings.map((warning) => `299 - ${JSON.stringify(warning)}`));
    response.writeHead(200, { "Cache-Control": "no-cache, private", "Content-Type": "application/json" });
    response.flushHeaders();
  };
  const bodyOf = (kind: string, object: () => Record<string, unknown>, json: () => string): string => {
    if (wanted.form === "object" || kind === "ERROR") return json();
    const value = object() as unknown as KubeObject;
    if (wanted.form === "metadata") return JSON.stringify(metadataOf(value, wanted.version));
    const includeObject = call.info.query.get("includeObject") ?? "Metadata";
    if (kind === "BOOKMARK") return JSON.stringify({ ...tableOf([], type, { version: wanted.version, now: now(), metadata: { resourceVersion: value.metadata.resourceVersion }, headers: false }), rows: [] });
    const headers = first;
    first = false;
    return JSON.stringify(tableOf([value], type, { version: wanted.version, includeObject, metadata: { resourceVersion: value.metadata.resourceVersion }, headers, now: now() }));
  };
  begin();
  return {
    closed,
    send(kind, object, json) {
      if (closed.aborted) return;
      response.write(`{"type":"${kind}","object":${bodyOf(kind, object, json)}}\n`);
      if (response.writableLength > MAX_BUFFERED) response.destroy();
    },
    end() {
      if (ended.signal.aborted) return;
      ended.abort();
      response.end();
    },
  };
}
