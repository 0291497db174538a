/**
 * What a service's methods look like, whichever door a call came through.
 * Messages are plain JSON objects: in Argo's JSON shape for the public services
 * (what REST shows), in proto3's JSON names for the internal ones. `rpc` alone
 * knows how they become bytes.
 */
export interface CallContext {
  /** Aborted when the client goes away or the deadline passes. Every wait takes it. */
  signal: AbortSignal;
  /** First value of a request header or gRPC metadata entry; names are case-insensitive. */
  header(name: string): string | undefined;
  /** Sets a response header (REST) or initial metadata (gRPC). Only before the first message. */
  setHeader(name: string, value: string): void;
  /** Where the caller is, for logs and login limits. */
  peer: string;
  /** `package.Service/Method`. */
  method: string;
  door: "grpc" | "grpc-web" | "rest";
}

export type Unary<Req = any, Res = any> = (request: Req, call: CallContext) => Promise<Res>;
export type ServerStream<Req = any, Res = any> = (request: Req, call: CallContext) => AsyncIterable<Res>;
export type ClientStream<Req = any, Res = any> = (requests: AsyncIterable<Req>, call: CallContext) => Promise<Res>;

export type Handler = Unary | ServerStream | ClientStream;

/** `{ "application.ApplicationService": { List: … } }`; a method that is absent answers Unimplemented. */
export type Services = Record<string, Record<string, Handler>>;
