import { encodeBase64, type DataObject } from "../kube-data.ts";
import { parseRepositories } from "./lookup.ts";
import { repositoryToData, secretNameFor } from "./secrets.ts";
import { normalizeGitUrl, sameUrl } from "./url.ts";

const aSecret = (name: string, data: Record<string, string>): DataObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name }, data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)])) });

describe(normalizeGitUrl, () => {
  test.each([
    ["https://Git.Example/Team/App.git", "https://git.example/team/app"],
    ["git@github.com:Org/Repo.git", "git@github.com/org/repo"],
    ["ssh://git@github.com/org/repo", "git@github.com/org/repo"],
    ["  https://x/y ", "https://x/y"],
  ])("%s is %s", (url, want) => expect(normalizeGitUrl(url)).toBe(want));

  it("sees the same repository behind different spellings", () => {
    expect(sameUrl("git@github.com:org/repo.git", "ssh://git@github.com/org/repo")).toBe(true);
    expect(sameUrl("https://x/a", "https://x/b")).toBe(false);
  });
});

describe(parseRepositories, () => {
  const repositories = parseRepositories(
    [
      aSecret("r1", { url: "https://git.test/team/app.git", type: "git", name: "app" }),
      aSecret("r2", { url: "https://git.test/team/app", project: "p", username: "own", password: "own" }),
      aSecret("bad", { url: "https://git.test/bad", insecure: "maybe" }),
    ],
    [aSecret("c1", { url: "https://git.test", username: "wide", password: "w" }), aSecret("c2", { url: "https://git.test/team", username: "near", password: "n", type: "git", enableOCI: "true" })],
  );

  it("prefers the project's own, and falls back to the unscoped one", () => {
    expect(repositories.find("https://git.test/team/app", "p")?.secret).toBe("r2");
    expect(repositories.find("https://git.test/team/app", "other")?.secret).toBe("r1");
    expect(repositories.find("https://git.test/team/app", "other", { exact: true })).toBeUndefined();
  });

  it("completes a repository without credentials by the longest matching template", () => {
    expect(repositories.access("https://git.test/team/app")).toEqual({ repo: "https://git.test/team/app.git", type: "git", name: "app", username: "near", password: "n", enableOCI: true, inheritedCreds: true });
    expect(repositories.access("https://git.test/other")).toMatchObject({ repo: "https://git.test/other", username: "wide" });
  });

  it("leaves a repository's own credentials alone", () => {
    expect(repositories.access("https://git.test/team/app", "p")).toMatchObject({ username: "own", password: "own" });
    expect(repositories.access("https://git.test/team/app", "p").inheritedCreds).toBeUndefined();
  });

  it("keeps a Secret that it cannot read, with the key that is wrong", () => {
    expect(repositories.find("https://git.test/bad")?.problem).toBe("secret bad: insecure must be true or false");
  });

  it("writes only what is set, and removes what no longer is", () => {
    expect(repositoryToData({ repo: "https://x/y", insecure: true }, { password: "b2xk", custom: "eA==" })).toEqual({ custom: "eA==", url: encodeBase64("https://x/y"), insecure: encodeBase64("true") });
  });

  it("names Secrets as Argo CD does", () => {
    expect(secretNameFor("repo", "https://github.com/argoproj/argocd-example-apps")).toMatch(/^repo-\d+$/);
  });
});
