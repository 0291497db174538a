import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../api/apply-event.ts";
import { destinationOf, repositoryName, sourcesOf } from "../describe.ts";
import { labelTest } from "./label-selector.ts";

/** What the address says about which applications are shown, under the names that Argo CD's page gives them. */
export const FACETS = ["sync", "health", "proj", "cluster", "namespace", "labels"] as const;
export type Facet = (typeof FACETS)[number];

export interface Filter {
  search: string;
  /** Any of the values will do; of labels all are required. */
  facets: Record<Facet, readonly string[]>;
  /** Only those that the reader has marked. */
  favourites: boolean;
}

/** Parameters of the address that narrow the list. */
export const NARROWING = ["search", ...FACETS, "showFavorites"] as const;

export const SORTS = ["name", "health", "sync", "synced-at", "created-at"] as const;
export type Sort = (typeof SORTS)[number];

export function filterOf(parameters: URLSearchParams): Filter {
  const list = (facet: Facet): string[] => (parameters.get(facet) ?? "").split(",").filter(Boolean).map((text) => (facet === "labels" ? decoded(text) : text));
  return {
    search: parameters.get("search") ?? "",
    facets: Object.fromEntries(FACETS.map((facet) => [facet, list(facet)])) as Record<Facet, string[]>,
    favourites: parameters.get("showFavorites") === "true",
  };
}

/** Values of a facet, as the address has them: labels, which may contain commas, are encoded each. */
export const parameterOf = (facet: Facet, values: readonly string[]): string => values.map((value) => (facet === "labels" ? encodeURIComponent(value) : value)).join(",");

export const sortOf = (parameters: URLSearchParams): Sort => SORTS.find((sort) => sort === parameters.get("sort")) ?? "name";

/** What an application has of a facet; several labels, one of everything else. */
export function valuesOf(app: Application, facet: Facet): readonly string[] {
  switch (facet) {
    case "sync":
      return [app.status?.sync?.status || "Unknown"];
    case "health":
      return [app.status?.health?.status || "Unknown"];
    case "proj":
      return [app.spec.project || "default"];
    case "cluster":
      return [destinationOf(app)];
    case "namespace":
      return [app.spec.destination?.namespace ?? ""];
    case "labels":
      return Object.entries(app.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  }
}

/** Whether an application is to be shown. All words of the search must be found, each in any of the shown texts. */
export function fitting({ search, facets, favourites }: Filter, marked: ReadonlySet<string>): (app: Application) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = FACETS.filter((facet) => facet !== "labels" && facets[facet].length > 0);
  const labels = facets.labels.map(labelTest);
  return (app) => {
    if (favourites && !marked.has(keyOf(app))) return false;
    if (!wanted.every((facet) => facets[facet].includes(valuesOf(app, facet)[0]!))) return false;
    if (!labels.every((test) => test(app.metadata.labels ?? {}))) return false;
    if (words.length === 0) return true;
    const text = searchText(app);
    return words.every((word) => text.includes(word));
  };
}

/** How many applications each value of a facet would show beside everything else that is asked, those with the most first. What is chosen is among them in any case. */
export function counted(apps: Iterable<Application>, facet: Facet, filter: Filter, marked: ReadonlySet<string>): [string, number][] {
  const fits = fitting({ ...filter, facets: { ...filter.facets, [facet]: [] } }, marked);
  const counts = new Map(filter.facets[facet].map((value) => [value, 0]));
  for (const app of apps) if (fits(app)) for (const value of valuesOf(app, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b));
}

export const sorted = (apps: Iterable<Application>, sort: Sort): Application[] => [...apps].sort(ORDERS[sort]);

const texts = new WeakMap<Application, string>();
function searchText(app: Application): string {
  let text = texts.get(app);
  if (text === undefined) {
    text = [app.metadata.name, app.spec.project, app.spec.destination?.namespace, destinationOf(app), ...sourcesOf(app).flatMap(({ repoURL = "", path, chart, targetRevision }) => [repositoryName(repoURL), path, chart, targetRevision]), ...valuesOf(app, "labels")].join(" ").toLowerCase();
    texts.set(app, text);
  }
  return text;
}

const PREPARED_AT_ONCE = 500;

/** Makes what the search looks through while nothing else is to be done, so that the first word typed is found as fast as the next. Returns the way to stop. */
export function prepareSearch(apps: readonly Application[]): () => void {
  let at = 0;
  let timer: ReturnType<typeof setTimeout>;
  const some = (): void => {
    for (const app of apps.slice(at, at + PREPARED_AT_ONCE)) searchText(app);
    at += PREPARED_AT_ONCE;
    if (at < apps.length) timer = setTimeout(some, 0);
  };
  timer = setTimeout(some, 0);
  return () => clearTimeout(timer);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: Application, b: Application): number => compare(a.metadata.name ?? "", b.metadata.name ?? "") || compare(a.metadata.namespace ?? "", b.metadata.namespace ?? "");
/** What needs somebody first. */
export const HEALTHS = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"];
export const SYNCS = ["OutOfSync", "Unknown", "Synced"];
const later = (a: unknown, b: unknown): number => compare(String(b ?? ""), String(a ?? ""));
const ORDERS: Record<Sort, (a: Application, b: Application) => number> = {
  name: byName,
  health: (a, b) => HEALTHS.indexOf(valuesOf(a, "health")[0]!) - HEALTHS.indexOf(valuesOf(b, "health")[0]!) || byName(a, b),
  sync: (a, b) => SYNCS.indexOf(valuesOf(a, "sync")[0]!) - SYNCS.indexOf(valuesOf(b, "sync")[0]!) || byName(a, b),
  "synced-at": (a, b) => later(a.status?.operationState?.finishedAt, b.status?.operationState?.finishedAt) || byName(a, b),
  "created-at": (a, b) => later(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || byName(a, b),
};
