import { ManualClock } from "./clock.ts";
import { TimerWheel } from "./timer-wheel.ts";

describe(TimerWheel, () => {
  const wheelOf = () => {
    const clock = new ManualClock(0);
    const fired: string[] = [];
    const wheel = new TimerWheel(clock);
    return { clock, wheel, fired, at: (key: string, when: number) => wheel.set(key, when, () => fired.push(`${key}@${clock.now()}`)) };
  };

  it("fires each key once, in order of time", () => {
    const { clock, fired, at } = wheelOf();
    at("b", 20);
    at("a", 10);
    clock.advance(30);
    expect(fired).toEqual(["a@10", "b@20"]);
    clock.advance(30);
    expect(fired).toHaveLength(2);
  });

  it("moves a key that is set again, earlier or later", () => {
    const { clock, fired, at } = wheelOf();
    at("a", 10);
    at("a", 50);
    at("b", 50);
    at("b", 5);
    clock.advance(20);
    expect(fired).toEqual(["b@5"]);
    clock.advance(40);
    expect(fired).toEqual(["b@5", "a@50"]);
  });

  it("keeps the earlier time with setNoLater", () => {
    const { clock, wheel, fired } = wheelOf();
    wheel.set("a", 10, () => fired.push("first"));
    wheel.setNoLater("a", 20, () => fired.push("second"));
    clock.advance(15);
    expect(fired).toEqual(["first"]);
  });

  it("lets a callback set its own key again", () => {
    const { clock, wheel, fired } = wheelOf();
    const again = (): void => {
      fired.push(String(clock.now()));
      wheel.set("tick", clock.now() + 10, again);
    };
    wheel.set("tick", 10, again);
    clock.advance(35);
    expect(fired).toEqual(["10", "20", "30"]);
  });

  it("forgets deleted keys", () => {
    const { clock, wheel, fired, at } = wheelOf();
    at("a", 10);
    wheel.delete("a");
    clock.advance(20);
    expect(fired).toEqual([]);
  });

  it("fires thousands of keys in order of time, though most were moved or deleted before", () => {
    const { clock, wheel } = wheelOf();
    const fired: number[] = [];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const wanted = new Map<string, number>();
    for (let count = 0; count < 20_000; count++) {
      const key = `key ${random(500)}`;
      if (random(4) === 0) {
        wheel.delete(key);
        wanted.delete(key);
        continue;
      }
      const when = 1 + random(10_000);
      wheel.set(key, when, () => fired.push(when));
      wanted.set(key, when);
    }
    expect(wheel.size).toBe(wanted.size);
    clock.advance(10_000);
    expect(fired).toEqual([...wanted.values()].sort((a, b) => a - b));
    expect(wheel.size).toBe(0);
  });
});
