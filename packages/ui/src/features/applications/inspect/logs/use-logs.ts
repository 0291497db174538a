import { useEffect, useReducer, useRef } from "react";
import { ApiError } from "../../../../api/client.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { append, NO_LINES, type LogLine, type LogLines } from "./buffer.ts";
import { streamLogs, type StreamedLine } from "./stream.ts";

/** What is asked of the server; a change begins again. */
export interface LogRequest {
  of: ApplicationName;
  group: string;
  kind: string;
  namespace: string;
  resourceName: string;
  containers: readonly string[];
  follow: boolean;
  previous: boolean;
  tailLines: string;
  sinceSeconds: string;
}

export interface Log extends LogLines {
  /** How many containers are still being read. */
  reading: number;
  error: unknown;
}

type Change = { type: "begin"; streams: number; again: boolean } | { type: "lines"; lines: LogLine[] } | { type: "lost"; error: unknown } | { type: "end"; error?: unknown } | { type: "clear" };

const FLUSH_MS = 100;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const EMPTY: Log = { ...NO_LINES, reading: 0, error: undefined };

/**
 * The lines of containers as they come, until the component is left. Lines that come together are shown together. A
 * stream that is lost is taken up where it was; so are all of them when there are other pods to read (`pods`).
 */
export function useLogs(request: LogRequest | undefined, pods: string): { log: Log; clear: () => void } {
  const [log, change] = useReducer(reduced, EMPTY);
  const key = JSON.stringify(request);
  /** For which request, and up to which time each container of each pod was read. */
  const read = useRef({ key: "", upTo: new Map<string, string>(), nextId: 0 });
  useEffect(() => {
    if (request === undefined) return;
    const again = read.current.key === key;
    if (!again) read.current = { ...read.current, key, upTo: new Map() };
    const stop = new AbortController();
    let waiting: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (waiting.length > 0) change({ type: "lines", lines: waiting });
      waiting = [];
    };
    const take = (container: string, lines: readonly StreamedLine[], before: ReadonlyMap<string, string>): void => {
      for (const line of lines) {
        const source = `${line.pod}/${container}`;
        if (line.time !== "" && line.time <= (before.get(source) ?? "")) continue;
        if (line.time !== "") read.current.upTo.set(source, line.time);
        waiting.push({ id: read.current.nextId++, container, ...line });
      }
      timer ??= setTimeout(flush, FLUSH_MS);
    };
    change({ type: "begin", streams: request.containers.length, again });
    for (const container of request.containers) {
      void readOn(addressOf(request, container), request.follow, stop.signal, {
        begin: () => new Map(read.current.upTo),
        take: (lines, before) => take(container, lines, before),
        lost: (error) => change({ type: "lost", error }),
        end: (error) => {
          flush();
          change({ type: "end", ...(error !== undefined && { error }) });
        },
      });
    }
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // The text says all that the request does.
  }, [key, pods]);
  return { log, clear: () => change({ type: "clear" }) };
}

interface Reader {
  /** What was read of each container before this stream began. */
  begin: () => ReadonlyMap<string, string>;
  take: (lines: readonly StreamedLine[], before: ReadonlyMap<string, string>) => void;
  lost: (error: unknown) => void;
  end: (error?: unknown) => void;
}

/** Reads one stream, again with growing pauses where it was lost; what the server refuses it will refuse again. */
async function readOn(path: string, follow: boolean, signal: AbortSignal, reader: Reader): Promise<void> {
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const before = reader.begin();
    try {
      await streamLogs(path, signal, (lines) => {
        wait = FIRST_WAIT_MS;
        reader.take(lines, before);
      });
      return signal.aborted ? undefined : reader.end();
    } catch (error) {
      if (!follow || !(error instanceof ApiError) || (error.status !== 0 && error.status < 502)) return reader.end(error);
      reader.lost(error);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function addressOf({ of, containers: _, follow, previous, tailLines, sinceSeconds, ...object }: LogRequest, container: string): string {
  return applicationAddress(of, "/logs", { ...object, container, tailLines, sinceSeconds, follow: follow ? "true" : "", previous: previous ? "true" : "" });
}

function reduced(log: Log, change: Change): Log {
  switch (change.type) {
    case "begin":
      return { ...(change.again ? log : EMPTY), reading: change.streams, error: undefined };
    case "lines":
      return { ...log, ...append(log, change.lines), error: undefined };
    case "lost":
      return { ...log, error: change.error };
    case "end":
      return { ...log, reading: log.reading - 1, error: change.error ?? log.error };
    case "clear":
      return { ...log, ...NO_LINES };
  }
}
