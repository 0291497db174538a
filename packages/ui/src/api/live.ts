import { connectionLost } from "./connection.ts";
import { openLine } from "./live/line.ts";
import type { FromTab, StreamEvent, ToTab } from "./live/protocol.ts";
import { sessionChanged } from "./session-changes.ts";

export interface Following<T> {
  /** `applications`, `application:NAMESPACE/NAME` or `tree:NAMESPACE/NAME`; an empty namespace is the control plane's. */
  topic: string;
  /** Everything that happens from now on arrives. Called again after each gap: what was missed has to be asked for, unless it is in a list of this version. */
  onOpen?: (version: string | undefined) => void;
  onEvent: (event: StreamEvent<T>) => void;
}

const followings = new Map<string, Set<Following<never>>>();
let send: ((message: FromTab) => void) | undefined;

/**
 * Follows one topic of the server until the returned function is called. All tabs of a browser share one connection, which
 * is opened again by itself when it was lost.
 */
export function follow<T>(following: Following<T>): () => void {
  const { topic } = following;
  const line = (send ??= begin());
  const same = followings.get(topic) ?? new Set();
  followings.set(topic, same.add(following as Following<never>));
  line({ follow: topic });
  return () => {
    same.delete(following as Following<never>);
    if (same.size > 0 || followings.get(topic) !== same) return;
    followings.delete(topic);
    line({ leave: topic });
  };
}

/** Somebody has signed in here: the connection, and the other tabs, begin again. */
export function beginAgain(): void {
  (send ??= begin())("signed in");
}

function begin(): (message: FromTab) => void {
  const line = openLine(hear);
  addEventListener("online", () => line("now"));
  document.addEventListener("visibilitychange", () => document.hidden || line("now"));
  addEventListener("pagehide", () => line("gone"));
  // Taken out of the browser's memory again, as by its back button.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const topic of followings.keys()) line({ follow: topic });
  });
  return line;
}

function hear(message: ToTab): void {
  if (message === "signed in" || message === "signed out") sessionChanged(message);
  else if ("lostSince" in message) connectionLost(message.lostSince);
  else if ("open" in message) for (const topic of message.open) for (const { onOpen } of followings.get(topic) ?? []) onOpen?.(message.version);
  else for (const event of message.events) for (const { onEvent } of followings.get(event.topic) ?? []) onEvent(event as StreamEvent<never>);
}
