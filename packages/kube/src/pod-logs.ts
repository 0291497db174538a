import type { KubeClient } from "./client.ts";
import { KubeError, statusOf } from "./errors.ts";
import { lines } from "./watch-lines.ts";

export interface PodLogOptions {
  namespace: string;
  pod: string;
  container?: string;
  follow?: boolean;
  previous?: boolean;
  timestamps?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  /** RFC 3339. */
  sinceTime?: string;
  limitBytes?: number;
  signal?: AbortSignal;
}

export interface LogLine {
  pod: string;
  container: string | undefined;
  text: string;
}

/** Longest single line that is read whole; the kubelet's own limit is 16 kB for each write. */
const MAX_LOG_LINE = 1 << 20;

/** One container's lines as they come. Throws KubeError with the server's own sentence. */
export async function* podLogs(client: KubeClient, options: PodLogOptions): AsyncGenerator<LogLine> {
  const { namespace, pod, signal, ...query } = options;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const response = await client.raw({ method: "GET", path, query, headers: { accept: "text/plain, application/json, */*" }, ...(signal && { signal }) });
  if (response.status >= 400) throw new KubeError(statusOf(response.status, await response.text()), { cluster: client.cluster, method: "GET", path });
  for await (const line of lines(response.body, MAX_LOG_LINE)) yield { pod, container: options.container, text: line.toString("utf8") };
}

/**
 * Lines of several containers (of one pod or of many) in the order in which they arrive. A container that
 * fails ends alone and is reported through `onError`; the others go on.
 */
export async function* mergedPodLogs(client: KubeClient, sources: readonly PodLogOptions[], onError: (source: PodLogOptions, error: unknown) => void, signal?: AbortSignal): AsyncGenerator<LogLine> {
  const stop = new AbortController();
  const all = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const streams = sources.map((source) => ({ source, lines: podLogs(client, { ...source, signal: source.signal ? AbortSignal.any([source.signal, all]) : all }) }));
  const next = new Map(streams.map((stream) => [stream, step(stream)]));
  try {
    while (next.size > 0) {
      const { stream, result, error } = await Promise.race(next.values());
      if (error !== undefined || !result || result.done) {
        next.delete(stream);
        if (error !== undefined && !all.aborted) onError(stream.source, error);
      } else {
        next.set(stream, step(stream));
        yield result.value;
      }
    }
  } finally {
    stop.abort();
  }
}

async function step<S extends { lines: AsyncGenerator<LogLine> }>(stream: S): Promise<{ stream: S; result?: IteratorResult<LogLine>; error?: unknown }> {
  try {
    return { stream, result: await stream.lines.next() };
  } catch (error) {
    return { stream, error };
  }
}
