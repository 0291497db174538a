import type { AppObject, AppObjects } from "../tree.ts";

/** What the reader wants to see of an application's objects; an empty list lets everything through. */
export interface ObjectFilter {
  /** Part of a name, in any case. */
  name: string;
  kind: readonly string[];
  health: readonly string[];
  sync: readonly string[];
}

export const ASPECTS = ["kind", "health", "sync"] as const;
export type Aspect = (typeof ASPECTS)[number];

/** Reads `?resource=kind:Pod,health:Degraded,name:web`, as Argo CD's page writes it. */
export function objectFilterOf(parameter: string | null): ObjectFilter {
  const pairs = (parameter ?? "").split(",").map((item) => [item.slice(0, item.indexOf(":")), item.slice(item.indexOf(":") + 1)] as const);
  const all = (aspect: string): string[] => pairs.filter(([key, value]) => key === aspect && value !== "").map(([, value]) => value);
  return { name: all("name")[0] ?? "", kind: all("kind"), health: all("health"), sync: all("sync") };
}

export function objectFilterText({ name, ...aspects }: ObjectFilter): string {
  // A comma would end the item, and no object has one in its name.
  return [...(name === "" ? [] : [`name:${name.replaceAll(",", "")}`]), ...ASPECTS.flatMap((aspect) => aspects[aspect].map((value) => `${aspect}:${value}`))].join(",");
}

export const isEmptyFilter = (filter: ObjectFilter): boolean => objectFilterText(filter) === "";

export function valueOf({ node, sync }: AppObject, aspect: Aspect): string | undefined {
  return aspect === "kind" ? node.kind : aspect === "health" ? node.health?.status : sync;
}

export function fits(object: AppObject, { name, ...aspects }: ObjectFilter): boolean {
  return (name === "" || object.node.name.toLowerCase().includes(name.toLowerCase())) && ASPECTS.every((aspect) => aspects[aspect].length === 0 || aspects[aspect].includes(valueOf(object, aspect) ?? ""));
}

/** The objects that fit, with everything that they hang below: what a tree has to show. */
export function fittingWithOwners({ all }: AppObjects, filter: ObjectFilter): ReadonlySet<AppObject> {
  const shown = new Set<AppObject>();
  for (const object of all.values()) {
    if (!fits(object, filter)) continue;
    for (let at: AppObject | undefined = object; at !== undefined && !shown.has(at); at = at.parent) shown.add(at);
  }
  return shown;
}

/** What there is of an aspect and how often, by name. */
export function countedObjects(objects: Iterable<AppObject>, aspect: Aspect): [string, number][] {
  const counts = new Map<string, number>();
  for (const object of objects) {
    const value = valueOf(object, aspect);
    if (value !== undefined && value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
