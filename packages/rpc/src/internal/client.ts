import { Client, connectivityState, credentials, Metadata, type ChannelCredentials, type ChannelOptions, type ClientReadableStream, type ServiceError } from "@grpc/grpc-js";
import { AppError, Code } from "@trireme/runtime";
import type { MethodDefinition } from "../grpc/serve-methods.ts";
import { errorFromStatus } from "../grpc/status.ts";
import { serviceName } from "../tls/authority.ts";
import { requireLoopback } from "../tls/loopback.ts";
import { watchTlsFiles, type TlsFiles, type WatchedTls } from "../tls/files.ts";
import { internalService } from "./protos.ts";
import { MAX_MESSAGE_BYTES } from "./server.ts";

export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds from now; `Infinity` for streams that live as long as their signal. Default 60,000. */
  deadlineMs?: number;
  metadata?: Record<string, string>;
}

export interface ClientOptions {
  /** Mutual TLS; without it only loopback is called. */
  tls?: TlsFiles;
  /** Whose certificate the peer must show: `repo-server`. Required with `tls`. */
  peer?: string;
  deadlineMs?: number;
  /** How long a call waits for a peer that cannot be reached before it fails with Unavailable. Default 5,000. */
  patienceMs?: number;
}

export type RemoteUnary<Req, Res> = (request: Req, options?: CallOptions) => Promise<Res>;
/** Ends the call when the loop is left. */
export type RemoteStream<Req, Res> = (request: Req, options?: CallOptions) => AsyncIterable<Res>;

const DEADLINE_MS = 60_000;
const PATIENCE_MS = 5_000;

/** A peer that was killed and comes back is usable within a fifth of a second. */
const CHANNEL: ChannelOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  "grpc.initial_reconnect_backoff_ms": 25,
  "grpc.max_reconnect_backoff_ms": 100,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.dns_min_time_between_resolutions_ms": 1_000,
  "grpc.enable_retries": 0,
};

/**
 * Calls one internal service; methods in lowerCamelCase: `client.resolve(request, { signal })`.
 * Calls wait a few seconds for the peer to come (back), and fail with the AppError that the peer threw.
 * @throws AppError PlaintextRefused, TlsFilesInvalid, UnknownService.
 */
export function createClient<T extends object>(service: string, address: string, options: ClientOptions = {}): T & Disposable {
  const channel = options.tls ? secureChannel(address, options.tls, options.peer) : plainChannel(address);
  const client: Record<string | symbol, unknown> = {};
  for (const [name, method] of Object.entries(internalService(service))) {
    const remote: Remote = { channel, method, name: `${service}/${name}`, address, deadlineMs: options.deadlineMs ?? DEADLINE_MS, patienceMs: options.patienceMs ?? PATIENCE_MS };
    client[name[0]!.toLowerCase() + name.slice(1)] = method.responseStream
      ? (request: unknown, call: CallOptions = {}) => streaming(remote, request, call)
      : (request: unknown, call: CallOptions = {}) => unary(remote, request, call);
  }
  client[Symbol.dispose] = () => channel.close();
  return client as T & Disposable;
}

interface Channel {
  /** The client to start a call with; `done` when the call is over. */
  take(): { client: Client; done: () => void };
  close(): void;
}

interface Remote {
  channel: Channel;
  method: MethodDefinition;
  name: string;
  address: string;
  deadlineMs: number;
  patienceMs: number;
}

async function unary(remote: Remote, request: unknown, call: CallOptions): Promise<unknown> {
  const options = grpcOptions(remote, call);
  const { client, done } = remote.channel.take();
  try {
    await reachable(client, remote, call);
    return await answered(client, remote, request, call, options);
  } finally {
    done();
  }
}

function answered(client: Client, remote: Remote, request: unknown, call: CallOptions, options: { deadline?: Date }): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const { path, requestSerialize, responseDeserialize } = remote.method;
  const running = client.makeUnaryRequest(path, requestSerialize as never, responseDeserialize, request, metadataOf(call), options, (error, answer) => {
    call.signal?.removeEventListener("abort", abort);
    if (error) reject(failure(remote, call, error));
    else resolve(answer);
  });
  const abort = (): void => running.cancel();
  call.signal?.addEventListener("abort", abort, { once: true });
  return promise;
}

async function* streaming(remote: Remote, request: unknown, call: CallOptions): AsyncIterable<unknown> {
  const options = grpcOptions(remote, call);
  const { client, done } = remote.channel.take();
  try {
    await reachable(client, remote, call);
    yield* streamed(client, remote, request, call, options);
  } finally {
    done();
  }
}

