import { connect } from "./connect.ts";
import { createHub, type Tab } from "./hub.ts";
import type { FromTab, ToTab } from "./protocol.ts";
import workerUrl from "./worker.ts?sharedworker&url";

/** Where a tab speaks to the one that holds the connection: a worker that all tabs share, or, where there is none, its own hub. */
export function openLine(onMessage: (message: ToTab) => void): (message: FromTab) => void {
  if (typeof SharedWorker === "undefined") return ownLine(onMessage);
  const { port } = new SharedWorker(scriptUrl(workerUrl) as string, { name: document.baseURI });
  port.onmessage = ({ data }: MessageEvent<ToTab>) => onMessage(data);
  return (message) => port.postMessage(message);
}

function ownLine(onMessage: (message: ToTab) => void): (message: FromTab) => void {
  const hub = createHub((topics, listener) => connect(document.baseURI, topics, listener));
  const tab: Tab = { tell: onMessage };
  return (message) => hub.hear(tab, message);
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** The one address of a script that this page ever makes, for browsers that want it vouched for. */
function scriptUrl(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const absolute = new URL(url, document.baseURI).href;
  return trustedTypes === undefined ? absolute : trustedTypes.createPolicy("trireme", { createScriptURL: (asked) => (asked === absolute ? asked : "") }).createScriptURL(absolute);
}
