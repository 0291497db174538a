import type { ServerResponse } from "node:http";
import { asAppError, Code } from "@trireme/runtime";
import { drained } from "@trireme/runtime/waited";
import { within, type Around } from "../grpc/serve-methods.ts";
import { publicError } from "../grpc/status.ts";
import type { ServerStream } from "../handlers.ts";
import { shape } from "../json/shape.ts";
import { Prepared, textOf } from "../json/prepared.ts";
import type { PublicMethod } from "./contract.ts";
import { fieldSelection, selectFields, type FieldSelection } from "./fields.ts";
import type { HttpCall } from "./http-call.ts";
import { restStreamError } from "./http-status.ts";

export interface StreamAnswer {
  method: PublicMethod;
  call: HttpCall;
  request: unknown;
  query: URLSearchParams;
  accept: string | undefined;
  response: ServerResponse;
  around: Around | undefined;
  handler: ServerStream;
}

/** Comments that keep proxies from closing a quiet stream; browsers ignore them. */
const KEEPALIVE_MS = 15_000;
/** A stream that has nothing to say yet is open all the same; what is refused is refused before, with its status. */
const FIRST_COMMENT_MS = 100;
const WATCH = "application.ApplicationService/Watch";
const LOGS = "application.ApplicationService/PodLogs";

/**
 * A server stream over HTTP: `{"result":…}` by line, server-sent events for `Accept:
 * text/event-stream`, a plain file for logs with `download=true`.
 */
export async function answerStream(stream: StreamAnswer): Promise<void> {
  const { call, response } = stream;
  const writer = writerFor(stream);
  const keepalive = writer.comment ? setInterval(() => writer.comment?.(), KEEPALIVE_MS).unref() : undefined;
  const first = writer.comment ? setTimeout(() => response.headersSent || writer.comment?.(), FIRST_COMMENT_MS).unref() : undefined;
  try {
    await within(stream.around, call, stream.request, async () => {
      for await (const message of stream.handler(stream.request, call)) {
        if (call.signal.aborted) break;
        await writer.message(message);
        if (writer.over?.(message)) break;
      }
    });
    if (!response.headersSent) writer.start(200);
    response.end();
  } catch (thrown) {
    if (response.destroyed) return;
    if (call.signal.aborted && asAppError(thrown).code === Code.Canceled) response.end();
    else writer.failed(thrown);
  } finally {
    clearInterval(keepalive);
    clearTimeout(first);
  }
}

interface StreamWriter {
  start(status: number): void;
  message(message: unknown): Promise<void>;
  failed(thrown: unknown): void;
  comment?(): void;
  /** True after the message that ends the stream for this reader. */
  over?(message: unknown): boolean;
}

function writerFor(stream: StreamAnswer): StreamWriter {
  const path = `${stream.method.service}/${stream.method.name}`;
  if (path === LOGS && stream.query.get("download") === "true") return downloadWriter(stream);
  const events = stream.accept === "text/event-stream";
  const { response, call, method } = stream;
  const selection = fieldSelection(stream.query);
  const last = path === WATCH && selection ? new Map<string, string>() : undefined;
  const framed = (json: string): string => (events ? `data: ${json} \n\n\n` : `${json}\n`);
  const start = (status: number): void => void response.writeHead(status, { "content-type": events ? "text/event-stream" : "application/json", ...(events && { "x-content-type-options": "nosniff" }), ...call.headers });
  const write = async (text: string): Promise<void> => {
    if (!response.headersSent) start(200);
    if (!response.write(text)) await drained(response);
  };
  return {
    start,
    async message(message) {
      const json = resultText(method, message, selection);
      if (last) {
        const key = applicationKey(message);
        if (last.get(key) === json) return;
        last.set(key, json);
      }
      await write(framed(json));
    },
    failed(thrown) {
      const { status, body } = restStreamError(thrown);
      if (!response.headersSent) start(status);
      response.end(framed(JSON.stringify(body)).trimEnd());
    },
    ...(events && {
      comment() {
        if (!response.headersSent) start(200);
        response.write(":\n");
      },
    }),
  };
}

function resultText(method: PublicMethod, message: unknown, selection: FieldSelection | undefined): string {
  if (!selection) return `{"result":${textOf(method.response, message).toString()}}`;
  const plain = JSON.parse(JSON.stringify(shape(method.response, message))) as unknown;
  return JSON.stringify(selectFields({ result: plain }, selection));
}

/** Names an event's application, so that one that shows nothing new of it is not sent. */
function applicationKey(message: unknown): string {
  const { application } = message as { application?: unknown };
  const object = application instanceof Prepared ? application.object : application;
  const { name, namespace } = ((object as { metadata?: Record<string, string> } | undefined)?.metadata ?? {});
  return `${namespace}/${name}`;
}

function downloadWriter({ response, call, query }: StreamAnswer): StreamWriter {
  const parts = ["namespace", "podName", "container"].map((key) => query.get(key) ?? "");
  const name = parts.every((part) => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(part)) ? parts.join("-") : "log";
  const start = (): void => void response.writeHead(200, { "content-type": "application/octet-stream", "content-disposition": `attachment;filename="${name}.log"`, ...call.headers });
  const isLast = (message: unknown): boolean => (message as { last?: boolean }).last === true;
  return {
    start,
    async message(message) {
      if (isLast(message)) return;
      if (!response.headersSent) start();
      const { content = "" } = message as { content?: string };
      if (!response.write(`${content}\n`)) await drained(response);
    },
    over: isLast,
    failed(thrown) {
      if (!response.headersSent) start();
      response.end(publicError(thrown).message);
    },
  };
}
