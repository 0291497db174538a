import { labelTest } from "./label-selector.ts";

describe("labelTest", () => {
  test.each([
    { requirement: "team=shop", fits: ["shop"] },
    { requirement: "team == shop", fits: ["shop"] },
    { requirement: "team!=shop", fits: ["blog", "none"] },
    { requirement: "team", fits: ["shop", "blog"] },
    { requirement: "!team", fits: ["none"] },
    { requirement: "team in (shop, blog)", fits: ["shop", "blog"] },
    { requirement: "team notin (shop)", fits: ["blog", "none"] },
    { requirement: "team=", fits: [] },
    { requirement: "a b c", fits: [] },
  ])("reads $requirement", ({ requirement, fits }) => {
    const test = labelTest(requirement);
    const given: Record<string, Record<string, string>> = { shop: { team: "shop" }, blog: { team: "blog" }, none: {} };
    expect(Object.keys(given).filter((name) => test(given[name]!))).toEqual(fits);
  });
});
