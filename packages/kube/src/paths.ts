import type { ResourceInfo } from "./client.ts";

/** `/api/v1` or `/apis/<group>/<version>`. */
export function groupVersionPath(gv: { group: string; version: string }): string {
  return gv.group === "" ? `/api/${gv.version}` : `/apis/${gv.group}/${gv.version}`;
}

/** Path of a collection; a namespaced kind without a namespace is all namespaces. */
export function collectionPath(info: ResourceInfo, namespace?: string): string {
  const scope = info.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupVersionPath(info)}${scope}/${info.resource}`;
}

export function objectPath(info: ResourceInfo, namespace: string, name: string, subresource?: string): string {
  return `${collectionPath(info, namespace)}/${encodeURIComponent(name)}${subresource ? `/${subresource}` : ""}`;
}

/** `deployments.apps` on the cluster, as people name a resource. */
export function resourceText(info: { resource: string; group: string }): string {
  return info.group === "" ? info.resource : `${info.resource}.${info.group}`;
}
