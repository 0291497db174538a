import { createHash } from "node:crypto";
import { ByteLru } from "@trireme/git";
import type { ManifestObject } from "./manifest-objects.ts";
import { parseManifestFile } from "./parse-file.ts";

/** Objects by the id of the blob that they stand in: each content is parsed once, whoever has it. */
export class ParsedFiles {
  readonly #cache: ByteLru<string, ManifestObject[]>;
  readonly #onParse: () => void;

  constructor(limitBytes: number, onParse: () => void = () => undefined) {
    this.#cache = new ByteLru(limitBytes);
    this.#onParse = onParse;
  }

  /** An empty one that counts with this one: for renders that must not lean on what is remembered. */
  fresh(): ParsedFiles {
    return new ParsedFiles(64 * 1024 * 1024, this.#onParse);
  }

  /** @throws AppError ManifestInvalid. */
  read(oid: string, file: string, content: Buffer): ManifestObject[] {
    const key = `${file.endsWith(".json") ? "json" : "yaml"}:${oid}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    this.#onParse();
    const objects = parseManifestFile(content, file);
    this.#cache.set(key, objects, objects.reduce((sum, object) => sum + 2 * (object.json.length + object.fieldLines.length) + 300, 300));
    return objects;
  }

  readContent(file: string, content: Buffer): ManifestObject[] {
    return this.read(createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex"), file, content);
  }
}
