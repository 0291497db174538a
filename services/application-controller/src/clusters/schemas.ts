import { apiVersionOf, gvkOf, type GroupVersionKind, type KubeObject } from "@trireme/api";
import { openApiSchemas, type SchemaNode, type SchemaSource } from "@trireme/gitops";
import type { KubeClient, OpenApiDocument } from "@trireme/kube";

const ASK_AGAIN_MS = 60_000;

/** Schemas of one cluster's kinds, loaded before they are needed so that comparing needs no waiting. */
export interface ClusterSchemas {
  /** Loads what these objects' kinds need. A group-version that publishes nothing has no schema: its lists are atomic. */
  load(objects: Iterable<KubeObject>, signal: AbortSignal): Promise<void>;
  of(gvk: GroupVersionKind): SchemaNode | undefined;
}

export function clusterSchemas(client: KubeClient): ClusterSchemas {
  const sources = new Map<string, { document: OpenApiDocument; source: SchemaSource }>();
  /** Kinds without a schema, and when that was learnt: a CRD may bring one later. */
  const without = new Map<string, number>();
  return {
    async load(objects, signal) {
      const versions = new Map<string, GroupVersionKind>();
      for (const object of objects) {
        const gvk = gvkOf(object);
        versions.set(`${apiVersionOf(gvk)}/${gvk.kind}`, gvk);
      }
      await Promise.all(
        [...versions.values()].map(async (gvk) => {
          const id = apiVersionOf(gvk);
          const kind = `${id}/${gvk.kind}`;
          if (sources.get(id)?.source.schemaOf(gvk) !== undefined || Date.now() - (without.get(kind) ?? -Infinity) < ASK_AGAIN_MS) return;
          const document = await client.openapi(gvk, signal).catch((error: { reason?: string }) => {
            if (error.reason === "KindNotServed" || error.reason === "NotFound") return undefined;
            throw error;
          });
          if (document !== undefined && sources.get(id)?.document !== document) sources.set(id, { document, source: openApiSchemas(document.components?.schemas ?? {}) });
          if (sources.get(id)?.source.schemaOf(gvk) === undefined) without.set(kind, Date.now());
        }),
      );
    },
    of: (gvk) => sources.get(apiVersionOf(gvk))?.source.schemaOf(gvk),
  };
}
