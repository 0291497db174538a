import { repositoryName, shortRevision } from "./describe.ts";

describe("repositoryName", () => {
  test.each([
    ["https://git.example.com:8443/team/shop.git", "team/shop"],
    ["git@git.example.com:team/shop.git", "team/shop"],
    ["ssh://git@git.example.com/team/shop", "team/shop"],
    ["http://127.0.0.1:20628/platform.git", "platform"],
    ["https://git.example.com/group/team/shop/", "team/shop"],
    ["oci://registry.example.com/charts", "charts"],
    ["", ""],
  ])("calls %s %s", (url, name) => expect(repositoryName(url)).toBe(name));
});

describe("shortRevision", () => {
  it("shortens commits alone", () => {
    expect([shortRevision("4f2c1aa0".repeat(5)), shortRevision("v1.2.3"), shortRevision(undefined)]).toEqual(["4f2c1aa", "v1.2.3", ""]);
  });
});
