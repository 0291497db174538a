import { chapter, type Ended, type Opened } from "../call.ts";
import { get, map, MERGE, PARTIAL, patch, post, remove, TABLE } from "../words.ts";

const INITIAL = "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";

/** Watches that begin at what is forgotten, and one at what is not. */
const watches: readonly { name: string; query: string; accept?: string }[] = [
  { name: "from the past", query: "resourceVersion={{PAST}}" },
  { name: "from the very first", query: "resourceVersion=1" },
  { name: "from the past with bookmarks", query: "resourceVersion={{PAST}}&allowWatchBookmarks=true" },
  { name: "from the past by labels", query: "resourceVersion={{PAST}}&labelSelector=a%3Db" },
  { name: "of one from the past", query: "resourceVersion={{PAST}}&fieldSelector=metadata.name%3Da" },
  { name: "from the past as a table", query: "resourceVersion={{PAST}}", accept: TABLE },
  { name: "from the past as metadata", query: "resourceVersion={{PAST}}", accept: PARTIAL },
  { name: "from the past without initial events", query: "resourceVersion={{PAST}}&sendInitialEvents=false&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan" },
  { name: "from the past with initial events", query: `resourceVersion={{PAST}}&${INITIAL}` },
  { name: "from now", query: "resourceVersion={{NOW}}" },
  { name: "from anything", query: "resourceVersion=0" },
];

export const forgottenPast = chapter("the forgotten past", ({ NS, core }) => [
  ...["a", "b", "c"].map((name) => post(`make ${name}`, core("configmaps"), map(name))),
  get("a page", core("configmaps?limit=1"), { keep: { NEXT: "metadata.continue", PAST: "metadata.resourceVersion" } }),
  get("a page everywhere", "/api/v1/configmaps?limit=1", { keep: { EVERYWHERE: "metadata.continue" }, look: (body) => body.items?.length }),
  patch("a changes", core("configmaps/a"), MERGE, { data: { a: "2" } }),
  remove("c goes", core("configmaps/c")),
  get("the past, remembered", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=Exact")),
  { name: "forgotten", forgotten: "the past" },
  get("now", core("configmaps"), { keep: { NOW: "metadata.resourceVersion" } }),
  ...watches.flatMap(({ name, query, accept }): (Opened | Ended)[] => [
    { name: `a watch ${name}`, watch: name, path: core(`configmaps?watch=1&timeoutSeconds=1&${query}`), ...(accept !== undefined && { accept }) },
    { name: `what it told ${name}`, ended: name },
  ]),
  get("exactly the past", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=Exact")),
  get("exactly the past of labels", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=Exact&labelSelector=a")),
  get("exactly the past as a table", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=Exact"), { accept: TABLE }),
  get("the past in pages", core("configmaps?resourceVersion={{PAST}}&limit=1")),
  get("exactly the past in pages", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=Exact&limit=1")),
  get("exactly the first", core("configmaps?resourceVersion=1&resourceVersionMatch=Exact")),
  get("not older than the past", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=NotOlderThan")),
  get("not older than the past, in pages", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=NotOlderThan&limit=1"), { keep: { FRESH: "metadata.continue" } }),
  get("the page after that", core("configmaps?limit=5&continue={{FRESH}}")),
  get("at least the past", core("configmaps?resourceVersion={{PAST}}")),
  get("one object, at least the past", core("configmaps/a?resourceVersion={{PAST}}")),
  get("the next page", core("configmaps?limit=1&continue={{NEXT}}"), { keep: { RESUMED: "metadata.continue" } }),
  get("the next page again, as a table", core("configmaps?limit=1&continue={{NEXT}}"), { accept: TABLE }),
  get("the rest of what there is now", core("configmaps?limit=5&continue={{RESUMED}}")),
  get("the next page of another kind", core("secrets?limit=1&continue={{NEXT}}")),
  get("the next page everywhere", "/api/v1/configmaps?limit=1&continue={{EVERYWHERE}}"),
  remove("of all, from the past", core("configmaps?resourceVersion={{PAST}}&resourceVersionMatch=Exact")),
  post("a new one", core("configmaps"), map("d"), { keep: { D: "metadata.resourceVersion" } }),
  { name: "a watch that ends with a bookmark", watch: "marked", path: core("configmaps?watch=1&timeoutSeconds=4&resourceVersion={{NOW}}&allowWatchBookmarks=true") } satisfies Opened,
  post("a change elsewhere", "/api/v1/namespaces/default/configmaps", map(`elsewhere-${NS}`)),
  { name: "what it told", ended: "marked", periodic: true, look: bookmarked } satisfies Ended,
  { name: "a watch that wants no bookmark", watch: "unmarked", path: core("configmaps?watch=1&timeoutSeconds=4&resourceVersion={{NOW}}") } satisfies Opened,
  remove("the end of what is elsewhere", `/api/v1/namespaces/default/configmaps/elsewhere-${NS}`),
  { name: "what that told", ended: "unmarked", periodic: true, look: bookmarked } satisfies Ended,
  remove("the namespace's config maps", core("configmaps")),
  remove("the namespace", `/api/v1/namespaces/${NS}`),
]);

/** Bookmarks come once or twice, as the clock wants it. */
function bookmarked(events: readonly unknown[]): unknown {
  const types = events.map((event: any) => [event.type, event.object?.kind, event.object?.metadata?.name ?? ""]);
  return types.filter((type, index) => JSON.stringify(type) !== JSON.stringify(types[index - 1]));
}
