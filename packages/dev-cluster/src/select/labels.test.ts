import { labelSelector, selectorText } from "./labels.ts";

describe(labelSelector, () => {
  const labels = { app: "web", tier: "front" };
  test.each([
    ["app=web", true], ["app==web", true], ["app!=web", false], ["other!=x", true], ["app in (web,api)", true], ["app notin (web)", false], ["other notin (web)", true],
    ["app", true], ["!app", false], ["!other", true], ["app=web,tier=back", false], ["app in (web),tier", true], ["example.com/part=", false],
  ])("reads %s", (text, want) => expect(labelSelector(text)!(labels)).toBe(want));

  test.each(["a b", "=x", "a in b", "a in (b"])("refuses %s", (text) => expect(() => labelSelector(text)).toThrow());
});

describe(selectorText, () => {
  it("names labels and expressions in order", () => {
    expect(selectorText({ matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }, { key: "old", operator: "DoesNotExist" }] })).toBe("!old,app=web,tier in (back,front)");
  });
});
