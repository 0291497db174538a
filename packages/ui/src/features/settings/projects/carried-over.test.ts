import { carriedOver } from "./carried-over.ts";

describe("changes that are carried over to a newer version", () => {
  it("leave what they did not touch as others made it", () => {
    const before: Record<string, unknown> = { description: "old", sourceRepos: ["a"], orphanedResources: {} };
    expect(carriedOver(before, { ...before, sourceRepos: ["a", "b"] }, { description: "theirs", sourceRepos: ["a"], roles: [] })).toEqual({ description: "theirs", sourceRepos: ["a", "b"], roles: [] });
  });

  it("win where both have changed, and take away what was taken away", () => {
    const before: { description?: string; sourceRepos: string[] } = { description: "old", sourceRepos: ["a"] };
    expect(carriedOver(before, { sourceRepos: ["mine"] }, { description: "theirs", sourceRepos: ["theirs"] })).toEqual({ sourceRepos: ["mine"] });
  });
});
