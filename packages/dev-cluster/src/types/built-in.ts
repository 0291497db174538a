import { kubernetesDiscovery, kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { apiVersionOf, type ResourceType, type Subresource } from "./resource-type.ts";

/** Kinds that share their objects with another group-version: bucket and stored apiVersion are the other's. */
const SHARED: Record<string, { bucket: string; storageVersion: string }> = {
  "events.k8s.io/v1/events": { bucket: "events", storageVersion: "v1" },
  "autoscaling/v1/horizontalpodautoscalers": { bucket: "horizontalpodautoscalers.autoscaling", storageVersion: "autoscaling/v2" },
  "autoscaling/v2/horizontalpodautoscalers": { bucket: "horizontalpodautoscalers.autoscaling", storageVersion: "autoscaling/v2" },
};

let names: Map<string, string> | undefined;

/** Name of the schema of a built-in kind, stored or not (`v1`, `DeleteOptions`). */
export function builtInSchemaName(apiVersion: string, kind: string): string | undefined {
  if (!names) {
    names = new Map();
    for (const [name, schema] of Object.entries(kubernetesSchemas)) {
      for (const gvk of (schema["x-kubernetes-group-version-kind"] ?? []) as { group: string; version: string; kind: string }[]) names.set(`${apiVersionOf(gvk)}/${gvk.kind}`, name);
    }
  }
  return names.get(`${apiVersion}/${kind}`);
}

/** The built-in kinds, as the recorded discovery of a real server lists them. */
export function builtInTypes(): ResourceType[] {
  const types: ResourceType[] = [];
  for (const root of ["/api", "/apis"] as const) {
    for (const group of kubernetesDiscovery[root].items) {
      for (const { version, resources } of group.versions) {
        for (const entry of resources) {
          const gv = { group: group.metadata.name ?? "", version };
          const kind = entry.responseKind.kind;
          const subresources = new Map<string, Subresource>();
          for (const sub of entry.subresources ?? []) {
            subresources.set(sub.subresource, { name: sub.subresource, kind: { group: sub.responseKind.group || gv.group, version: sub.responseKind.version || version, kind: sub.responseKind.kind }, verbs: sub.verbs });
          }
          const schemaName = builtInSchemaName(apiVersionOf(gv), kind);
          types.push({
            ...gv,
            kind,
            listKind: `${kind}List`,
            resource: entry.resource,
            singular: entry.singularResource,
            shortNames: entry.shortNames ?? [],
            categories: entry.categories ?? [],
            namespaced: entry.scope === "Namespaced",
            verbs: entry.verbs,
            subresources,
            bucket: gv.group === "" ? entry.resource : `${entry.resource}.${gv.group}`,
            storageVersion: apiVersionOf(gv),
            ...SHARED[`${apiVersionOf(gv)}/${entry.resource}`],
            ...(schemaName && { schemaName }),
          });
        }
      }
    }
  }
  return types;
}
