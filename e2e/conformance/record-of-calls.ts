import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { keysOf } from "./play.ts";
import type { Chapter } from "./call.ts";

/** The Kubernetes minor whose answers are kept. */
export const RECORDED_MINOR = "1.36";

const FOLDER = path.join(import.meta.dirname, "recorded/calls");

/** What the real server said to a chapter's calls, in order. A call that was never recorded has no answer, which no server gives. */
export function recordedAnswers(chapter: Chapter): unknown[] {
  const lines = readFileSync(fileOf(chapter), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as [string, unknown]);
  const answers = new Map(lines);
  return keysOf(chapter).map((key) => answers.get(key) ?? `not recorded: node e2e/conformance/record.ts calls '${chapter.name}'`);
}

export function keepAnswers(chapter: Chapter, answers: readonly unknown[]): void {
  mkdirSync(FOLDER, { recursive: true });
  const keys = keysOf(chapter);
  writeFileSync(fileOf(chapter), answers.map((answer, index) => `${JSON.stringify([keys[index], answer])}\n`).join(""));
}

function fileOf({ name }: Chapter): string {
  return path.join(FOLDER, `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.jsonl`);
}
