import type { ConnectionListener } from "./connect.ts";
import { createHub, type Tab } from "./hub.ts";
import type { StreamEvent, ToTab } from "./protocol.ts";

const OPEN: StreamEvent = { topic: "", type: "OPEN" };
const event = (topic: string): StreamEvent => ({ topic, type: "MODIFIED", object: {} });

describe("the connection that all tabs share", () => {
  beforeEach(() => void import.meta.jest.useFakeTimers());
  afterEach(() => void import.meta.jest.useRealTimers());

  it("is one for ten tabs on ten applications, and tells each what it follows", () => {
    const { hub, connections } = given();
    const tabs = Array.from({ length: 10 }, (_, index) => {
      const tab = aTab();
      hub.hear(tab, { follow: `application:/app-${index}` });
      hub.hear(tab, { follow: "applications" });
      return tab;
    });
    import.meta.jest.advanceTimersByTime(100);
    expect(connections.map(({ topics }) => topics.length)).toEqual([11]);
    connections[0]!.onEvents([OPEN, event("application:/app-3")]);
    connections[0]!.onEvents([event("applications")]);
    expect(tabs[3]!.told).toEqual([{ open: ["application:/app-3", "applications"].sort((a, b) => connections[0]!.topics.indexOf(a) - connections[0]!.topics.indexOf(b)) }, { events: [event("application:/app-3")] }, { events: [event("applications")] }]);
    expect(tabs[4]!.told.slice(1)).toEqual([{ events: [event("applications")] }]);
  });

  it("takes another topic in without a gap for the others", () => {
    const { hub, connections } = given();
    const tab = aTab();
    hub.hear(tab, { follow: "applications" });
    import.meta.jest.advanceTimersByTime(100);
    connections[0]!.onEvents([OPEN]);
    hub.hear(tab, { follow: "tree:/web" });
    import.meta.jest.advanceTimersByTime(100);
    expect(connections.map(({ topics, closed }) => ({ topics, closed }))).toEqual([{ topics: ["applications"], closed: false }, { topics: ["applications", "tree:/web"], closed: false }]);
    connections[0]!.onEvents([event("applications")]);
    connections[1]!.onEvents([OPEN]);
    expect(connections[0]!.closed).toBe(true);
    expect(tab.told).toEqual([{ open: ["applications"] }, { events: [event("applications")] }, { open: ["tree:/web"] }]);
  });

  it("says at which version the list stood, to those who come later too, until something has happened", () => {
    const { hub, connections } = given();
    const [first, second, third] = [aTab(), aTab(), aTab()];
    hub.hear(first, { follow: "applications" });
    import.meta.jest.advanceTimersByTime(100);
    connections[0]!.onEvents([{ ...OPEN, resourceVersion: "41" }]);
    hub.hear(second, { follow: "applications" });
    connections[0]!.onEvents([event("applications")]);
    hub.hear(third, { follow: "applications" });
    expect([first, second, third].map(({ told }) => told[0])).toEqual([{ open: ["applications"], version: "41" }, { open: ["applications"], version: "41" }, { open: ["applications"] }]);
  });

  it("says a loss once, tries again with growing pauses, and then opens everything anew", () => {
    const { hub, connections } = given();
    const tab = aTab();
    hub.hear(tab, { follow: "applications" });
    import.meta.jest.advanceTimersByTime(100);
    connections[0]!.onEvents([OPEN]);
    connections[0]!.onEnd("lost", 5);
    for (const pause of [500, 1000, 2000]) {
      const count = connections.length;
      import.meta.jest.advanceTimersByTime(pause - 1);
      expect(connections.length).toBe(count);
      import.meta.jest.advanceTimersByTime(1);
      expect(connections.length).toBe(count + 1);
      connections.at(-1)!.onEnd("lost", 7);
    }
    hub.hear(tab, "now");
    import.meta.jest.advanceTimersByTime(0);
    connections.at(-1)!.onEvents([OPEN]);
    expect(tab.told).toEqual([{ open: ["applications"] }, { lostSince: 5 }, { lostSince: undefined }, { open: ["applications"] }]);
  });

  it("tells a tab that comes during a loss", () => {
    const { hub, connections } = given();
    hub.hear(aTab(), { follow: "applications" });
    import.meta.jest.advanceTimersByTime(100);
    connections[0]!.onEnd("lost", 5);
    const late = aTab();
    hub.hear(late, { follow: "applications" });
    expect(late.told).toEqual([{ lostSince: 5 }]);
  });

  it("ends with the session, and begins again with the next one", () => {
    const { hub, connections } = given();
    const [one, other] = [aTab(), aTab()];
    hub.hear(one, { follow: "applications" });
    hub.hear(other, { follow: "applications" });
    import.meta.jest.advanceTimersByTime(100);
    connections[0]!.onEnd("signed out", 5);
    import.meta.jest.advanceTimersByTime(60_000);
    expect(connections.length).toBe(1);
    hub.hear(one, "signed in");
    import.meta.jest.advanceTimersByTime(0);
    connections[1]!.onEvents([OPEN]);
    expect(other.told).toEqual(["signed out", "signed in", { open: ["applications"] }]);
  });

  it("stays for a moment when nobody follows, then goes", () => {
    const { hub, connections } = given();
    const tab = aTab();
    hub.hear(tab, { follow: "applications" });
    import.meta.jest.advanceTimersByTime(100);
    connections[0]!.onEvents([OPEN]);
    hub.hear(tab, { leave: "applications" });
    import.meta.jest.advanceTimersByTime(5000);
    hub.hear(tab, { follow: "applications" });
    expect(tab.told).toEqual([{ open: ["applications"] }, { open: ["applications"] }]);
    hub.hear(tab, "gone");
    import.meta.jest.advanceTimersByTime(20_000);
    expect(connections.map(({ closed }) => closed)).toEqual([true]);
  });
});

interface Connection extends ConnectionListener {
  topics: readonly string[];
  closed: boolean;
}

function given() {
  const connections: Connection[] = [];
  const hub = createHub((topics, listener) => {
    const connection: Connection = { topics, closed: false, ...listener };
    connections.push(connection);
    return () => void (connection.closed = true);
  });
  return { hub, connections };
}

function aTab(): Tab & { told: ToTab[] } {
  const told: ToTab[] = [];
  return { told, tell: (message) => void told.push(message) };
}
