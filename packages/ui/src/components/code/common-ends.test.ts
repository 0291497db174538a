import { commonEnds } from "./common-ends.ts";

test.each([
  ["", "", 0, 0],
  ["abc", "abc", 3, 0],
  ["abc", "axc", 1, 1],
  ["aa", "aaa", 2, 0],
  ["name: a\nb", "name: ab\nb", 7, 2],
])("the common ends of %j and %j", (before, after, start, end) => {
  expect(commonEnds(before, after)).toEqual({ start, end });
  expect(before.slice(0, start) + after.slice(start, after.length - end) + before.slice(before.length - end)).toBe(after);
});
