import { onSilence } from "./silence.ts";

describe("silence", () => {
  beforeEach(() => void import.meta.jest.useFakeTimers());
  afterEach(() => void import.meta.jest.useRealTimers());
  const asked = (heardAt: () => number): { at: number[]; stop: () => void } => {
    const at: number[] = [];
    const start = performance.now();
    return { at, stop: onSilence(100, heardAt, () => at.push(performance.now() - start)) };
  };

  it("is asked about each time it has lasted so long", () => {
    const heard = performance.now();
    const { at, stop } = asked(() => heard);
    import.meta.jest.advanceTimersByTime(350);
    stop();
    import.meta.jest.advanceTimersByTime(350);
    expect(at).toEqual([100, 200, 300]);
  });

  it("is counted from what was heard last: a moment later is noticed a moment later", () => {
    const heard = performance.now() + 3;
    const { at, stop } = asked(() => heard);
    import.meta.jest.advanceTimersByTime(150);
    stop();
    expect(at).toEqual([103]);
  });

  it("is nobody's while something is heard", () => {
    const { at, stop } = asked(() => performance.now() - 1);
    import.meta.jest.advanceTimersByTime(1000);
    stop();
    expect(at).toEqual([]);
  });

  it("of before does not count: whoever begins to wait waits so long first", () => {
    const heard = performance.now() - 5000;
    const { at, stop } = asked(() => heard);
    import.meta.jest.advanceTimersByTime(99);
    expect(at).toEqual([]);
    stop();
  });
});
