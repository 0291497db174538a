import type { KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { Annotation } from "@trireme/gitops";

/** The destination's namespace as CreateNamespace=true brings it; what it is to carry is owned field by field, as in Argo CD. */
export function ownNamespace({ spec }: Application): KubeObject {
  const wanted = spec.syncPolicy?.managedNamespaceMetadata;
  const annotations = { ...wanted?.annotations, ...(wanted && { [Annotation.SyncOptions]: "ServerSideApply=true" }) };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: spec.destination.namespace ?? "", ...(wanted?.labels && { labels: wanted.labels }), ...(Object.keys(annotations).length > 0 && { annotations }) } };
}
