import { startRun } from "./run.ts";

describe("doing something with many", () => {
  it("takes four at a time, and tells what became of each", async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `app-${index}`);
    const gates = new Map(keys.map((key) => [key, Promise.withResolvers<void>()]));
    const run = startRun(keys, (key) => gates.get(key)!.promise, new AbortController().signal);
    expect([...run.outcomes]).toEqual(keys.slice(0, 4).map((key) => [key, "busy"]));
    gates.get("app-2")!.reject(new Error("permission denied"));
    for (const [key, { resolve }] of gates) if (key !== "app-2") resolve();
    await run.ended;
    expect(new Map(run.outcomes)).toEqual(new Map(keys.map((key) => [key, key === "app-2" ? { failed: "permission denied" } : "done"])));
    expect(run.version()).toBeGreaterThan(0);
  });

  it("leaves those that wait alone when it is stopped", async () => {
    const stopping = new AbortController();
    const begun: string[] = [];
    const run = startRun(["a", "b", "c", "d", "e"], async (key) => {
      begun.push(key);
      await new Promise((_, reject) => stopping.signal.addEventListener("abort", () => reject(new Error("stopped"))));
    }, stopping.signal);
    stopping.abort();
    await run.ended;
    expect(begun).toEqual(["a", "b", "c", "d"]);
    expect([...run.outcomes]).toEqual([]);
  });
});
