import type { Application } from "@trireme/api/argo";
import { destinationOf, repositoryName, sourcesOf } from "../describe.ts";

/** What the address says about which applications are shown, under the names that Argo CD's page gives them. */
export const FACETS = ["sync", "health", "proj", "cluster", "namespace"] as const;
export type Facet = (typeof FACETS)[number];

export interface Filter {
  search: string;
  facets: Record<Facet, readonly string[]>;
  sort: Sort;
}

export const SORTS = ["name", "health", "sync", "synced-at"] as const;
export type Sort = (typeof SORTS)[number];

export function filterOf(parameters: URLSearchParams): Filter {
  const list = (name: string): string[] => (parameters.get(name) ?? "").split(",").filter(Boolean);
  return {
    search: parameters.get("search") ?? "",
    facets: Object.fromEntries(FACETS.map((facet) => [facet, list(facet)])) as Record<Facet, string[]>,
    sort: SORTS.find((sort) => sort === parameters.get("sort")) ?? "name",
  };
}

export function facetOf(app: Application, facet: Facet): string {
  switch (facet) {
    case "sync":
      return app.status?.sync?.status || "Unknown";
    case "health":
      return app.status?.health?.status || "Unknown";
    case "proj":
      return app.spec.project || "default";
    case "cluster":
      return destinationOf(app);
    case "namespace":
      return app.spec.destination?.namespace ?? "";
  }
}

/** Applications that fit, in their order. All words of the search must be found, each in any of the shown texts. */
export function filtered(apps: Iterable<Application>, { search, facets, sort }: Filter): Application[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = FACETS.filter((facet) => facets[facet].length > 0);
  const fits = (app: Application): boolean => {
    if (!wanted.every((facet) => facets[facet].includes(facetOf(app, facet)))) return false;
    if (words.length === 0) return true;
    const text = searchText(app);
    return words.every((word) => text.includes(word));
  };
  return [...apps].filter(fits).sort(ORDERS[sort]);
}

/** How many applications have each value of a facet, those with the most first. */
export function counted(apps: Iterable<Application>, facet: Facet): [string, number][] {
  const counts = new Map<string, number>();
  for (const app of apps) counts.set(facetOf(app, facet), (counts.get(facetOf(app, facet)) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b));
}

const texts = new WeakMap<Application, string>();
function searchText(app: Application): string {
  let text = texts.get(app);
  if (text === undefined) {
    text = [app.metadata.name, app.spec.project, app.spec.destination?.namespace, destinationOf(app), ...sourcesOf(app).flatMap(({ repoURL = "", path, chart, targetRevision }) => [repositoryName(repoURL), path, chart, targetRevision]), ...Object.entries(app.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)].join(" ").toLowerCase();
    texts.set(app, text);
  }
  return text;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: Application, b: Application): number => compare(a.metadata.name ?? "", b.metadata.name ?? "") || compare(a.metadata.namespace ?? "", b.metadata.namespace ?? "");
/** What needs somebody first. */
const HEALTH = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"];
const SYNC = ["OutOfSync", "Unknown", "Synced"];
const ORDERS: Record<Sort, (a: Application, b: Application) => number> = {
  name: byName,
  health: (a, b) => HEALTH.indexOf(facetOf(a, "health")) - HEALTH.indexOf(facetOf(b, "health")) || byName(a, b),
  sync: (a, b) => SYNC.indexOf(facetOf(a, "sync")) - SYNC.indexOf(facetOf(b, "sync")) || byName(a, b),
  "synced-at": (a, b) => compare(String(b.status?.operationState?.finishedAt ?? ""), String(a.status?.operationState?.finishedAt ?? "")) || byName(a, b),
};
