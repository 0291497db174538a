import { createLogger, ManualClock } from "@trireme/runtime";
import { createExecutor, type ExecutorOptions } from "./executor.ts";
import { NO_PINS, type Wake } from "./wakes.ts";

const log = createLogger({ service: "test", level: "silent" });
const wake = (level: Wake["level"]): Wake => ({ level, hard: false, pinned: NO_PINS });
const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

function executor(options: Partial<ExecutorOptions>) {
  const clock = new ManualClock();
  const made = createExecutor({ visit: async () => undefined, placeOf: (key) => key[0]!, perPlace: 2, at: (_key, inMs, callback) => void clock.at(clock.now() + inMs, callback), log, ...options });
  return { executor: made, clock };
}

describe(createExecutor, () => {
  it("makes one visit of many wake-ups, with the closest look", async () => {
    const seen: Wake[] = [];
    const { executor: one } = executor({ visit: async (_key, asked) => void seen.push(asked) });
    one.wake("a", wake(0));
    one.wake("a", { level: 2, hard: true, pinned: new Map([["r", "1"]]) });
    one.wake("a", wake(1));
    await one.settled("a");
    expect(seen).toEqual([{ level: 2, hard: true, pinned: new Map([["r", "1"]]) }]);
  });

  it("never visits one key twice at a time, and comes again for what arrived meanwhile", async () => {
    let running = 0;
    let most = 0;
    let visits = 0;
    const gate = Promise.withResolvers<void>();
    const { executor: one } = executor({
      async visit() {
        visits++;
        most = Math.max(most, ++running);
        await gate.promise;
        running--;
        return undefined;
      },
    });
    one.wake("a", wake(1));
    await turn();
    one.wake("a", wake(1));
    one.wake("a", wake(1));
    gate.resolve();
    await one.settled("a");
    expect({ most, visits }).toEqual({ most: 1, visits: 2 });
  });

  it("lets a place that hangs hold up none but itself", async () => {
    const visited: string[] = [];
    const { executor: one } = executor({
      visit: (key) => {
        visited.push(key);
        return key.startsWith("x") ? new Promise(() => undefined) : Promise.resolve(undefined);
      },
    });
    for (const key of ["x1", "x2", "x3", "a1", "a2", "a3"]) one.wake(key, wake(1));
    await Promise.all(["a1", "a2", "a3"].map((key) => one.settled(key)));
    expect(visited.sort()).toEqual(["a1", "a2", "a3", "x1", "x2"]);
  });

  it("comes back when the visit said so, and after a failure", async () => {
    const answers = [{ inMs: 5000, level: 1 as const }, undefined];
    let visits = 0;
    const { executor: one, clock } = executor({
      async visit() {
        if (visits++ === 2) throw new Error("no");
        return answers[visits - 1];
      },
    });
    one.wake("a", wake(1));
    await one.settled("a");
    clock.advance(4999);
    await turn();
    expect(visits).toBe(1);
    clock.advance(1);
    await one.settled("a");
    expect(visits).toBe(2);
    one.wake("a", wake(1));
    await one.settled("a");
    clock.advance(1000);
    await one.settled("a");
    expect(visits).toBe(4);
  });

  it("visits nobody any more once it is stopped", async () => {
    let visits = 0;
    const { executor: one } = executor({ visit: async () => void visits++ });
    await one.stop();
    one.wake("a", wake(1));
    await turn();
    expect(visits).toBe(0);
  });
});
