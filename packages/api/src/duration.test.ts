import { formatDuration, parseDuration } from "./duration.ts";

describe(parseDuration, () => {
  test.each([
    ["1h30m", 5_400_000],
    ["90s", 90_000],
    ["1.5s", 1500],
    ["-2m", -120_000],
    ["0", 0],
    ["100ms", 100],
    ["", undefined],
    ["10", undefined],
    ["5x", undefined],
    ["s", undefined],
    [".s", undefined],
    ["5 m", undefined],
    ["1h15m30.5s", 4_530_500],
    ["100us", 0.1],
  ])("%j is %j ms", (text, want) => expect(parseDuration(text)).toBe(want));
});

describe(formatDuration, () => {
  test.each([
    [120_000, "2m0s"],
    [3_600_000, "1h0m0s"],
    [500, "500ms"],
    [0, "0s"],
    [1500, "1.5s"],
    [-61_000, "-1m1s"],
  ])("%j ms is %j", (ms, want) => expect(formatDuration(ms)).toBe(want));
});
