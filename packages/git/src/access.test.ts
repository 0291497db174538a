import { accessFingerprint, authorization, displayUrl, normalizeUrl, repositoryKey } from "./access.ts";

describe(normalizeUrl, () => {
  test.each([
    { url: " https://Git.test/Team/Web.git/ ", want: "https://git.test/team/web" },
    { url: "git@git.test:team/web.git", want: "git@git.test/team/web" },
    { url: "ssh://git@git.test/team/web", want: "git@git.test/team/web" },
    { url: "https://git.test:8443/web", want: "https://git.test:8443/web" },
  ])("$url", ({ url, want }) => expect(normalizeUrl(url)).toBe(want));
});

describe("credentials", () => {
  it("are taken from their fields before the URL, and never shown", () => {
    expect(authorization({ url: "https://a:b%40@git.test/web" })).toBe(`Basic ${Buffer.from("a:b@").toString("base64")}`);
    expect(authorization({ url: "https://a:b@git.test/web", username: "c", password: "d" })).toBe(`Basic ${Buffer.from("c:d").toString("base64")}`);
    expect(authorization({ url: "https://git.test/web", bearerToken: "t", username: "c" })).toBe("Bearer t");
    expect(authorization({ url: "https://git.test/web" })).toBeUndefined();
    expect(displayUrl("https://a:b@git.test/web")).toBe("https://git.test/web");
    expect(repositoryKey("https://a:b@git.test/web.git")).toBe(repositoryKey("https://git.test/web"));
  });

  it("make another door of the same repository", () => {
    const url = "https://git.test/web";
    expect(new Set([accessFingerprint({ url }), accessFingerprint({ url, password: "a" }), accessFingerprint({ url, password: "b" }), accessFingerprint({ url, insecure: true })]).size).toBe(4);
    expect(accessFingerprint({ url, name: "x" })).toBe(accessFingerprint({ url, name: "y" }));
  });
});
