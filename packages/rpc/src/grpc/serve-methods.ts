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

type OneAnswer = ServerUnaryCall<Buffer, Buffer> | ServerReadableStream<Buffer, Buffer>;
type AnyCall = OneAnswer | ServerWritableStream<Buffer, Buffer>;

/** Registers the handlers of one service; methods without a handler answer Unimplemented with their name. */
export function serveMethods(server: Server, service: string, definition: ServiceDefinition, services: Services, options: ServeOptions): void {
  const handlers = services[service] ?? {};
  const implementation: Record<string, (...args: any[]) => void> = {};
  const served: Record<string, object> = {};
  for (const [name, method] of Object.entries(definition)) {
    const handler = handlers[name] ?? (() => Promise.reject(unimplemented(`${service}/${name}`)));
    implementation[name] = adapter(handler, method, options);
    // Bytes pass through the library; read and written here, what is wrong with them is told in our words.
    served[name] = { ...method, requestDeserialize: same, responseSerialize: same };
  }
  server.addService(served as never, implementation as never);
}

function adapter(handler: Handler, method: MethodDefinition, options: ServeOptions): (...args: any[]) => void {
  if (method.requestStream && method.responseStream) throw new Error(`${method.path}: streams in both directions are not served`);
  if (method.responseStream) return (call: ServerWritableStream<Buffer, Buffer>) => void serveStream(handler as ServerStream, method, call, options);
  return (call: OneAnswer, callback: sendUnaryData<Buffer>) => void serveUnary(handler as Unary, method, call, callback, options);
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

async function serveUnary(handler: Unary, method: MethodDefinition, call: OneAnswer, callback: sendUnaryData<Buffer>, options: ServeOptions): Promise<void> {
  const context = contextOf(call);
  try {
    const request = "request" in call ? method.requestDeserialize(call.request) : decoded(call, method);
    let answer: Buffer | undefined;
    await within(options.around, context, request, async () => {
      answer = method.responseSerialize(((await handler(request, context)) ?? {}) as never);
    });
    context.sendHeaders();
    callback(null, answer!);
  } catch (thrown) {
    context.sendHeaders();
    callback(statusOf(thrown, { withDetails: options.errorDetails }));
  }
}

async function* decoded(chunks: AsyncIterable<Buffer>, method: MethodDefinition): AsyncIterable<unknown> {
  for await (const chunk of chunks) yield method.requestDeserialize(chunk);
}

async function serveStream(handler: ServerStream, method: MethodDefinition, call: ServerWritableStream<Buffer, Buffer>, options: ServeOptions): Promise<void> {
  const context = contextOf(call, options.closing);
  try {
    const request = method.requestDeserialize(call.request);
    await within(options.around, context, request, async () => {
      for await (const message of handler(request, context)) {
        context.signal.throwIfAborted();
        context.sendHeaders();
        if (!call.write(method.responseSerialize(message as never))) await once(call, "drain", { signal: context.signal });
      }
    });
    context.sendHeaders();
    call.end();
  } catch (thrown) {
    context.sendHeaders();
    (call as NodeJS.EventEmitter).emit("error", statusOf(thrown, { withDetails: options.errorDetails }));
  }
}

/** Runs a handler within the hook that is around all of them. */
export function within(around: Around | undefined, context: CallContext, request: unknown, run: () => Promise<void>): Promise<void> {
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

/** The error of a method without a handler. */
export function unimplemented(method: string): AppError {
  return new AppError(`method ${method} is not implemented`, { reason: "Unimplemented", code: Code.Unimplemented, retry: "never" });
}
