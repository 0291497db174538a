import { accessFingerprint, type RepositoryAccess } from "@trireme/git";
import type { LayeredStore } from "../cache/layered-store.ts";
import { sha256 } from "../canonical-json.ts";
import { type ChartEntry, type ChartIndex, readChartIndex } from "./helm-repository.ts";

const MOST_INDEXES = 50;

/** Indexes of chart repositories, by the credentials that they were read with. */
export class ChartIndexes {
  readonly #known = new Map<string, { index: Promise<ChartIndex>; at: number }>();
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Shared by whoever asks meanwhile: nobody's leaving ends it, its deadline does. */
  get(access: RepositoryAccess, maxAgeMs: number): Promise<ChartIndex> {
    const key = accessFingerprint(access);
    const known = this.#known.get(key);
    if (known !== undefined && maxAgeMs > 0 && Date.now() - known.at <= maxAgeMs) return known.index;
    const index = readChartIndex(access, this.#timeoutMs);
    this.#known.delete(key);
    this.#known.set(key, { index, at: Date.now() });
    if (this.#known.size > MOST_INDEXES) this.#known.delete(this.#known.keys().next().value!);
    index.catch(() => {
      if (this.#known.get(key)?.index === index) this.#known.delete(key);
    });
    return index;
  }
}

/** Packed charts, by the digest that their index promises; without one they are fetched each time. */
export class ChartStore {
  readonly #store: LayeredStore;

  constructor(store: LayeredStore) {
    this.#store = store;
  }

  async get(access: RepositoryAccess, name: string, entry: Pick<ChartEntry, "version" | "digest">, fetch: () => Promise<Buffer>): Promise<{ bytes: Buffer; digest: string }> {
    if (entry.digest === "") {
      const bytes = await fetch();
      return { bytes, digest: sha256(bytes) };
    }
    const key = `charts/${sha256(accessFingerprint(access), name, entry.version, entry.digest)}`;
    const known = await this.#store.get(key);
    if (known !== undefined) return { bytes: known, digest: sha256(known) };
    const bytes = await fetch();
    this.#store.set(key, bytes);
    return { bytes, digest: sha256(bytes) };
  }
}
