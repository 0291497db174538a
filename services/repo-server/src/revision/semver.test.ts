import { highestMatching, parseConstraint, parseVersion } from "./semver.ts";

describe(parseConstraint, () => {
  test.each([
    { constraint: ">=1.2.0, <2.0.0", version: "1.9.0", want: true },
    { constraint: ">=1.2.0,<2.0.0", version: "2.0.0", want: false },
    { constraint: ">=1.2.0 <2.0.0", version: "1.2.0", want: true },
    { constraint: "!=1.2.3", version: "1.2.3", want: false },
    { constraint: "!=1.2.3", version: "1.2.4", want: true },
    { constraint: "=>1.2.0", version: "1.2.0", want: true },
    { constraint: ">=1.0.0-0", version: "2.1.0-beta.1", want: true },
    { constraint: ">2.0.0-alpha", version: "2.1.0-beta.1", want: true },
    { constraint: ">=1.0.0", version: "2.1.0-beta.1", want: false },
    { constraint: "^0.0.3", version: "0.0.4", want: false },
    { constraint: "^0.2", version: "0.2.9", want: true },
    { constraint: "^1", version: "1.9.9", want: true },
    { constraint: "~1.2", version: "1.2.9", want: true },
    { constraint: "~1.2.3", version: "1.3.0", want: false },
    { constraint: "1.x", version: "1.7.0", want: true },
    { constraint: "*", version: "0.0.1", want: true },
    { constraint: "v1.*", version: "v1.4.0", want: true },
    { constraint: "1.2 - 2.3", version: "2.3.9", want: true },
    { constraint: ">11", version: "11.1.0", want: false },
    { constraint: "1.x || 3.x", version: "3.0.0", want: true },
  ])("$constraint takes $version: $want", ({ constraint, version, want }) => {
    expect(parseConstraint(constraint)?.(parseVersion(version)!)).toBe(want);
  });

  test.each(["main", "HEAD", "feature/1.x", "release-1", "", "refs/heads/x"])("%j is none", (text) => {
    expect(parseConstraint(text)).toBeUndefined();
  });
});

describe(highestMatching, () => {
  it("passes over what is no version and keeps the tag's own spelling", () => {
    expect(highestMatching(["v1.2.0", "latest", "v1.10.0", "v2.0.0"], parseConstraint("1.x")!)?.original).toBe("v1.10.0");
  });
});
