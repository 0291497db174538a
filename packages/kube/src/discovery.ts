import { apiVersionOf, type ClusterId } from "@trireme/api";
import type { Discovery, ResourceInfo } from "./client.ts";
import { KindNotServedError, isNotFound } from "./errors.ts";
import { groupVersionPath } from "./paths.ts";
import type { Transport } from "./transport.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

interface Learnt {
  resources: ResourceInfo[];
  failed: { groupVersion: string; message: string }[];
}

interface AggregatedList {
  kind: "APIGroupDiscoveryList";
  items?: {
    metadata?: { name?: string };
    versions?: {
      version: string;
      /** `Stale`: an aggregated server behind it did not answer lately. */
      freshness?: string;
      resources?: {
        resource: string;
        responseKind?: { group?: string; version?: string; kind: string };
        scope: "Namespaced" | "Cluster";
        singularResource?: string;
        verbs?: string[];
        shortNames?: string[];
        subresources?: { subresource: string }[];
      }[];
    }[];
  }[];
}

interface LegacyGroupList {
  kind: "APIGroupList";
  groups?: { name: string; versions: { groupVersion: string; version: string }[]; preferredVersion?: { version: string } }[];
}

interface LegacyResourceList {
  resources?: { name: string; singularName?: string; namespaced: boolean; kind: string; group?: string; version?: string; verbs?: string[]; shortNames?: string[] }[];
}

/** What the cluster serves, in three requests (two documents and its version), or one per group-version on old servers. */
export async function discover(transport: Transport, signal?: AbortSignal): Promise<Discovery> {
  const headers = { accept: AGGREGATED };
  const [core, groups, serverVersion] = await Promise.all([
    transport.json<AggregatedList | { kind: "APIVersions"; versions?: string[] }>({ method: "GET", path: "/api", headers, signal }),
    transport.json<AggregatedList | LegacyGroupList>({ method: "GET", path: "/apis", headers, signal }),
    transport.json<{ major: string; minor: string; gitVersion: string }>({ method: "GET", path: "/version", signal }),
  ]);
  const parts = await Promise.all([
    core.kind === "APIGroupDiscoveryList" ? fromAggregated(core) : fromLegacy(transport, (core.versions ?? ["v1"]).map((version) => ({ group: "", version })), signal),
    groups.kind === "APIGroupDiscoveryList" ? fromAggregated(groups) : fromLegacy(transport, legacyGroupVersions(groups), signal),
  ]);
  return discoveryOf(transport.cluster, { resources: parts.flatMap((part) => part.resources), failed: parts.flatMap((part) => part.failed) }, serverVersion);
}

/** A Discovery over what was learnt; also for servers that know their own kinds. */
export function discoveryOf(cluster: ClusterId, learnt: Learnt, serverVersion: Discovery["serverVersion"]): Discovery {
  const byKind = new Map<string, ResourceInfo>();
  for (const info of learnt.resources) {
    const versioned = `${info.group}/${info.version}/${info.kind}`;
    const preferred = `${info.group}//${info.kind}`;
    if (!byKind.has(versioned)) byKind.set(versioned, info);
    if (!byKind.has(preferred)) byKind.set(preferred, info);
  }
  return {
    resources: learnt.resources,
    failed: learnt.failed,
    serverVersion,
    find({ group, kind, version }) {
      const found = byKind.get(`${group}/${version ?? ""}/${kind}`);
      if (found) return found;
      const failure = learnt.failed.find(({ groupVersion }) => (version === undefined ? groupVersion.startsWith(`${group}/`) || (group === "" && !groupVersion.includes("/")) : groupVersion === apiVersionOf({ group, version })));
      if (failure) throw new KindNotServedError(`${cluster} may serve ${kind}.${failure.groupVersion}, but discovery of ${failure.groupVersion} failed: ${failure.message}`, { cluster, group, kind, unknown: true });
      return undefined;
    },
  };
}

function fromAggregated(list: AggregatedList): Learnt {
  const learnt: Learnt = { resources: [], failed: [] };
  for (const item of list.items ?? []) {
    const group = item.metadata?.name ?? "";
    for (const served of item.versions ?? []) {
      if (served.freshness === "Stale") learnt.failed.push({ groupVersion: apiVersionOf({ group, version: served.version }), message: "the aggregated API server behind it did not answer (stale)" });
      for (const resource of served.resources ?? []) {
        // Only subresources live under a name without a kind of its own.
        if (!resource.responseKind?.kind) continue;
        learnt.resources.push({
          group,
          version: served.version,
          kind: resource.responseKind.kind,
          resource: resource.resource,
          namespaced: resource.scope === "Namespaced",
          verbs: resource.verbs ?? [],
          ...(resource.shortNames && { shortNames: resource.shortNames }),
          ...(resource.singularResource && { singular: resource.singularResource }),
          subresources: (resource.subresources ?? []).map(({ subresource }) => subresource),
        });
      }
    }
  }
  return learnt;
}

function legacyGroupVersions(list: LegacyGroupList): { group: string; version: string }[] {
  return (list.groups ?? []).flatMap((group) => {
    const preferred = group.preferredVersion?.version;
    const versions = group.versions.map(({ version }) => version);
    const ordered = preferred === undefined ? versions : [preferred, ...versions.filter((version) => version !== preferred)];
    return ordered.map((version) => ({ group: group.name, version }));
  });
}

async function fromLegacy(transport: Transport, groupVersions: { group: string; version: string }[], signal: AbortSignal | undefined): Promise<Learnt> {
  const learnt: Learnt = { resources: [], failed: [] };
  const lists = await Promise.all(
    groupVersions.map(async (gv) => {
      try {
        return await transport.json<LegacyResourceList>({ method: "GET", path: groupVersionPath(gv), signal });
      } catch (thrown) {
        if (signal?.aborted) throw thrown;
        if (!isNotFound(thrown)) learnt.failed.push({ groupVersion: apiVersionOf(gv), message: (thrown as Error).message });
        return undefined;
      }
    }),
  );
  groupVersions.forEach((gv, index) => learnt.resources.push(...fromResourceList(gv, lists[index]?.resources ?? [])));
  return learnt;
}

function fromResourceList(gv: { group: string; version: string }, resources: NonNullable<LegacyResourceList["resources"]>): ResourceInfo[] {
  const subresources = Map.groupBy(
    resources.filter(({ name }) => name.includes("/")),
    ({ name }) => name.slice(0, name.indexOf("/")),
  );
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map((resource) => ({
      ...gv,
      kind: resource.kind,
      resource: resource.name,
      namespaced: resource.namespaced,
      verbs: resource.verbs ?? [],
      ...(resource.shortNames && { shortNames: resource.shortNames }),
      ...(resource.singularName && { singular: resource.singularName }),
      subresources: (subresources.get(resource.name) ?? []).map(({ name }) => name.slice(name.indexOf("/") + 1)),
    }));
}
