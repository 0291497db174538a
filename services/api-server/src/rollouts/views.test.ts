import type { KubeObject } from "@trireme/api";
import type { CacheEvent, KubeClient, WatchCache } from "@trireme/kube";
import { createRolloutViews } from "./views.ts";

/** Watches that a test feeds, and what was opened and closed of them. */
function given() {
  const opened: string[] = [];
  let closed = 0;
  let lists = 0;
  const listeners = new Set<(event: CacheEvent<any>) => void>();
  const objects: KubeObject[] = [];
  const client = { list: async () => (lists++, { items: [] }) } as unknown as KubeClient;
  const views = createRolloutViews(client, {
    open: ({ kind }, namespace) => {
      opened.push(`${kind} in ${namespace}`);
      return {
        synced: true,
        failure: undefined,
        waitForSync: async () => undefined,
        list: () => objects.filter((object) => object.kind === kind),
        on: (listener: (event: CacheEvent<any>) => void) => (listeners.add(listener), () => listeners.delete(listener)),
        [Symbol.asyncDispose]: async () => void closed++,
      } as unknown as WatchCache;
    },
  });
  const put = (kind: string, name: string) => {
    const object = { apiVersion: "v1", kind, metadata: { name } };
    objects.push(object);
    for (const listener of listeners) listener({ type: "added", object });
  };
  return { views, opened, put, closed: () => closed, lists: () => lists, listeners };
}

describe(createRolloutViews, () => {
  it("opens each kind once for all who look at a namespace, and closes it after the last of them", async () => {
    const { views, opened, closed, listeners, put } = given();
    const leaving = [new AbortController(), new AbortController()];
    const streams = leaving.map(({ signal }) => views.watch("team", signal)[Symbol.asyncIterator]());
    for (const stream of streams) expect((await stream.next()).done).toBe(false);
    expect(opened.sort()).toEqual(["AnalysisRun in team", "Deployment in team", "Experiment in team", "Pod in team", "ReplicaSet in team", "Rollout in team"]);
    leaving[0]!.abort();
    expect((await streams[0]!.next()).done).toBe(true);
    expect(closed()).toBe(0);
    const next = streams[1]!.next();
    put("Rollout", "web");
    expect((await next).value.rollouts).toMatchObject([{ metadata: { name: "web" } }]);
    leaving[1]!.abort();
    expect((await streams[1]!.next()).done).toBe(true);
    expect([closed(), listeners.size]).toEqual([6, 0]);
  });

  it("tells changes that come together once", async () => {
    const { views, put } = given();
    const leaving = new AbortController();
    const stream = views.watch("team", leaving.signal)[Symbol.asyncIterator]();
    await stream.next();
    const next = stream.next();
    for (const name of ["a", "b", "c"]) put("Pod", name);
    expect((await next).value.pods).toHaveLength(3);
    const more = stream.next();
    leaving.abort();
    expect((await more).done).toBe(true);
  });

  it("reads from the watches where somebody looks, and lists each kind once where nobody does", async () => {
    const { views, lists, opened } = given();
    const signal = new AbortController();
    await views.read("team", signal.signal);
    expect([lists(), opened]).toEqual([6, []]);
    const stream = views.watch("team", signal.signal)[Symbol.asyncIterator]();
    await stream.next();
    await views.read("team", signal.signal);
    expect(lists()).toBe(6);
    signal.abort();
    await stream.next();
  });
});
