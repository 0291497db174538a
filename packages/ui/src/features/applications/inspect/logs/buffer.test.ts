import { append, NO_LINES, type LogLine } from "./buffer.ts";

let id = 0;
const line = (second: number, text: string): LogLine => ({ id: id++, pod: "web", container: "web", time: `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000001Z`, text });
const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text).join(" ");

describe("the lines of logs", () => {
  it("stand in the order of their times where streams come together", () => {
    const first = append(NO_LINES, [line(1, "a"), line(5, "e")]);
    expect(texts(append(first, [line(2, "b"), line(6, "f"), line(4, "d")]).lines)).toBe("a b d e f");
  });

  it("keep the order in which one stream gave them within one moment", () => {
    expect(texts(append(NO_LINES, [line(1, "a"), line(1, "b"), line(1, "c")]).lines)).toBe("a b c");
  });

  it("are bounded, and count what went", () => {
    let lines = NO_LINES;
    for (let i = 0; i < 10; i++) lines = append(lines, [line(i, String(i))], { lines: 4, characters: 1000 });
    expect([texts(lines.lines), lines.dropped]).toEqual(["6 7 8 9", 6]);
  });

  it("are bounded by their size too, and a single one by its own", () => {
    let lines = NO_LINES;
    for (let i = 0; i < 10; i++) lines = append(lines, [line(i, "x".repeat(100))], { lines: 1000, characters: 350 });
    expect([lines.lines.length, lines.dropped, lines.characters]).toEqual([3, 7, 300]);
    expect(append(NO_LINES, [line(1, "y".repeat(1 << 20))]).characters).toBe(16_001);
  });

  it("keep what the server says itself where it was said", () => {
    const first = [line(1, "a"), { id: id++, pod: "", container: "", time: "", text: "no container" }];
    expect(texts(append(append(NO_LINES, first), [line(2, "b")]).lines)).toBe("a no container b");
  });
});
