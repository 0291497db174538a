import { useEffect, useReducer } from "react";
import type { ApplicationName } from "../../details/use-application.ts";
import { applicationAddress } from "../../details/use-application.ts";
import { append, NO_LINES, type LogLine, type LogLines } from "./buffer.ts";
import { streamLogs } from "./stream.ts";

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

type Change = { type: "begin"; streams: number } | { type: "lines"; lines: LogLine[] } | { type: "end"; error?: unknown } | { type: "clear" };

const FLUSH_MS = 100;
const EMPTY: Log = { ...NO_LINES, reading: 0, error: undefined };

/** The lines of containers as they come, until the component is left. Lines that come together are shown together. */
export function useLogs(request: LogRequest | undefined): { log: Log; clear: () => void } {
  const [log, change] = useReducer(reduced, EMPTY);
  const key = JSON.stringify(request);
  useEffect(() => {
    if (request === undefined) return;
    const { of, containers, follow, previous, tailLines, sinceSeconds, ...object } = request;
    const stop = new AbortController();
    let waiting: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let id = 0;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (waiting.length > 0) change({ type: "lines", lines: waiting });
      waiting = [];
    };
    change({ type: "begin", streams: containers.length });
    for (const container of containers) {
      const path = applicationAddress(of, "/logs", { ...object, container, tailLines, sinceSeconds, follow: follow ? "true" : "", previous: previous ? "true" : "" });
      const take = (lines: { pod: string; time: string; text: string }[]): void => {
        for (const line of lines) waiting.push({ id: id++, container, ...line });
        timer ??= setTimeout(flush, FLUSH_MS);
      };
      streamLogs(path, stop.signal, take).then(
        () => {
          if (stop.signal.aborted) return;
          flush();
          change({ type: "end" });
        },
        (error: unknown) => {
          flush();
          change({ type: "end", error });
        },
      );
    }
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // The text says all that the request does.
  }, [key]);
  return { log, clear: () => change({ type: "clear" }) };
}

function reduced(log: Log, change: Change): Log {
  switch (change.type) {
    case "begin":
      return { ...EMPTY, reading: change.streams };
    case "lines":
      return { ...log, ...append(log, change.lines) };
    case "end":
      return { ...log, reading: log.reading - 1, error: change.error ?? log.error };
    case "clear":
      return { ...log, ...NO_LINES };
  }
}
