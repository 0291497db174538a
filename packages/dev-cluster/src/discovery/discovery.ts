import { KUBERNETES_VERSION } from "@trireme/api/kubernetes-1.36";
import type { ResourceType } from "../types/resource-type.ts";
import { apiVersionOf, type TypeRegistry } from "../types/registry.ts";
import { versionOrder } from "../types/version-order.ts";

const AGGREGATED = /application\/json\s*;[^,]*\bas=APIGroupDiscoveryList\b/;
const VERSION = KUBERNETES_VERSION.startsWith("v") ? KUBERNETES_VERSION : `v${KUBERNETES_VERSION}`;

export interface Document {
  object: Record<string, unknown>;
  contentType?: string;
}

/** `/api`, `/apis`, `/api/v1`, `/apis/<group>` and `/apis/<group>/<version>`; `undefined` for what is not served. */
export function discovery(path: string, accept: string, types: TypeRegistry, address: string): Document | undefined {
  const parts = path.split("/").filter(Boolean);
  if (parts.length === 1) {
    const version = aggregatedVersion(accept);
    if (version) return { object: aggregated(parts[0] === "api", version, types), contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList` };
    return { object: parts[0] === "api" ? apiVersions(address) : { kind: "APIGroupList", apiVersion: "v1", groups: groups(types).filter((group) => group !== "").map((group) => groupObject(group, types)) } };
  }
  if (parts[0] === "api") return parts.length === 2 && parts[1] === "v1" ? { object: resourceList("", "v1", types) } : undefined;
  const [, group, version] = parts;
  if (!groups(types).includes(group!)) return undefined;
  if (parts.length === 2) return { object: { kind: "APIGroup", apiVersion: "v1", ...groupObject(group!, types) } };
  return parts.length === 3 && types.hasGroupVersion(group!, version!) ? { object: resourceList(group!, version!, types) } : undefined;
}

export function versionInfo(): Record<string, unknown> {
  const [major = "1", minor = "36"] = VERSION.slice(1).split(".");
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: VERSION,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "",
    platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
  };
}

function aggregatedVersion(accept: string): string | undefined {
  if (!AGGREGATED.test(accept)) return undefined;
  return /v=v2\b(?!beta)/.test(accept) ? "v2" : /v=v2beta1\b/.test(accept) ? "v2beta1" : undefined;
}

function apiVersions(address: string): Record<string, unknown> {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }] };
}

function groups(types: TypeRegistry): string[] {
  return [...new Set(types.all().map(({ group }) => group))];
}

/** Served versions of a group, the preferred one first. */
export function versionsOf(group: string, types: TypeRegistry): string[] {
  const versions = [...new Set(types.all().filter((type) => type.group === group).map(({ version }) => version))];
  return group.endsWith(".k8s.io") || !group.includes(".") ? versions : versions.sort(versionOrder);
}

function groupObject(name: string, types: TypeRegistry): Record<string, unknown> {
  const versions = versionsOf(name, types).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function resourceList(group: string, version: string, types: TypeRegistry): Record<string, unknown> {
  const resources = types.all().filter((type) => type.group === group && type.version === version).flatMap(legacyEntries);
  return { kind: "APIResourceList", ...(group !== "" && { apiVersion: "v1" }), groupVersion: apiVersionOf({ group, version }), resources };
}

function legacyEntries(type: ResourceType): Record<string, unknown>[] {
  const { resource, singular, namespaced, kind, verbs, shortNames, categories } = type;
  return [
    { name: resource, singularName: singular, namespaced, kind, verbs, ...(shortNames.length && { shortNames }), ...(categories.length && { categories }) },
    ...[...type.subresources.values()].map((sub) => ({
      name: `${resource}/${sub.name}`,
      singularName: "",
      namespaced,
      ...(sub.kind.group !== type.group && { group: sub.kind.group }),
      ...((sub.kind.group !== type.group || sub.kind.version !== type.version) && { version: sub.kind.version }),
      kind: sub.kind.kind,
      verbs: sub.verbs,
    })),
  ];
}

function aggregated(core: boolean, version: string, types: TypeRegistry): Record<string, unknown> {
  const names = groups(types).filter((group) => (group === "") === core);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: names.map((name) => ({
      metadata: core ? {} : { name },
      versions: versionsOf(name, types).map((gv) => ({ version: gv, resources: types.all().filter((type) => type.group === name && type.version === gv).map(aggregatedEntry), freshness: "Current" })),
    })),
  };
}

function aggregatedEntry(type: ResourceType): Record<string, unknown> {
  const core = !type.custom;
  return {
    resource: type.resource,
    responseKind: { group: core ? "" : type.group, version: core ? "" : type.version, kind: type.kind },
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length && { shortNames: type.shortNames }),
    ...(type.categories.length && { categories: type.categories }),
    ...(type.subresources.size && { subresources: [...type.subresources.values()].map((sub) => ({ subresource: sub.name, responseKind: core && sub.kind.group === type.group && sub.kind.version === type.version ? { group: "", version: "", kind: sub.kind.kind } : sub.kind, verbs: sub.verbs })) }),
  };
}
