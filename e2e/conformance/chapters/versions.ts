import { chapter, type Ended, type Opened } from "../call.ts";
import { get, map, MERGE, PARTIAL_LIST, patch, post, TABLE } from "../words.ts";

const FAR = "999999999999";
const codeOf = (body: any): unknown => ({ kind: body.kind, reason: body.reason, code: body.code, causes: body.details?.causes, message: String(body.message).replace(/\d+/g, "<n>") });

/** Pages, and lists and watches of the past and the future. */
export const pages = chapter("pages", ({ core }) => [
  ...["a", "b", "c", "d", "e"].map((name) => post(`make ${name}`, core("configmaps"), { ...map(name), metadata: { name, labels: { odd: String("ace".includes(name)) } } })),
  get("the first page", core("configmaps?limit=2"), { keep: { NEXT: "metadata.continue", VERSION: "metadata.resourceVersion" } }),
  post("one in between", core("configmaps"), map("ab")),
  get("the second page", core("configmaps?limit=2&continue={{NEXT}}"), { keep: { LAST: "metadata.continue" } }),
  get("the third page", core("configmaps?limit=2&continue={{LAST}}")),
  get("the second page again, larger", core("configmaps?limit=10&continue={{NEXT}}")),
  get("the second page without a limit", core("configmaps?continue={{NEXT}}")),
  get("a page with a version", core("configmaps?limit=2&continue={{NEXT}}&resourceVersion={{VERSION}}")),
  get("a page with version 0", core("configmaps?limit=2&continue={{NEXT}}&resourceVersion=0")),
  get("a page with a match", core("configmaps?limit=2&continue={{NEXT}}&resourceVersionMatch=Exact")),
  get("all in one page", core("configmaps?limit=500")),
  get("a page of one by labels", core("configmaps?limit=1&labelSelector=odd%3Dtrue"), { keep: { ODD: "metadata.continue" } }),
  get("the next by labels", core("configmaps?limit=1&labelSelector=odd%3Dtrue&continue={{ODD}}")),
  get("a page by a field", core("configmaps?limit=1&fieldSelector=metadata.name%3Dc")),
  get("a page as metadata", core("configmaps?limit=2"), { accept: PARTIAL_LIST }),
  get("a page as a table", core("configmaps?limit=2"), { accept: TABLE, keep: { TABLE: "metadata.continue" } }),
  get("the next page as a table", core("configmaps?limit=2&continue={{TABLE}}"), { accept: TABLE }),
  get("a limit below nothing", core("configmaps?limit=-1")),
  get("no limit", core("configmaps?limit=0")),
  get("a page of another kind's", core("secrets?limit=2&continue={{NEXT}}")),
  get("a page that is none", core("configmaps?limit=2&continue=eyJ2Ijoibm9uZSJ9")),
]);

export const versions = chapter("versions", ({ core }) => [
  post("first", core("configmaps"), map("first")),
  get("the version", core("configmaps"), { keep: { V1: "metadata.resourceVersion" } }),
  post("second", core("configmaps"), map("second"), { keep: { V2: "metadata.resourceVersion" } }),
  patch("first changes", core("configmaps/first"), MERGE, { data: { a: "2" } }),
  get("the past", core("configmaps?resourceVersion={{V1}}&resourceVersionMatch=Exact")),
  get("the past of one label", core("configmaps?resourceVersion={{V1}}&resourceVersionMatch=Exact&labelSelector=a%3Db")),
  get("the past in pages", core("configmaps?resourceVersion={{V2}}&resourceVersionMatch=Exact&limit=1"), { keep: { PAST: "metadata.continue" } }),
  get("the past's next page", core("configmaps?limit=1&continue={{PAST}}")),
  get("not older than the past", core("configmaps?resourceVersion={{V1}}&resourceVersionMatch=NotOlderThan")),
  get("at least the past", core("configmaps?resourceVersion={{V1}}")),
  get("anything", core("configmaps?resourceVersion=0")),
  get("anything that matches", core("configmaps?resourceVersion=0&resourceVersionMatch=NotOlderThan")),
  get("exactly 0", core("configmaps?resourceVersion=0&resourceVersionMatch=Exact")),
  get("a match without a version", core("configmaps?resourceVersionMatch=NotOlderThan")),
  get("one object of the past", core("configmaps/first?resourceVersion={{V1}}")),
  get("one object of anything", core("configmaps/first?resourceVersion=0")),
  get("one object with a bad version", core("configmaps/first?resourceVersion=x")),
  get("the future", core(`configmaps?resourceVersion=${FAR}`), { look: codeOf }),
  get("exactly the future", core(`configmaps?resourceVersion=${FAR}&resourceVersionMatch=Exact`), { look: codeOf }),
  get("the future of one", core(`configmaps/first?resourceVersion=${FAR}`), { look: codeOf }),
  { name: "a watch that ends", watch: "short", path: core("configmaps?watch=1&timeoutSeconds=1&resourceVersion={{V1}}") } satisfies Opened,
  { name: "what it told", ended: "short" } satisfies Ended,
  { name: "a watch that ends with a bookmark", watch: "marked", path: core("configmaps?watch=1&timeoutSeconds=1&resourceVersion={{V2}}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan") } satisfies Opened,
  { name: "what that told", ended: "marked" } satisfies Ended,
  get("a watch with initial events and no bookmarks", core("configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"), { look: (body) => typeof body }),
  get("a list with initial events", core("configmaps?sendInitialEvents=true&resourceVersionMatch=NotOlderThan")),
  get("a watch of one", core("configmaps/first?watch=1&resourceVersion=x&timeoutSeconds=1")),
]);
