import { ManualClock } from "@trireme/runtime";
import { createLoginLimits } from "./login-limits.ts";

const limits = (more = {}) => {
  const clock = new ManualClock();
  return { clock, ...createLoginLimits({ maxFailures: 3, windowMs: 300_000, maxEntries: 5, maxConcurrent: 2, clock, ...more }) };
};

describe(createLoginLimits, () => {
  it("stops trying a name that failed too often, until the window has passed", () => {
    const { failed, exceeded, clock } = limits();
    for (let i = 0; i < 3; i++) failed("ann");
    expect([exceeded("ann"), exceeded("bob")]).toEqual([true, false]);
    clock.advance(300_001);
    expect(exceeded("ann")).toBe(false);
  });

  it("forgets failures once the password was right", () => {
    const { failed, succeeded, exceeded } = limits();
    failed("ann");
    failed("ann");
    succeeded("ann");
    failed("ann");
    expect(exceeded("ann")).toBe(false);
  });

  it("never lets a flood of names push admin out", () => {
    const { failed, exceeded } = limits();
    for (let i = 0; i < 3; i++) failed("admin");
    for (let i = 0; i < 100; i++) failed(`made-up-${i}`);
    expect(exceeded("admin")).toBe(true);
  });

  it("turns sign-ins away while too many run", async () => {
    const { within } = limits();
    const open = Promise.withResolvers<void>();
    const running = [within(() => open.promise), within(() => open.promise)];
    expect(await within(async () => "in")).toBeUndefined();
    open.resolve();
    await Promise.all(running);
    expect(await within(async () => "in")).toBe("in");
  });
});
