import { globMatch } from "../glob.ts";

/** One entry of `resource.exclusions` or `resource.inclusions`: globs; an empty list matches everything. */
export interface FilteredResource {
  apiGroups?: string[] | null;
  kinds?: string[] | null;
  clusters?: string[] | null;
}

/** Busy bookkeeping that no application manages: never watched. */
const ALWAYS: readonly FilteredResource[] = [{ apiGroups: ["events.k8s.io", "metrics.k8s.io"] }, { apiGroups: [""], kinds: ["Event"] }, { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"] }];

export class ResourceFilter {
  private readonly exclusions: readonly FilteredResource[];
  private readonly inclusions: readonly FilteredResource[];

  constructor(exclusions: readonly FilteredResource[] = [], inclusions: readonly FilteredResource[] = []) {
    this.exclusions = [...ALWAYS, ...exclusions];
    this.inclusions = inclusions;
  }

  /** Excluded beats included; where inclusions exist for a cluster, everything else is excluded there. */
  excludes(group: string, kind: string, cluster: string): boolean {
    if (this.exclusions.some((entry) => matches(entry, group, kind, cluster))) return true;
    if (this.inclusions.some((entry) => matches(entry, group, kind, cluster))) return false;
    return this.inclusions.some((entry) => any(entry.clusters, cluster));
  }
}

function matches(entry: FilteredResource, group: string, kind: string, cluster: string): boolean {
  const kinds = entry.kinds ?? [];
  return any(entry.apiGroups, group) && (kinds.length === 0 || kinds.includes("*") || kinds.includes(kind)) && any(entry.clusters, cluster);
}

function any(patterns: string[] | null | undefined, text: string): boolean {
  return !patterns?.length || patterns.some((pattern) => globMatch(pattern, text));
}
