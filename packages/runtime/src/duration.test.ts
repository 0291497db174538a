import { durationOf, formatDuration, parseDuration } from "./duration.ts";

describe(parseDuration, () => {
  test.each([
    { text: "0", want: 0 },
    { text: "30s", want: 30_000 },
    { text: "1h15m30.5s", want: 4_530_500 },
    { text: "-250ms", want: -250 },
    { text: "1.5h", want: 5_400_000 },
    { text: "100us", want: 0.1 },
    { text: "5", want: undefined },
    { text: "", want: undefined },
    { text: "s", want: undefined },
    { text: ".s", want: undefined },
    { text: "5 m", want: undefined },
    { text: "5minutes", want: undefined },
  ])("$text", ({ text, want }) => {
    expect(parseDuration(text)).toBe(want);
  });

  it("takes a plain number as seconds only where that is allowed", () => {
    expect(parseDuration("5", { secondsAllowed: true })).toBe(5000);
  });
});

describe(durationOf, () => {
  it("names what the bad text is for", () => {
    expect(() => durationOf("soon", "retry.backoff.duration")).toThrow('retry.backoff.duration: "soon" is not a duration such as 30s, 5m or 1h30m');
  });
});

describe(formatDuration, () => {
  test.each([
    [0, "0s"],
    [250, "250ms"],
    [1500, "1.5s"],
    [180_000, "3m0s"],
    [3_600_000, "1h0m0s"],
    [-61_000, "-1m1s"],
  ])("%d ms", (ms, want) => {
    expect(formatDuration(ms)).toBe(want);
  });
});
