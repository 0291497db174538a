import { compileGlob, globMatch } from "./glob.ts";

describe(globMatch, () => {
  test.each([
    { pattern: "*", text: "a/b/c", want: true },
    { pattern: "*/*", text: "default/hello", want: true },
    { pattern: "*/*", text: "hello", want: false },
    { pattern: "a/*", text: "a/b/c", want: true },
    { pattern: "a/*", text: "a/b/c", separators: "/", want: false },
    { pattern: "a/**", text: "a/b/c", separators: "/", want: true },
    { pattern: "team-?", text: "team-a", want: true },
    { pattern: "team-?", text: "team-", want: false },
    { pattern: "{a,b*}", text: "beta", want: true },
    { pattern: "{a,{c,d}}", text: "d", want: true },
    { pattern: "[a-c]x", text: "bx", want: true },
    { pattern: "[!a-c]x", text: "bx", want: false },
    { pattern: "[abc]", text: "c", want: true },
    { pattern: "\\*", text: "*", want: true },
    { pattern: "\\*", text: "x", want: false },
    { pattern: "a,b", text: "a,b", want: true },
    { pattern: "}", text: "}", want: true },
    { pattern: "a.c", text: "abc", want: false },
    { pattern: "*\n", text: "x\n", want: true },
  ])("$pattern against $text with separators '$separators' is $want", ({ pattern, text, separators, want }) => {
    expect(globMatch(pattern, text, separators)).toBe(want);
  });

  test.each(["[", "[]", "[a", "[c-a]", "[a-cd]"])("has no meaning: %s", (pattern) => {
    expect(compileGlob(pattern)).toBeUndefined();
    expect(globMatch(pattern, pattern)).toBe(false);
  });

  it("stays linear on patterns that make backtracking engines explode", () => {
    expect(globMatch("*a".repeat(30) + "b", "a".repeat(5000))).toBe(false);
  });
});
