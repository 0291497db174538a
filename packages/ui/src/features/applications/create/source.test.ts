import { originOf, withOrigin, withRepository } from "./source.ts";

const REPOSITORIES = [{ repo: "https://git.test/a.git", type: "git" }, { repo: "https://charts.test", type: "helm" }, { repo: "registry.test/charts", type: "helm", enableOCI: true }];

describe("where a source comes from", () => {
  test.each([
    [{ repoURL: "https://git.test/a.git", path: "." }, "git"],
    [{ repoURL: "https://charts.test", chart: "web" }, "helm"],
    [{ repoURL: "registry.test/charts", chart: "web" }, "oci"],
    [{ repoURL: "oci://elsewhere.test/charts", chart: "" }, "oci"],
  ])("%j: %s", (source, origin) => expect(originOf(source as never, REPOSITORIES)).toBe(origin));

  it("is said by the repository that was chosen: charts have versions, folders have paths", () => {
    const git = { repoURL: "", path: ".", targetRevision: "HEAD" } as never;
    const helm = withRepository(git, "https://charts.test", REPOSITORIES);
    expect(helm).toEqual({ repoURL: "https://charts.test", chart: "", targetRevision: "" });
    expect(withRepository(helm, "https://git.test/a.git", REPOSITORIES)).toEqual({ repoURL: "https://git.test/a.git", path: ".", targetRevision: "HEAD" });
    expect(withRepository(git, "https://unknown.test/x.git", REPOSITORIES)).toEqual({ repoURL: "https://unknown.test/x.git", path: ".", targetRevision: "HEAD" });
  });

  it("keeps a version that was chosen", () => expect(withOrigin({ repoURL: "a", path: "x", targetRevision: "1.2.3" } as never, "helm")).toEqual({ repoURL: "a", chart: "", targetRevision: "1.2.3" }));
});
