import { useQuery, useQueryClient } from "@tanstack/react-query";
import { address, call } from "../../../api/client.ts";
import { permission, type Permission } from "../../../api/permissions.ts";

export interface Cluster {
  server: string;
  name?: string;
  project?: string;
  namespaces?: string[] | null;
  clusterResources?: boolean;
  labels?: Record<string, string> | null;
  annotations?: Record<string, string> | null;
  shard?: number | string;
  refreshRequestedAt?: string;
  serverVersion?: string;
  connectionState?: { status?: string; message?: string; attemptedAt?: string };
  info?: { applicationsCount?: number | string; serverVersion?: string; connectionState?: Cluster["connectionState"]; cacheInfo?: { resourcesCount?: number | string; apisCount?: number | string; lastCacheSyncTime?: string | null }; apiVersions?: string[] | null };
}

const KEY = ["cluster-list"];

export function useClusters() {
  return useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await call<{ items?: Cluster[] | null }>("GET", "api/v1/clusters", undefined, signal)).items ?? [] });
}

export function useCluster(server: string) {
  return useQuery({ queryKey: [...KEY, server], queryFn: ({ signal }) => call<Cluster>("GET", addressOf(server), undefined, signal) });
}

export const clusterPermission = (action: string, { server, project }: Pick<Cluster, "server" | "project">): Permission => permission("clusters", action, project ? `${project}/${server}` : server);

export function useClusterChanges() {
  const queries = useQueryClient();
  const reload = () => queries.invalidateQueries({ queryKey: KEY });
  return {
    /** Changes the named fields; the others stay, whatever is sent. */
    async change(cluster: Cluster, fields: readonly string[]): Promise<void> {
      const query = new URLSearchParams(fields.map((field) => ["updatedFields", field]));
      await call("PUT", `${addressOf(cluster.server)}?${query.toString()}`, cluster);
      await reload();
    },
    async invalidate(server: string): Promise<void> {
      await call("POST", addressOf(server, "/invalidate-cache"));
      await reload();
    },
    async remove(server: string): Promise<void> {
      await call("DELETE", addressOf(server));
      await reload();
    },
  };
}

function addressOf(server: string, rest = ""): string {
  return address(`api/v1/clusters/${encodeURIComponent(server)}${rest}`);
}
