import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Another way to the server, for what happens to a browser's connections. */
export interface Door extends AsyncDisposable {
  url: string;
  /** How many streams stand open through it. */
  streams(): number;
  /** Nothing gets through any more, until it is mended. */
  cut(): void;
  mend(): void;
  /** Of answers to what begins with this path only so many bytes get through, uncompressed, until it is let go. */
  hold(path: string, bytes: number): { letGo(): void };
}

export async function openDoor(url: string): Promise<Door> {
  let streams = 0;
  let whole = true;
  let held: { path: string; bytes: number; rest: (() => void)[] } | undefined;
  const door = createServer((incoming, outgoing) => {
    const holding = held !== undefined && incoming.url!.startsWith(held.path) ? held : undefined;
    const forwarded = request(url + incoming.url, { method: incoming.method, headers: { ...incoming.headers, ...(holding && { "accept-encoding": "identity" }) } }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      if (answer.headers["content-type"] === "text/event-stream") {
        streams++;
        outgoing.on("close", () => streams--);
      }
      if (holding === undefined) return void answer.pipe(outgoing);
      void answer.toArray().then((chunks: Buffer[]) => {
        const body = Buffer.concat(chunks);
        outgoing.write(body.subarray(0, holding.bytes));
        holding.rest.push(() => outgoing.end(body.subarray(holding.bytes)));
      });
    });
    forwarded.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  }).listen(0, "127.0.0.1");
  door.on("connection", (socket) => whole || socket.destroy());
  await once(door, "listening");
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    streams: () => streams,
    cut() {
      whole = false;
      door.closeAllConnections();
    },
    mend: () => void (whole = true),
    hold(path, bytes) {
      const holding = (held = { path, bytes, rest: [] as (() => void)[] });
      return {
        letGo() {
          held = undefined;
          for (const send of holding.rest) send();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      door.closeAllConnections();
      door.close();
    },
  };
}
