import { closeSync, existsSync, fdatasync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, truncateSync, write, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const writeTo = promisify(write) as unknown as (fd: number, bytes: Buffer) => Promise<{ bytesWritten: number }>;
const syncTo = promisify(fdatasync);

/** The journal is rewritten from the present state when it is this many times larger than after the last rewriting. */
const REWRITE_FACTOR = 8;
/** What stands before the object in a line; a key cannot hold it, and it comes before the object's own text. */
const OBJECT = ',"o":';
const REWRITE_MIN_BYTES = 16 * 1024 * 1024;

export interface JournalOptions {
  /** Below this size, in bytes, it is never rewritten. */
  rewriteBytes?: number;
}

/**
 * Append-only log of changes, one JSON line each, synced in batches: whatever was appended while the disk was busy
 * goes down in one write and one sync. A torn last line (the process died in the middle) is cut off on loading.
 */
export class Journal {
  readonly #path: string;
  readonly #rewriteBytes: number;
  #fd: number;
  #size: number;
  #base: number;
  #waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  #busy = false;
  #failure: Error | undefined;
  #idle: Promise<void> = Promise.resolve();

  /** Opens or creates `journal.jsonl` in the folder. */
  constructor(folder: string, options: JournalOptions = {}) {
    this.#rewriteBytes = options.rewriteBytes ?? REWRITE_MIN_BYTES;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, "journal.jsonl");
    this.#fd = openSync(this.#path, "a", 0o600);
    this.#size = statSync(this.#path).size;
    this.#base = this.#size;
  }

  /** Plays every change into `apply` and answers the last revision. */
  load(apply: (bucket: string, key: string, json: string | undefined, revision: number) => void): number {
    let revision = 1;
    if (!existsSync(this.#path)) return revision;
    const content = readFileSync(this.#path);
    let start = 0;
    for (let end = content.indexOf(10, start); end >= 0; end = content.indexOf(10, start)) {
      const line = content.toString("utf8", start, end);
      const at = line.indexOf(OBJECT);
      const { r, b, k } = JSON.parse(at < 0 ? line : `${line.slice(0, at)}}`) as { r: number; b?: string; k?: string };
      revision = Math.max(revision, r);
      if (b !== undefined && k !== undefined) {
        const object = line.slice(at + OBJECT.length, -1);
        apply(b, k, object === "null" ? undefined : object, r);
      }
      start = end + 1;
    }
    if (start < content.length) {
      truncateSync(this.#path, start);
      this.#size = start;
    }
    return revision;
  }

  /** Resolves when the line is on disk. `everything` gives the lines of a rewritten journal when one is due. */
  append(line: string, everything: () => Iterable<string>): Promise<void> {
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ line, done: resolve, failed: reject }));
    if (!this.#busy) {
      this.#busy = true;
      this.#idle = this.#drain(everything);
    }
    return done;
  }

  async close(): Promise<void> {
    await this.#idle;
    closeSync(this.#fd);
  }

  async #drain(everything: () => Iterable<string>): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) throw this.#failure;
        const text = batch.map(({ line }) => line).join("");
        let rest = Buffer.from(text);
        this.#size += rest.length;
        while (rest.length > 0) rest = rest.subarray((await writeTo(this.#fd, rest)).bytesWritten);
        await syncTo(this.#fd);
        for (const { done } of batch) done();
        if (this.#size > this.#rewriteBytes && this.#size > this.#base * REWRITE_FACTOR && this.#waiting.length === 0) this.#rewrite(everything());
      } catch (error) {
        // A journal that failed once may end in half a line: nothing more is promised to anybody.
        this.#failure = error as Error;
        for (const { failed } of batch) failed(error);
      }
    }
    this.#busy = false;
  }

  #rewrite(lines: Iterable<string>): void {
    const next = `${this.#path}.next`;
    const fd = openSync(next, "w", 0o600);
    let size = 0;
    for (const line of lines) size += writeSync(fd, line);
    fsyncSync(fd);
    renameSync(next, this.#path);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = size;
    this.#base = size;
  }
}
