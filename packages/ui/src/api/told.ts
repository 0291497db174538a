import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";

/** What is both asked for and told, by the stream or the answer to a change: an answer never takes the place of what was told after its question. */
export interface Told {
  tell<T>(key: QueryKey, value: T): void;
  /** The answer to a question, or what the stream has told since it was asked: that is newer. */
  unlessTold<T>(key: QueryKey, ask: () => Promise<T>): Promise<T>;
}

const tellings = new WeakMap<QueryClient, Told>();

/** One for each cache. */
export function toldOf(queries: QueryClient): Told {
  const known = tellings.get(queries);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  const countOf = (key: QueryKey): number => counts.get(hashKey(key)) ?? 0;
  const told: Told = {
    tell(key, value) {
      counts.set(hashKey(key), countOf(key) + 1);
      queries.setQueryData(key, value);
    },
    async unlessTold<T>(key: QueryKey, ask: () => Promise<T>) {
      const before = countOf(key);
      const answer = await ask();
      return countOf(key) === before ? answer : (queries.getQueryData<T>(key) ?? answer);
    },
  };
  tellings.set(queries, told);
  return told;
}
