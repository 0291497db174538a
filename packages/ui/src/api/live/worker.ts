import { connect } from "./connect.ts";
import { createHub, type Tab } from "./hub.ts";
import type { FromTab } from "./protocol.ts";

// Runs once a browser, for all its tabs. Its name is where the page is served.
const scope = self as unknown as { name: string; onconnect: (event: MessageEvent) => void };
const hub = createHub((topics, listener) => connect(scope.name, topics, listener));

scope.onconnect = ({ ports: [port] }) => {
  const tab: Tab = { tell: (message) => port!.postMessage(message) };
  port!.onmessage = ({ data }: MessageEvent<FromTab>) => hub.hear(tab, data);
  // A tab that ends without a word, where the browser tells.
  port!.addEventListener("close", () => hub.hear(tab, "gone"));
};
