import { Prepared } from "../json/prepared.ts";

interface Kept {
  key: string;
  items: readonly Prepared[];
  metadata: string;
  text: Buffer;
}

/** Fewer items are serialised faster than they are looked up here. */
const FEWEST_ITEMS = 50;
const MOST_ANSWERS = 8;

/**
 * The last long lists of prepared items, as they were sent. A list that is asked for again, by whomever, while none
 * of its items has a newer version is the same bytes: nothing is serialised, and nothing compressed, twice.
 */
export class ListAnswers {
  readonly #kept: Kept[] = [];

  /** `key` stands for all that makes different texts of equal items: the method and the fields that are wanted. */
  text(key: string, result: unknown, make: () => Buffer): Buffer {
    const { items, metadata } = (result ?? {}) as { items?: unknown; metadata?: unknown };
    if (!Array.isArray(items) || items.length < FEWEST_ITEMS || !items.every((item) => item instanceof Prepared)) return make();
    const about = JSON.stringify(metadata) ?? "";
    const index = this.#kept.findIndex((kept) => kept.key === key && kept.metadata === about && sameItems(kept.items, items));
    const found = index < 0 ? { key, items, metadata: about, text: make() } : this.#kept.splice(index, 1)[0]!;
    this.#kept.unshift(found);
    this.#kept.length = Math.min(this.#kept.length, MOST_ANSWERS);
    return found.text;
  }
}

function sameItems(some: readonly Prepared[], others: readonly Prepared[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index]);
}
