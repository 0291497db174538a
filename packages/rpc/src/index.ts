export * from "./handlers.ts";
export { createInternalServer, MAX_MESSAGE_BYTES, type InternalServer, type InternalServerOptions } from "./internal/server.ts";
export { createClient, type CallOptions, type ClientOptions, type RemoteStream, type RemoteUnary } from "./internal/client.ts";
export { createAuthority, issue, needsRenewal, renewalTime, serviceName, type IssuedKeyPair, type KeyPair } from "./tls/authority.ts";
export { watchTlsFiles, type TlsFiles, type TlsMaterial, type WatchedTls } from "./tls/files.ts";
export type { Around } from "./grpc/serve-methods.ts";
export type { Input } from "./internal/input.ts";
export * as repository from "./internal/repository.ts";
export * as clusters from "./internal/clusters.ts";
