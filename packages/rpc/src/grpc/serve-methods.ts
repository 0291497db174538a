import { once } from "node:events";
import { Metadata, type Server, type ServerReadableStream, type ServerUnaryCall, type ServerWritableStream, type sendUnaryData } from "@grpc/grpc-js";
import { AppError, Code } from "@trireme/runtime";
import type { CallContext, Handler, ServerStream, Services, Unary } from "../handlers.ts";
import { statusOf } from "./status.ts";

/** One RPC with its bytes: what a `.proto` says, plus how its messages are read and written. */
export interface MethodDefinition {
  path: string;
  requestStream: boolean;
  responseStream: boolean;
  requestSerialize: (message: never) => Buffer;
  requestDeserialize: (bytes: Buffer) => unknown;
  responseSerialize: (message: never) => Buffer;
  responseDeserialize: (bytes: Buffer) => unknown;
}

/** `{ Resolve: … }`, by the method's name in its `.proto`. */
export type ServiceDefinition = Record<string, MethodDefinition>;

export interface ServeOptions {
  /** Internal peers get reason and details in trailing metadata; the public does not. */
  errorDetails: boolean;
  /** Called around every handler; authentication and logging of the public doors. */
  around?: Around;
  /** Ends streams when the server goes away. */
  closing?: AbortSignal;
}
export type Around = (call: CallContext, request: unknown, next: () => Promise<void>) => Promise<void>;

type AnyCall = ServerUnaryCall<unknown, unknown> | ServerReadableStream<unknown, unknown> | ServerWritableStream<unknown, unknown>;

/** Registers the handlers of one service; methods without a handler answer Unimplemented with their name. */
export function serveMethods(server: Server, service: string, definition: ServiceDefinition, services: Services, options: ServeOptions): void {
  const handlers = services[service] ?? {};
  const implementation: Record<string, (...args: any[]) => void> = {};
  for (const [name, method] of Object.entries(definition)) {
    const handler = handlers[name] ?? unimplemented(`${service}/${name}`);
    implementation[name] = adapter(handler, method, options);
  }
  server.addService(definition as never, implementation as never);
}

function adapter(handler: Handler, method: MethodDefinition, options: ServeOptions): (...args: any[]) => void {
  if (method.requestStream && method.responseStream) throw new Error(`${method.path}: streams in both directions are not served`);
  if (method.responseStream) return (call: ServerWritableStream<unknown, unknown>) => void serveStream(handler as ServerStream, call, options);
  return (call: AnyCall, callback: sendUnaryData<unknown>) => void serveUnary(handler as Unary, call, callback, options);
}

async function serveUnary(handler: Unary, call: AnyCall, callback: sendUnaryData<unknown>, options: ServeOptions): Promise<void> {
  const context = contextOf(call);
  const request = "request" in call ? call.request : (call as AsyncIterable<unknown>);
  try {
    let answer: unknown;
    await within(options, context, request, async () => {
      answer = await handler(request, context);
    });
    context.sendHeaders();
    callback(null, answer ?? {});
  } catch (thrown) {
    context.sendHeaders();
    callback(statusOf(thrown, { withDetails: options.errorDetails }));
  }
}

async function serveStream(handler: ServerStream, call: ServerWritableStream<unknown, unknown>, options: ServeOptions): Promise<void> {
  const context = contextOf(call, options.closing);
  try {
    await within(options, context, call.request, async () => {
      for await (const message of handler(call.request, context)) {
        context.signal.throwIfAborted();
        context.sendHeaders();
        if (!call.write(message)) await once(call, "drain", { signal: context.signal });
      }
    });
    context.sendHeaders();
    call.end();
  } catch (thrown) {
    context.sendHeaders();
    (call as NodeJS.EventEmitter).emit("error", statusOf(thrown, { withDetails: options.errorDetails }));
  }
}

function within({ around }: ServeOptions, context: CallContext, request: unknown, run: () => Promise<void>): Promise<void> {
  return around ? around(context, request, run) : run();
}

function contextOf(call: AnyCall, closing?: AbortSignal): CallContext & { sendHeaders(): void } {
  const gone = new AbortController();
  (call as NodeJS.EventEmitter).once("cancelled", () => gone.abort(new AppError(`${call.getPath()}: the caller went away or its deadline passed`, { reason: "Canceled", code: Code.Canceled })));
  let initial: Metadata | undefined = new Metadata();
  return {
    signal: closing ? AbortSignal.any([gone.signal, closing]) : gone.signal,
    header(name) {
      const [value] = call.metadata.get(name);
      return value === undefined ? undefined : value.toString();
    },
    setHeader(name, value) {
      initial?.set(name, value);
    },
    sendHeaders() {
      if (!initial || call.cancelled) return;
      call.sendMetadata(initial);
      initial = undefined;
    },
    peer: call.getPeer(),
    method: call.getPath().slice(1),
    door: "grpc",
  };
}

function unimplemented(method: string): Unary {
  return () => Promise.reject(new AppError(`method ${method} is not implemented`, { reason: "Unimplemented", code: Code.Unimplemented, retry: "never" }));
}
