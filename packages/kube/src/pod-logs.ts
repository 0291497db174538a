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
  // A race of the containers' next lines would keep every line for as long as one of them is silent.
  const said: { line: LogLine; taken: () => void }[] = [];
  let news = Promise.withResolvers<void>();
  let open = sources.length;
  const follow = async (source: PodLogOptions): Promise<void> => {
    try {
      for await (const line of podLogs(client, { ...source, signal: source.signal ? AbortSignal.any([source.signal, all]) : all })) {
        const { promise, resolve } = Promise.withResolvers<void>();
        said.push({ line, taken: resolve });
        news.resolve();
        await promise;
      }
    } catch (error) {
      if (!all.aborted) onError(source, error);
    }
    open--;
    news.resolve();
  };
  for (const source of sources) void follow(source);
  try {
    while (open > 0 || said.length > 0) {
      const next = said.shift();
      if (next === undefined) {
        await news.promise;
        news = Promise.withResolvers();
        continue;
      }
      next.taken();
      yield next.line;
    }
  } finally {
    stop.abort();
    for (const { taken } of said) taken();
  }
}
