import { durationText } from "./duration.ts";

test.each([
  [400, "0s"],
  [5_000, "5s"],
  [184_000, "3m 4s"],
  [3_725_000, "1h 2m"],
  [-1, "0s"],
])("%d ms reads %s", (ms, text) => expect(durationText(ms)).toBe(text));
