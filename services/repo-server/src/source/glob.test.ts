import { compileGlob } from "./glob.ts";

describe(compileGlob, () => {
  test.each([
    { pattern: "*.yaml", text: "deep/a.yaml", want: true },
    { pattern: "*.yaml", text: "deep/a.yaml", separators: "/", want: false },
    { pattern: "**/*.yaml", text: "a/b/c.yaml", separators: "/", want: true },
    { pattern: "{a,b{c,d}}.yml", text: "bd.yml", want: true },
    { pattern: "{a,b{c,d}}.yml", text: "b.yml", want: false },
    { pattern: "[a-c]?[!x]", text: "b1y", want: true },
    { pattern: "[a-c]?[!x]", text: "b1x", want: false },
    { pattern: "\\*", text: "*", want: true },
    { pattern: "\\*", text: "a", want: false },
    { pattern: "", text: "", want: true },
  ])("$pattern on $text: $want", ({ pattern, text, separators, want }) => {
    expect(compileGlob(pattern, separators).matches(text)).toBe(want);
  });

  it("takes no longer for patterns that are made to take long", () => {
    const started = performance.now();
    expect(compileGlob("*a".repeat(40)).matches(`${"a".repeat(39)}${"b".repeat(3000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(() => compileGlob("{a,b}".repeat(20))).toThrow("alternatives");
    expect(() => compileGlob("x".repeat(5000))).toThrow("longer than");
  });
});
