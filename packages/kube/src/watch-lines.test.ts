import { lines } from "./watch-lines.ts";

async function* of(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function all(chunks: AsyncIterable<Uint8Array>, maxBytes?: number) {
  const found: string[] = [];
  for await (const line of lines(chunks, maxBytes)) found.push(line.toString());
  return found;
}

describe(lines, () => {
  test.each([
    { name: "several in one chunk", chunks: ["a\nb\nc\n"], want: ["a", "b", "c"] },
    { name: "one over several chunks", chunks: ["a", "b", "c\nd", "\n"], want: ["abc", "d"] },
    { name: "a chunk that ends with its line", chunks: ["a\n", "b\n"], want: ["a", "b"] },
    { name: "a last one without its end", chunks: ["a\nb"], want: ["a", "b"] },
    { name: "empty ones", chunks: ["\n\na\n\n"], want: ["a"] },
    { name: "a letter cut in two", chunks: ["\u00e4".repeat(3), "\n"], want: ["\u00e4\u00e4\u00e4"] },
  ])("reads $name", async ({ chunks, want }) => expect(await all(of(...chunks))).toEqual(want));

  it("refuses a line that never ends", async () => {
    await expect(all(of("x".repeat(50), "x".repeat(60)), 100)).rejects.toThrow("a line of more than 100 bytes");
  });

  it("does not copy lines that stand in one chunk", async () => {
    const chunk = Buffer.from("one\ntwo\n");
    for await (const line of lines((async function* () { yield chunk; })())) expect(line.buffer).toBe(chunk.buffer);
  });
});
