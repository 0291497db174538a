import { chapter, type Opened, type Told } from "../call.ts";
import { get, map, MERGE, PARTIAL, patch, post, remove, TABLE } from "../words.ts";

const INITIAL = "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";

/** Watches that are open while the same things happen; VERSION is that of a list before. */
const open: readonly { name: string; query: string; accept?: string; last?: string }[] = [
  { name: "from nothing", query: "" },
  { name: "from 0", query: "resourceVersion=0" },
  { name: "from a list", query: "resourceVersion={{VERSION}}" },
  { name: "with a label selector", query: "resourceVersion={{VERSION}}&labelSelector=a%3Dx" },
  { name: "of one name", query: "resourceVersion={{VERSION}}&fieldSelector=metadata.name%3Dnew", last: "DELETED new" },
  { name: "as tables", query: "", accept: TABLE },
  { name: "as tables with whole objects", query: "includeObject=Object", accept: TABLE },
  { name: "as metadata", query: "resourceVersion={{VERSION}}", accept: PARTIAL },
  { name: "with initial events", query: INITIAL },
  { name: "with initial events as metadata", query: INITIAL, accept: PARTIAL },
  { name: "without initial events", query: "sendInitialEvents=false&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&resourceVersion={{VERSION}}" },
];

export const watches = chapter("watches", ({ core }) => [
  post("there before", core("configmaps"), { ...map("there"), metadata: { name: "there", labels: { a: "x" } } }),
  get("the version", core("configmaps"), { keep: { VERSION: "metadata.resourceVersion" } }),
  ...open.map(({ name, query, accept }): Opened => ({ name: `open ${name}`, watch: name, path: core(`configmaps?watch=1&${query}`), ...(accept !== undefined && { accept }) })),
  post("new", core("configmaps"), { ...map("new"), metadata: { name: "new", labels: { a: "x" } } }),
  patch("changed", core("configmaps/new"), MERGE, { data: { a: "2" } }),
  patch("not changed", core("configmaps/new"), MERGE, { data: { a: "2" } }),
  patch("out of the selection", core("configmaps/new"), MERGE, { metadata: { labels: { a: "y" } } }),
  patch("back in the selection", core("configmaps/new"), MERGE, { metadata: { labels: { a: "x" }, finalizers: ["test.dev/wait"] } }),
  remove("marked", core("configmaps/new")),
  patch("gone", core("configmaps/new"), MERGE, { metadata: { finalizers: null } }),
  remove("there no more", core("configmaps/there")),
  ...open.map(({ name, last = "DELETED there" }): Told => ({ name, told: name, last })),
]);
