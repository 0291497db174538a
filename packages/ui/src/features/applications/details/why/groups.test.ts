import { groupsOf } from "./groups.ts";

describe(groupsOf, () => {
  it("tells once what is so of several objects, at the place of the first", () => {
    const image = (name: string) => ({ reason: "Degraded", cause: "ImagePull", message: name, values: { image: "web:2" } });
    const reasons = [image("a"), { reason: "OperationFailed" }, { reason: "Drifted", message: "one" }, image("b"), { reason: "Drifted", message: "two" }, { reason: "Drifted", cause: "HeldBack" }, { ...image("c"), values: { image: "web:3" } }];
    expect(groupsOf(reasons).map(({ reason, all }) => [reason.reason, all.length])).toEqual([["Degraded", 2], ["OperationFailed", 1], ["Drifted", 2], ["Drifted", 1], ["Degraded", 1]]);
  });

  it("keeps apart what only looks alike", () => {
    expect(groupsOf([{ reason: "ComparisonError", message: "a" }, { reason: "ComparisonError", message: "b" }])).toHaveLength(2);
  });
});