async function* streamed(client: Client, remote: Remote, request: unknown, call: CallOptions, options: { deadline?: Date }): AsyncIterable<unknown> {
  const { path, requestSerialize, responseDeserialize } = remote.method;
  const running: ClientReadableStream<unknown> = client.makeServerStreamRequest(path, requestSerialize as never, responseDeserialize, request, metadataOf(call), options);
  const abort = (): void => running.cancel();
  call.signal?.addEventListener("abort", abort, { once: true });
  try {
    yield* running;
  } catch (error) {
    throw failure(remote, call, error as ServiceError);
  } finally {
    running.on("error", () => {});
    running.cancel();
    call.signal?.removeEventListener("abort", abort);
  }
}

/** Waits for a connection, but not long: the call itself then says why there is none. */
async function reachable(client: Client, remote: Remote, call: CallOptions): Promise<void> {
  if (call.signal?.aborted) throw canceled(remote, call.signal);
  if (client.getChannel().getConnectivityState(true) === connectivityState.READY) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(canceled(remote, call.signal!));
  const patience = setTimeout(resolve, Math.min(remote.patienceMs, call.deadlineMs ?? remote.deadlineMs));
  call.signal?.addEventListener("abort", abort, { once: true });
  void connection(client).then(resolve);
  await promise.finally(() => {
    clearTimeout(patience);
    call.signal?.removeEventListener("abort", abort);
  });
}

const connecting = new WeakMap<Client, Promise<void>>();

/** When the client is connected next; shared by all calls that wait. */
function connection(client: Client): Promise<void> {
  let waiting = connecting.get(client);
  if (!waiting) {
    waiting = new Promise<void>((resolve) => client.waitForReady(Infinity, () => resolve())).then(() => void connecting.delete(client));
    connecting.set(client, waiting);
  }
  return waiting;
}

function failure(remote: Remote, call: CallOptions, error: ServiceError): AppError {
  if (call.signal?.aborted && error.code === (Code.Canceled as number)) return canceled(remote, call.signal);
  return errorFromStatus(error, { peer: remote.address, method: remote.name });
}

function canceled(remote: Remote, signal: AbortSignal): AppError {
  return new AppError(`${remote.name} at ${remote.address}: canceled by the caller`, { reason: "Canceled", code: Code.Canceled, cause: signal.reason });
}

function grpcOptions(remote: Remote, call: CallOptions): { deadline?: Date } {
  const ms = call.deadlineMs ?? remote.deadlineMs;
  return ms === Infinity ? {} : { deadline: new Date(Date.now() + ms) };
}

function metadataOf(call: CallOptions): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(call.metadata ?? {})) metadata.set(name, value);
  return metadata;
}

function plainChannel(address: string): Channel {
  requireLoopback(address.replace(/:\d+$/, ""), `internal gRPC client for ${address}`);
  const client = new Client(address, credentials.createInsecure(), CHANNEL);
  return { take: () => ({ client, done: () => {} }), close: () => client.close() };
}

/** New files make a new channel; calls that run on the old one end there. */
function secureChannel(address: string, files: TlsFiles, peer: string | undefined): Channel {
  if (!peer) throw new AppError(`internal gRPC client for ${address}: name the peer whose certificate is expected`, { reason: "TlsPeerMissing", code: Code.InvalidArgument, retry: "never" });
  const watched = watchTlsFiles(files);
  let current = leased(address, watched, peer);
  watched.onChange(() => {
    current.retire();
    current = leased(address, watched, peer);
  });
  return {
    take: () => current.take(),
    close() {
      watched.stop();
      current.retire();
    },
  };
}

function leased(address: string, watched: WatchedTls, peer: string): Pick<Channel, "take"> & { retire(): void } {
  const { ca, key, cert } = watched.current();
  const secure: ChannelCredentials = credentials.createSsl(ca, key, cert);
  const client = new Client(address, secure, { ...CHANNEL, "grpc.ssl_target_name_override": serviceName(peer), "grpc.default_authority": serviceName(peer) });
  let calls = 0;
  let retired = false;
  const closeWhenIdle = (): void => {
    if (retired && calls === 0) client.close();
  };
  return {
    take() {
      calls += 1;
      return {
        client,
        done() {
          calls -= 1;
          closeWhenIdle();
        },
      };
    },
    retire() {
      retired = true;
      closeWhenIdle();
    },
  };
}
