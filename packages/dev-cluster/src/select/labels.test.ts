import { labelSelector, matchesSelector, selectorText } from "./labels.ts";

describe(labelSelector, () => {
  const labels = { app: "web", tier: "front" };
  test.each([
    ["app=web", true], ["app==web", true], ["app!=web", false], ["other!=x", true], ["app in (web,api)", true], ["app notin (web)", false], ["other notin (web)", true],
    ["app", true], ["!app", false], ["!other", true], ["app=web,tier=back", false], ["app in (web),tier", true], ["example.com/part=", false],
  ])("reads %s", (text, want) => expect(labelSelector(text)!(labels)).toBe(want));

  test.each(["a b", "=x", "a in b", "a in (b"])("refuses %s", (text) => expect(() => labelSelector(text)).toThrow());
});

describe(matchesSelector, () => {
  it("needs all of it", () => {
    const selector = { matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }, { key: "old", operator: "DoesNotExist" }] };
    expect(matchesSelector(selector, { app: "web", tier: "back" })).toBe(true);
    expect(matchesSelector(selector, { app: "web", tier: "back", old: "" })).toBe(false);
    expect(matchesSelector({}, {})).toBe(true);
    expect(selectorText(selector)).toBe("!old,app=web,tier in (back,front)");
  });
});
