import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzipSync, gzip, type ZlibOptions } from "node:zlib";
import type { Cache } from "@trireme/queue";
import { ByteLru } from "@trireme/git";
import { type Keys, type Logger, seal, unseal } from "@trireme/runtime";

export interface LayeredStoreOptions {
  folder: string;
  /** Seals what goes to disk; absent: nothing goes there. */
  keys?: Keys;
  redis?: Cache;
  ttlMs: number;
  maxDiskBytes: number;
  maxMemoryBytes: number;
  log: Logger;
}

const MAX_VALUE_BYTES = 256 * 1024 * 1024;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const SWEEP_EVERY_WRITES = 512;

const compress = promisify(gzip) as (value: Buffer, options: ZlibOptions) => Promise<Buffer>;

/**
 * Values by key in memory, on disk and in Redis, looked for in that order. Keys name their content or its cause, so
 * an entry is never wrong, only absent; what does not authenticate is absent too.
 */
export class LayeredStore {
  readonly #options: LayeredStoreOptions;
  readonly #memory: ByteLru<string, Buffer>;
  /** Keys that have a file, and perhaps some that had; undefined until the folder was read once. */
  #onDisk: Set<string> | undefined;
  /** Keys written while the folder was being read. */
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #waiting = new Map<string, Buffer>();
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #writes = 0;
  #sweeping = false;

  constructor(options: LayeredStoreOptions) {
    this.#options = options;
    this.#memory = new ByteLru(options.maxMemoryBytes);
  }

  /** `key` is `<kind>/<hex>`. */
  async get(key: string): Promise<Buffer | undefined> {
    const held = this.#memory.get(key) ?? this.#waiting.get(key);
    if (held !== undefined) return held;
    const found = (await this.#fromDisk(key)) ?? (await this.#fromRedis(key));
    if (found !== undefined) this.#memory.set(key, found, found.length + 200);
    return found;
  }

  /** Found at once by this process; written behind its back, in order, and left out where writing cannot keep up. */
  set(key: string, value: Buffer): void {
    this.#memory.set(key, value, value.length + 200);
    if (this.#options.keys === undefined || this.#waitingBytes > MAX_WAITING_BYTES) return;
    this.#waiting.set(key, value);
    this.#waitingBytes += value.length;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Until everything that waits is written. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    for (const [key, value] of this.#waiting) {
      await this.#persist(key, value);
      if (this.#waiting.get(key) === value) this.#waiting.delete(key);
      this.#waitingBytes -= value.length;
    }
  }

  async #persist(key: string, value: Buffer): Promise<void> {
    const { keys, redis, ttlMs, log } = this.#options;
    try {
      const packed = await compress(value, { level: 1 });
      await Promise.all([redis?.set(`repo:${key}`, packed, ttlMs), this.#toDisk(key, seal(keys!, packed, key))]);
    } catch (error) {
      log.warn({ error, key }, "could not write the cache");
    }
  }

  async #fromDisk(key: string): Promise<Buffer | undefined> {
    const { keys } = this.#options;
    if (keys === undefined) return undefined;
    // Most of what is looked for was never written: known without asking the disk.
    if (this.#onDisk?.has(key) === false) return undefined;
    const file = this.#file(key);
    try {
      const sealed = await readFile(file);
      const opened = unpack(unseal(keys, sealed, key));
      if (opened !== undefined) void utimes(file, new Date(), new Date()).catch(() => undefined);
      return opened;
    } catch {
      return undefined;
    }
  }

  async #fromRedis(key: string): Promise<Buffer | undefined> {
    const { redis, keys } = this.#options;
    if (keys === undefined) return undefined;
    return unpack(await redis?.get(`repo:${key}`));
  }

  async #toDisk(key: string, sealed: Buffer): Promise<void> {
    const file = this.#file(key);
    const folder = path.dirname(file);
    if (!this.#folders.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#folders.add(folder);
    // Not forced to the disk: what a crash tears does not authenticate.
    const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
    await writeFile(temporary, sealed, { mode: 0o600 });
    await rename(temporary, file);
    (this.#onDisk ?? this.#written).add(key);
    if (++this.#writes % SWEEP_EVERY_WRITES === 0) await this.sweep();
  }

  /** Removes what was not used for long, then the longest unused until the rest fits. */
  async sweep(now = Date.now()): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    try {
      const files: { file: string; bytes: number; usedAt: number }[] = [];
      const seen = new Set<string>();
      for (const name of await readdir(this.#options.folder, { recursive: true }).catch(() => [])) {
        const file = path.join(this.#options.folder, name);
        const [kind = "", , id = ""] = name.split(path.sep);
        if (id !== "") seen.add(`${kind}/${id}`);
        const info = await stat(file).catch(() => undefined);
        if (info?.isFile() === true) files.push({ file, bytes: info.size, usedAt: info.mtimeMs });
      }
      files.sort((a, b) => b.usedAt - a.usedAt);
      let bytes = 0;
      for (const { file, bytes: size, usedAt } of files) {
        bytes += size;
        if (bytes > this.#options.maxDiskBytes || now - usedAt > 2 * this.#options.ttlMs) await unlink(file).catch(() => undefined);
      }
      if (this.#onDisk === undefined) for (const key of this.#written) seen.add(key);
      this.#onDisk ??= seen;
      this.#written.clear();
    } finally {
      this.#sweeping = false;
    }
  }

  #file(key: string): string {
    const [kind = "", id = ""] = key.split("/");
    return path.join(this.#options.folder, kind, id.slice(0, 2), id);
  }
}

function unpack(packed: Buffer | undefined): Buffer | undefined {
  if (packed === undefined) return undefined;
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_VALUE_BYTES });
  } catch {
    return undefined;
  }
}
