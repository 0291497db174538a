import { apiVersionOf, gvkOf, type GroupVersionKind, type KubeObject } from "@trireme/api";
import { openApiSchemas, type SchemaNode, type SchemaSource } from "@trireme/gitops";
import type { KubeClient, OpenApiDocument } from "@trireme/kube";

/** Schemas of one cluster's kinds, loaded before they are needed so that comparing needs no waiting. */
export interface ClusterSchemas {
  /** Loads what these objects' kinds need. A group-version that publishes nothing has no schema: its lists are atomic. */
  load(objects: Iterable<KubeObject>, signal: AbortSignal): Promise<void>;
  of(gvk: GroupVersionKind): SchemaNode | undefined;
}

export function clusterSchemas(client: KubeClient): ClusterSchemas {
  const sources = new Map<string, { document: OpenApiDocument; source: SchemaSource } | undefined>();
  return {
    async load(objects, signal) {
      const versions = new Map<string, GroupVersionKind>();
      for (const object of objects) {
        const gvk = gvkOf(object);
        versions.set(apiVersionOf(gvk), gvk);
      }
      await Promise.all(
        [...versions].map(async ([id, gvk]) => {
          if (sources.get(id)?.source.schemaOf(gvk) !== undefined) return;
          const document = await client.openapi(gvk, signal).catch((error: { reason?: string }) => {
            if (error.reason === "KindNotServed" || error.reason === "NotFound") return undefined;
            throw error;
          });
          if (document === undefined || sources.get(id)?.document === document) return;
          sources.set(id, { document, source: openApiSchemas(document.components?.schemas ?? {}) });
        }),
      );
    },
    of: (gvk) => sources.get(apiVersionOf(gvk))?.source.schemaOf(gvk),
  };
}
