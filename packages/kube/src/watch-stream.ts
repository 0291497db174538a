import type { KubeObject } from "@trireme/api";
import type { WatchEvent } from "./client.ts";
import { KubeUnreachableError } from "./errors.ts";
import { onSilence } from "./silence.ts";
import { connectionFailure, type Transport, type TransportRequest } from "./transport.ts";
import { lines } from "./watch-lines.ts";

const MISSED_BOOKMARKS = new Error("the watch has missed its bookmarks");

export interface WatchStreamOptions {
  request: TransportRequest;
  /** Without a byte for so long, the server is asked whether it is there (one question for all watches of a client). */
  silenceMs: number;
  /**
   * Without a byte for so long on a watch with bookmarks, the stream ends and may be opened again: it may be dead behind a
   * proxy. That is no failure: a server has no bookmark to send of a kind in which nothing has happened since it started.
   */
  bookmarkSilenceMs: number | undefined;
  /** Rejects when the server does not answer at all. */
  probe: () => Promise<void>;
  /** True: the event is known already and is not even parsed. */
  skip?: ((line: Buffer) => boolean) | undefined;
  /** The server has accepted the watch: whatever happens from now on comes through it. */
  onOpen?: (() => void) | undefined;
}

/** Events as the server sends them. Ends when the server ends the watch, or after missing bookmarks; throws KubeError or KubeUnreachableError. */
export async function* watchStream<T extends KubeObject>(transport: Transport, options: WatchStreamOptions): AsyncGenerator<WatchEvent<T>> {
  const { request } = options;
  const what = `watch of ${request.path}`;
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  const { body } = await transport.stream({ ...request, signal });
  options.onOpen?.();
  const guard = guardSilence(transport, what, options, (error) => stop.abort(error));
  try {
    for await (const line of lines(guard.heard(body))) {
      if (options.skip?.(line)) continue;
      yield parseEvent<T>(line, what, transport);
    }
  } catch (thrown) {
    if (stop.signal.reason === MISSED_BOOKMARKS) return;
    if (stop.signal.aborted) throw stop.signal.reason;
    throw connectionFailure(thrown, transport.cluster, what, request.signal);
  } finally {
    guard.end();
    stop.abort();
  }
}

function parseEvent<T extends KubeObject>(line: Buffer, what: string, transport: Transport): WatchEvent<T> {
  try {
    return JSON.parse(line.toString("utf8")) as WatchEvent<T>;
  } catch (cause) {
    throw new KubeUnreachableError(`${what} on ${transport.cluster} sent a line that is not JSON`, { cluster: transport.cluster, reason: "ClusterUnreachable", cause });
  }
}

/**
 * A dead network says nothing, and so does a quiet watch. After a while of silence the server is asked
 * (a proxy may hold the connection open for a server that is gone); after missing bookmarks the stream is ended.
 */
function guardSilence(transport: Transport, what: string, options: WatchStreamOptions, fail: (error: Error) => void) {
  let heardAt = performance.now();
  const { silenceMs, bookmarkSilenceMs } = options;
  const stops: (() => void)[] = [];
  const end = (): void => stops.forEach((stop) => stop());
  // While the server speaks to others of this client it is there, and this watch is quiet.
  stops.push(
    onSilence(silenceMs, () => transport.heardAt, () => {
      options.probe().catch(() => {
        const silentMs = performance.now() - heardAt;
        if (silentMs < silenceMs) return;
        end();
        fail(new KubeUnreachableError(`${what} on ${transport.cluster} is silent and its server answers nothing for ${Math.round(silentMs / 1000)} s`, { cluster: transport.cluster, reason: "WatchSilent" }));
      });
    }),
  );
  if (bookmarkSilenceMs !== undefined) stops.push(onSilence(bookmarkSilenceMs, () => heardAt, () => (end(), fail(MISSED_BOOKMARKS))));

  return {
    async *heard(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        heardAt = transport.heardAt = performance.now();
        yield chunk;
      }
    },
    end,
  };
}
