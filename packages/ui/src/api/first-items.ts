const BEGINS = '{"items":[';
/** Between two objects of Kubernetes. */
const NEXT = ',{"metadata":{';
/** Enough to fill the largest screen. */
const ENOUGH = 40_000;

/** The items that the beginning of a list's JSON holds whole; undefined while there are too few to be worth showing. Items begin with their metadata. */
export function firstItems<T>(text: string): T[] | undefined {
  if (text.length < ENOUGH || !text.startsWith(BEGINS)) return undefined;
  const end = text.lastIndexOf(NEXT);
  if (end < ENOUGH / 2) return undefined;
  try {
    return JSON.parse(`[${text.slice(BEGINS.length, end)}]`) as T[];
  } catch {
    // It was within an item: the next piece of text tells.
    return undefined;
  }
}
