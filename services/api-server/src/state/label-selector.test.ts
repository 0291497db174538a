import { matchesSelector, parseLabelSelector } from "./label-selector.ts";

const labels = { team: "a", tier: "web", size: "5" };

describe(parseLabelSelector, () => {
  test.each([
    ["", true],
    ["team=a", true],
    ["team==a,tier=web", true],
    ["team!=a", false],
    ["absent!=x", true],
    ["team in (a, b)", true],
    ["team notin (a,b)", false],
    ["absent notin (a)", true],
    ["team", true],
    ["!team", false],
    ["! absent", true],
    ["size>4,size<6", true],
    ["example.com/x=y", false],
  ])("%j is %j", (text, want) => expect(parseLabelSelector(text)(labels)).toBe(want));

  test.each(["=a", "team in a", "team=a,,", "a b", "!team=a"])("says what it cannot read: %j", (text) => expect(() => parseLabelSelector(text)).toThrow("error parsing the selector"));
});

describe(matchesSelector, () => {
  it("joins labels and expressions", () => {
    expect(matchesSelector({ matchLabels: { team: "a" }, matchExpressions: [{ key: "tier", operator: "In", values: ["web"] }, { key: "old", operator: "DoesNotExist" }] }, labels)).toBe(true);
    expect(matchesSelector({ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["web"] }] }, labels)).toBe(false);
    expect(matchesSelector({}, labels)).toBe(true);
  });
});
