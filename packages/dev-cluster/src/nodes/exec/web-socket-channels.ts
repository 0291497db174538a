import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import type { WebSocket } from "ws";
import { refuse, sentenceOf, statusOf, type Channels, type Upgrade, type WantedStreams } from "./remote-command.ts";

const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io"];
/** On channel 255 a client of version 5 tells that another channel has ended. */
const CLOSED = 255;
const [STDIN, STDOUT, STDERR, ERROR] = [0, 1, 2, 3];

/** Answers the upgrade with the first protocol of the client's that is known here. Channels are the first byte of each message. */
export async function openWebSocket({ request, socket, head }: Upgrade, wanted: WantedStreams, response: ServerResponse): Promise<Channels | undefined> {
  const asked = String(request.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  const protocol = asked.length === 0 ? "" : asked.find((one) => PROTOCOLS.includes(one));
  if (protocol === undefined) {
    refuse(response, 403, `requested protocol(s) are not supported: [${asked.join(" ")}]; supports [${PROTOCOLS.join(" ")}]`);
    return undefined;
  }
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => protocol || false, perMessageDeflate: false });
  response.detachSocket(socket as never);
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  server.on("wsClientError", (error) => reject(error));
  server.handleUpgrade(request, socket, head, resolve);
  const connection = await promise.catch(() => socket.destroy() && undefined);
  if (!connection) return undefined;

  const base64 = protocol.includes("base64.");
  const gone = new AbortController();
  const stdin = new PassThrough();
  const send = (channel: number, data: string | Buffer): void => {
    if (connection.readyState !== connection.OPEN) return;
    const bytes = Buffer.from(data);
    connection.send(base64 ? `${channel}${bytes.toString("base64")}` : Buffer.concat([Buffer.of(channel), bytes]));
  };
  connection.on("close", () => {
    gone.abort();
    stdin.end();
  });
  connection.on("error", () => undefined);
  connection.on("message", (message) => {
    const data = Buffer.isBuffer(message) ? message : Buffer.concat([message].flat().map((part) => Buffer.from(part as ArrayBuffer)));
    if (data.length === 0 || stdin.writableEnded) return;
    if (protocol.startsWith("v5.") && data[0] === CLOSED) {
      if (data[1] === STDIN) stdin.end();
    } else if (base64 ? data[0] === 0x30 + STDIN! : data[0] === STDIN) stdin.write(base64 ? Buffer.from(data.toString("latin1", 1), "base64") : data.subarray(1));
  });
  if (!wanted.stdin) stdin.end();
  // An empty message on the lowest channel says that the connection stands.
  send(wanted.stdout ? STDOUT! : wanted.stderr ? STDERR! : ERROR!, "");
  return {
    stdin,
    stdout: (data) => wanted.stdout && send(STDOUT!, data),
    stderr: (data) => wanted.stderr && send(STDERR!, data),
    finish(end) {
      send(ERROR!, /^v[45]\./.test(protocol) ? JSON.stringify(statusOf(end, protocol)) : sentenceOf(end));
      connection.close(1000);
    },
    gone: gone.signal,
  };
}
