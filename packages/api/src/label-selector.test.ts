import { selects } from "./label-selector.ts";

describe(selects, () => {
  test.each([
    { name: "none selects nothing", selector: undefined, want: false },
    { name: "an empty one selects everything", selector: {}, want: true },
    { name: "labels must be equal", selector: { matchLabels: { app: "web", tier: "front" } }, want: false },
    { name: "In", selector: { matchExpressions: [{ key: "app", operator: "In", values: ["web", "db"] }] }, want: true },
    { name: "NotIn holds for what is absent", selector: { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["front"] }] }, want: true },
    { name: "Exists", selector: { matchExpressions: [{ key: "tier", operator: "Exists" }] }, want: false },
    { name: "DoesNotExist", selector: { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, want: true },
    { name: "an operator that nobody knows selects nothing", selector: { matchExpressions: [{ key: "app", operator: "Gt", values: ["1"] }] }, want: false },
  ])("$name", ({ selector, want }) => {
    expect(selects(selector, { app: "web" })).toBe(want);
  });
});
