import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { refuse, sentenceOf, statusOf, type Channels, type Upgrade, type WantedStreams } from "./remote-command.ts";
import { SpdyConnection, type SpdyStream } from "./spdy.ts";

const PROTOCOLS = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];
/** How long a client may take to open what it asked for. */
const CREATION_MS = 30_000;

/** Answers the upgrade and waits for the streams that the client asked for. */
export async function openSpdy({ request, socket, head }: Upgrade, wanted: WantedStreams, response: ServerResponse): Promise<Channels | undefined> {
  if (!/spdy\/3\.1/i.test(request.headers.upgrade ?? "")) {
    refuse(response, 400, "unable to upgrade: missing upgrade headers in request");
    return undefined;
  }
  const asked = (request.headersDistinct["x-stream-protocol-version"] ?? []).flatMap((value) => value.split(",")).map((one) => one.trim()).filter(Boolean);
  const protocol = asked.find((one) => PROTOCOLS.includes(one));
  if (protocol === undefined) {
    if (asked.length === 0) refuse(response, 400, "unable to upgrade: header X-Stream-Protocol-Version does not exist in request");
    else refuse(response, 403, `unable to upgrade: unable to negotiate protocol: client supports [${asked.join(" ")}], server accepts [${PROTOCOLS.join(" ")}]`, { "X-Accepted-Stream-Protocol-Versions": PROTOCOLS.join(", ") });
    return undefined;
  }
  response.detachSocket(socket as never);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);

  const gone = new AbortController();
  socket.on("close", () => gone.abort()).on("error", () => gone.abort());
  const streams = new Map<string, SpdyStream>();
  const names = ["error", ...(["stdin", "stdout", "stderr"] as const).filter((name) => wanted[name])];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = new SpdyConnection(socket, (stream) => {
    streams.set(stream.headers.get("streamtype") ?? "", stream);
    if (names.every((name) => streams.has(name))) resolve(true);
  });
  const timer = setTimeout(() => resolve(false), CREATION_MS);
  gone.signal.addEventListener("abort", () => resolve(false), { once: true });
  const complete = await promise;
  clearTimeout(timer);
  if (!complete) {
    connection.close();
    return undefined;
  }
  return {
    stdin: streams.get("stdin")?.incoming ?? ended(),
    stdout: (data) => streams.get("stdout")?.write(data),
    stderr: (data) => streams.get("stderr")?.write(data),
    finish(end) {
      streams.get("error")!.write(protocol.startsWith("v4.") ? JSON.stringify(statusOf(end, protocol)) : sentenceOf(end));
      for (const name of ["stdout", "stderr", "error"]) streams.get(name)?.end();
      connection.close();
    },
    gone: gone.signal,
  };
}

export function ended(): PassThrough {
  return new PassThrough().end();
}
