import { keyOf, type KubeObject, type ObjectKey } from "@trireme/api";
import type { AppProjectSpec } from "@trireme/api/argo";
import { globMatches } from "./globs.ts";

/** What every namespace has by itself. */
function isEveryones({ group, kind, namespace, name }: ObjectKey): boolean {
  if (group !== "") return false;
  if (kind === "Service") return namespace === "default" && name === "kubernetes";
  return (kind === "ServiceAccount" && name === "default") || (kind === "ConfigMap" && name === "kube-root-ca.crt");
}

/** Objects of a namespace that nobody owns and no application manages; those that the project ignores left out. */
export function orphansOf(objects: Iterable<KubeObject>, options: { project: AppProjectSpec; isManaged(object: KubeObject): boolean; isPermitted(key: ObjectKey): boolean }): KubeObject[] {
  const ignore = options.project.orphanedResources?.ignore ?? [];
  const isIgnored = (key: ObjectKey) => ignore.some((entry) => globMatches(entry.group ?? "", key.group) && (!entry.kind || globMatches(entry.kind, key.kind)) && (!entry.name || globMatches(entry.name, key.name)));
  return [...objects].filter((object) => {
    const key = keyOf(object);
    return key.namespace !== "" && (object.metadata.ownerReferences?.length ?? 0) === 0 && !isEveryones(key) && !isIgnored(key) && options.isPermitted(key) && !options.isManaged(object);
  });
}
