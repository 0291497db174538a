import type { KubeObject } from "@trireme/api";
import { KubeError, type KubeClient } from "@trireme/kube";
import { createLogger } from "@trireme/runtime";
import { eventRecorder } from "./events.ts";

/** Events of an API server, and a recorder that writes to it; `told` resolves when everything is written. */
function recorded({ folds }: { folds: boolean }) {
  const events = new Map<string, KubeObject>();
  const client = {
    create: async (event: KubeObject) => (events.set(event.metadata.name!, { ...event }), event),
    patch: async ({ name }: { name: string }, _type: string, change: object) => {
      const standing = events.get(name);
      if (standing === undefined) throw new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", reason: "NotFound", message: "not found", code: 404 }, { cluster: "c", method: "PATCH", path: "/events" });
      return Object.assign(standing, change);
    },
  } as unknown as KubeClient;
  let second = 0;
  const recorder = eventRecorder({ client, enabled: ["all"], folds, now: () => `2026-01-01T00:00:0${second++}Z`, log: createLogger({ service: "test", level: "silent" }) });
  const about = (resourceVersion: string): KubeObject => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web", namespace: "default", uid: "u", resourceVersion } });
  return {
    events,
    say: (message: string, resourceVersion = "1") => recorder.record(about(resourceVersion), { type: "Normal", reason: "Said", message }),
    told: () => recorder[Symbol.asyncDispose](),
    counts: () => [...events.values()].map((event) => [event["message"], event["count"], event["firstTimestamp"], event["lastTimestamp"]]),
  };
}

describe(eventRecorder, () => {
  it("counts what is said again of the same object, whatever its version", async () => {
    const { say, told, counts } = recorded({ folds: true });
    say("a");
    say("b");
    say("a", "2");
    await told();
    say("a", "3");
    await told();
    expect(counts()).toEqual([
      ["a", 3, "2026-01-01T00:00:00Z", "2026-01-01T00:00:03Z"],
      ["b", 1, "2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z"],
    ]);
  });

  it("makes a new Event where the one that stood has expired", async () => {
    const { say, told, events, counts } = recorded({ folds: true });
    say("a");
    await told();
    events.clear();
    say("a");
    await told();
    expect(counts()).toEqual([["a", 1, "2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z"]]);
  });

  it("makes an Event each time where it does not fold", async () => {
    const { say, told, counts } = recorded({ folds: false });
    say("a");
    say("a");
    await told();
    expect(counts().map(([message, count]) => [message, count])).toEqual([["a", 1], ["a", 1]]);
  });
});
