import { piecesOf, plainText } from "./ansi.ts";

describe("colours of a terminal", () => {
  it("are kept, until they are taken back", () => {
    expect(piecesOf("a \u001b[1;31mbad\u001b[0m b")).toEqual([
      { text: "a ", colour: undefined, bold: false },
      { text: "bad", colour: 1, bold: true },
      { text: " b", colour: undefined, bold: false },
    ]);
  });

  test.each([
    ["\u001b[2K\u001b[1Gloading\u0007", "loading"],
    ["plain\ttext", "plain\ttext"],
    ["\u001b[93mbright\u001b[39m", "bright"],
    ["", ""],
  ])("%j reads as %j", (line, text) => expect(plainText(line)).toBe(text));
});
