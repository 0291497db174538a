import { ApiError } from "../../../../api/client.ts";

/** One message of the API's log stream. */
interface Entry {
  result?: { content?: string; timeStampStr?: string; podName?: string; last?: boolean };
  error?: { message?: string; http_code?: number };
}

export interface StreamedLine {
  pod: string;
  time: string;
  text: string;
}

const NO_TIME = "0001-01-01T00:00:00Z";

/** Reads a log as it comes; returns when it has ended or the signal says so. Throws ApiError. */
export async function streamLogs(path: string, signal: AbortSignal, onLines: (lines: StreamedLine[]) => void): Promise<void> {
  let response: Response;
  try {
    response = await fetch(new URL(path, document.baseURI), { signal });
  } catch (thrown) {
    if (signal.aborted) return;
    throw new ApiError(0, (thrown as Error).message);
  }
  if (!response.ok || response.body === null) throw new ApiError(response.status, messageOf(await response.text()));
  try {
    for await (const entries of entriesOf(response.body)) {
      const failure = entries.find(({ error }) => error !== undefined)?.error;
      onLines(entries.flatMap(({ result }) => (result === undefined || (result.last === true && result.content === "") ? [] : [{ pod: result.podName ?? "", time: result.timeStampStr === NO_TIME ? "" : (result.timeStampStr ?? ""), text: result.content ?? "" }])));
      if (failure !== undefined) throw new ApiError(failure.http_code ?? 500, failure.message ?? "");
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown instanceof ApiError ? thrown : new ApiError(0, (thrown as Error).message);
  }
}

/** JSON messages, one a line, as many at a time as have come. */
async function* entriesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Entry[]> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      const entries = lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Entry);
      if (entries.length > 0) yield entries;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function messageOf(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: string; error?: string | { message?: string } };
    return message ?? (typeof error === "string" ? error : (error?.message ?? ""));
  } catch {
    return text.slice(0, 500);
  }
}
