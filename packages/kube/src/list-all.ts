import type { KubeList, KubeObject } from "@trireme/api";
import type { KubeClient, ListOptions } from "./client.ts";
import { isGone } from "./errors.ts";

/** As the API server's own pages are cut by its clients. */
export const PAGE_SIZE = 500;

/**
 * The complete list, read in pages and seen at one resourceVersion (that of the first page). `entry` turns each
 * object into what is kept while its page is at hand, so that the raw list never stands in memory as a whole.
 */
export async function listAll<T extends KubeObject = KubeObject, K = T>(
  client: KubeClient,
  gvk: { group: string; version?: string; kind: string },
  options: ListOptions & { entry?: (object: T) => K } = {},
): Promise<{ items: K[]; resourceVersion: string }> {
  const { entry = (object: T) => object as unknown as K, limit = PAGE_SIZE, ...list } = options;
  const items: K[] = [];
  let page: KubeList<T> = await client.list<T>(gvk, { ...list, limit });
  const resourceVersion = page.metadata.resourceVersion ?? "";
  for (;;) {
    for (const object of page.items) items.push(entry(object));
    const next = page.metadata.continue;
    if (!next) return { items, resourceVersion };
    try {
      // The token carries the resourceVersion; naming it again is refused.
      const { resourceVersion: _, resourceVersionMatch: __, ...rest } = list;
      page = await client.list<T>(gvk, { ...rest, limit, continue: next });
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown;
      // The list outlived what the server remembers: once more, in one piece.
      const whole = await client.list<T>(gvk, list);
      return { items: whole.items.map(entry), resourceVersion: whole.metadata.resourceVersion ?? "" };
    }
  }
}
