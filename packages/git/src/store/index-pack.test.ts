import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createTestRepository } from "../testing/index.ts";
import { applyDelta } from "./delta.ts";
import { indexPack } from "./index-pack.ts";

/** A pack with whole objects and deltas. */
function somePack(): Buffer {
  using repository = createTestRepository();
  for (let round = 0; round < 5; round++) repository.commit({ "a.txt": `${Array.from({ length: 300 }, (_, line) => `line ${line}`).join("\n")}${round}` });
  execFileSync("git", ["--git-dir", repository.bare, "repack", "-adfq"]);
  const packs = path.join(repository.bare, "objects", "pack");
  return readFileSync(path.join(packs, readdirSync(packs).find((file) => file.endsWith(".pack"))!));
}

describe(indexPack, () => {
  it("refuses every pack in which any byte is wrong", async () => {
    const pack = somePack();
    expect((await indexPack(pack)).count).toBe(15);
    for (let at = 0; at < pack.length; at += Math.ceil(pack.length / 60)) {
      const broken = Buffer.from(pack);
      broken[at]! ^= 0x55;
      await expect(indexPack(broken)).rejects.toThrow();
    }
    await expect(indexPack(pack.subarray(0, pack.length - 5))).rejects.toThrow("checksum");
    await expect(indexPack(Buffer.alloc(0))).rejects.toThrow("the pack has no head");
  });
});

describe(applyDelta, () => {
  it("copies and inserts, and never past the end", () => {
    const base = Buffer.from("hello world");
    expect(applyDelta(base, Buffer.from([11, 8, 0x90, 5, 3, 0x21, 0x21, 0x21])).toString()).toBe("hello!!!");
    expect(() => applyDelta(base, Buffer.from([11, 8, 0x91, 8, 8]))).toThrow("copies past the end");
    expect(() => applyDelta(base, Buffer.from([10, 8]))).toThrow("another base");
    expect(() => applyDelta(base, Buffer.from([11, 8, 9, 1, 1]))).toThrow("inserts past the end");
    expect(() => applyDelta(base, Buffer.from([11, 8, 0]))).toThrow("unknown instruction");
    expect(() => applyDelta(base, Buffer.from([11, 8]))).toThrow("makes less");
  });
});
