import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame } from "./frame.ts";
import type { Story } from "./story.ts";

const FOLDER = path.join(import.meta.dirname, "../recorded/stories");

/** The states that a real cluster came to rest in, one for each step. */
export function recordedFrames(story: Story): Frame[] {
  return readFileSync(fileOf(story), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Frame);
}

export function keepFrames(story: Story, frames: readonly Frame[]): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(story), frames.map((frame) => `${JSON.stringify(frame)}\n`).join(""));
}

function fileOf({ name }: Story): string {
  return path.join(FOLDER, `${name.replaceAll(" ", "-")}.jsonl`);
}
