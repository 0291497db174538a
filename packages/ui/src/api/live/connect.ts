import type { StreamEvent } from "./protocol.ts";

export interface ConnectionListener {
  onEvents(events: StreamEvent[]): void;
  /** Called once, unless it was closed before. @param heardAt when the server was heard last, milliseconds since the epoch. */
  onEnd(why: "lost" | "signed out", heardAt: number): void;
}

/** Nothing at all for longer than this, keep-alive comments included: the connection is dead, as after sleep. */
const SILENCE_MS = 40_000;
const CLOSED = "closed";

/** Opens one stream of topics. Returns the way to close it. @param base where the page is served. */
export function connect(base: string, topics: readonly string[], { onEvents, onEnd }: ConnectionListener): () => void {
  const closing = new AbortController();
  let heardAt = Date.now();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    heardAt = Date.now();
    clearTimeout(silence);
    silence = setTimeout(() => closing.abort(), SILENCE_MS);
  };
  const url = new URL("api/trireme/v1/stream", base);
  for (const topic of topics) url.searchParams.append("topic", topic);

  const run = async (): Promise<"lost" | "signed out"> => {
    heard();
    const response = await fetch(url, { headers: { accept: "text/event-stream" }, cache: "no-store", signal: closing.signal });
    if (response.status === 401) return "signed out";
    if (!response.ok || response.body === null) return "lost";
    const frames = createFrames();
    for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
      const { value, done } = await reader.read();
      if (done) return "lost";
      heard();
      const events = frames(value).flatMap(eventOf);
      if (events.length > 0) onEvents(events);
    }
  };
  void run()
    .catch(() => "lost" as const)
    .then((why) => {
      clearTimeout(silence);
      if (closing.signal.reason !== CLOSED) onEnd(why, heardAt);
    });
  return () => {
    clearTimeout(silence);
    closing.abort(CLOSED);
  };
}

function eventOf(data: string): StreamEvent[] {
  const { result } = JSON.parse(data) as { result?: StreamEvent };
  return result === undefined ? [] : [result];
}

/** Takes the text of server-sent events in pieces, and gives the data of those that are complete by then. */
export function createFrames(): (text: string) => string[] {
  let pieces: string[] = [];
  return (text) => {
    const end = text.lastIndexOf("\n");
    if (end === -1) {
      pieces.push(text);
      return [];
    }
    const complete = pieces.join("") + text.slice(0, end);
    pieces = [text.slice(end + 1)];
    return complete.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice("data:".length).trim()] : []));
  };
}
