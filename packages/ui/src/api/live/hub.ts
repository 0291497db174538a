import type { ConnectionListener } from "./connect.ts";
import type { FromTab, StreamEvent, ToTab } from "./protocol.ts";

/** One tab, as the hub sees it. */
export interface Tab {
  tell(message: ToTab): void;
}

export interface Hub {
  hear(tab: Tab, message: FromTab): void;
}

/** Opens a connection and returns the way to close it. */
export type Connect = (topics: readonly string[], listener: ConnectionListener) => () => void;

/** Tabs that open or change at the same time cost one connection. */
const GATHER_MS = 30;
/** A topic that nobody follows any more is kept for a while: people come back. */
const LINGER_MS = 10_000;
/** What one connection carries; beyond that the newest. */
const MOST_TOPICS = 256;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Holds one connection for all tabs. Another topic is added by opening the next connection before the present one is
 * closed, so that the rest misses nothing. After a loss every topic is said to be open anew, and its followers ask for what
 * they missed.
 */
export function createHub(connect: Connect): Hub {
  const tabs = new Set<Tab>();
  const followers = new Map<string, Set<Tab>>();
  /** Topics that nobody follows any more, and what lets them go. */
  const lingering = new Map<string, ReturnType<typeof setTimeout>>();
  /** `version`: that of the applications' list, as long as nothing is known to have happened to them. */
  let present: { topics: ReadonlySet<string>; version?: string; close(): void } | undefined;
  let next: { close(): void } | undefined;
  let lostSince: number | undefined;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function follow(tab: Tab, topic: string): void {
    clearTimeout(lingering.get(topic));
    lingering.delete(topic);
    followers.set(topic, (followers.get(topic) ?? new Set()).add(tab));
    if (present?.topics.has(topic)) tab.tell(opened([topic], present.version));
    else if (lostSince === undefined) openIn(GATHER_MS);
  }

  function leave(tab: Tab, topic: string): void {
    const following = followers.get(topic);
    if (following?.delete(tab) !== true || following.size > 0) return;
    lingering.set(topic, setTimeout(() => {
      lingering.delete(topic);
      followers.delete(topic);
      // Fewer topics than the connection carries are no reason to open another, none are one to close it.
      if (followers.size === 0) close();
    }, LINGER_MS));
  }

  function openIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  }

  function open(): void {
    next?.close();
    next = undefined;
    const topics = new Set([...followers.keys()].slice(-MOST_TOPICS));
    if (topics.size === 0 || (present !== undefined && [...topics].every((topic) => present!.topics.has(topic)))) return;
    const opening: { close(): void } = {
      close: connect([...topics], {
        onEvents(events) {
          if (next === opening) take(opening, topics, events[0]?.resourceVersion);
          pass(opening, events);
        },
        onEnd: (why, heardAt) => ended(opening, why, heardAt),
      }),
    };
    next = opening;
  }

  /** The next connection has said its first word. */
  function take(opening: { close(): void }, topics: ReadonlySet<string>, version: string | undefined): void {
    const before = present?.topics ?? new Set<string>();
    present?.close();
    present = { topics, close: opening.close, ...(version !== undefined && { version }) };
    next = undefined;
    wait = FIRST_WAIT_MS;
    lost(undefined);
    const fresh = [...topics].filter((topic) => !before.has(topic));
    for (const tab of tabs) {
      const own = fresh.filter((topic) => followers.get(topic)?.has(tab));
      if (own.length > 0) tab.tell(opened(own, version));
    }
  }

  function ended(opening: { close(): void }, why: "lost" | "signed out", heardAt: number): void {
    if (next === opening) next = undefined;
    else present = undefined;
    if (why === "signed out") {
      close();
      return tellAll("signed out");
    }
    // While the one before still stands, its followers have lost nothing.
    if (present === undefined) lost(lostSince ?? heardAt);
    openIn(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function close(): void {
    clearTimeout(timer);
    next?.close();
    present?.close();
    next = present = undefined;
    lost(undefined);
  }

  function lost(since: number | undefined): void {
    if (since === lostSince) return;
    lostSince = since;
    tellAll({ lostSince });
  }

  function pass(from: { close(): void }, events: readonly StreamEvent[]): void {
    if (present?.close === from.close && events.some(({ topic }) => topic === "applications")) delete present.version;
    for (const tab of tabs) {
      const own = events.filter(({ topic }) => followers.get(topic)?.has(tab));
      if (own.length > 0) tab.tell({ events: own });
    }
  }

  function tellAll(message: ToTab): void {
    for (const tab of tabs) tab.tell(message);
  }

  function again(): void {
    close();
    tellAll("signed in");
    openIn(0);
  }

  return {
    hear(tab, message) {
      if (!tabs.has(tab)) {
        tabs.add(tab);
        if (lostSince !== undefined) tab.tell({ lostSince });
      }
      if (message === "now") {
        if (lostSince !== undefined && next === undefined) openIn(0);
      } else if (message === "signed in") again();
      else if (message === "gone") {
        for (const topic of followers.keys()) leave(tab, topic);
        tabs.delete(tab);
      } else if ("follow" in message) follow(tab, message.follow);
      else leave(tab, message.leave);
    },
  };
}

const opened = (open: string[], version: string | undefined): ToTab => ({ open, ...(version !== undefined && { version }) });
