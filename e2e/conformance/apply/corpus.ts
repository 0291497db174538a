import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Sequence } from "./sequence.ts";

const FILE = path.join(import.meta.dirname, "../recorded/apply.jsonl.br");

/** The kept sequences, with the answers of the real server. */
export function recordedSequences(): Sequence[] {
  return brotliDecompressSync(readFileSync(FILE)).toString().trimEnd().split("\n").map((line) => JSON.parse(line) as Sequence);
}

export function keepSequences(sequences: readonly Sequence[]): void {
  const text = sequences.map((sequence) => `${JSON.stringify(sequence)}\n`).join("");
  writeFileSync(FILE, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
}
