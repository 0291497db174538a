import { IN_CLUSTER } from "@trireme/api";
import { connectionFromClusterSecret, createKubeClient, type KubeClient } from "@trireme/kube";
import type { Cluster } from "@trireme/settings";

/** Clients of destination clusters, for what a user asked to see or do there. One pool a cluster and configuration. */
export interface DestinationClients {
  of(cluster: Cluster): KubeClient;
  close(): Promise<void>;
}

/** `own` reaches the cluster that holds the control plane, however that is addressed. */
export function createDestinationClients(own: KubeClient): DestinationClients {
  const clients = new Map<string, { config: string; client: KubeClient }>();
  return {
    of(cluster) {
      const explicit = Object.keys(cluster.config).some((key) => key !== "tlsClientConfig") || cluster.config.tlsClientConfig?.caData !== undefined;
      if (cluster.server === IN_CLUSTER && !explicit) return own;
      const config = JSON.stringify(cluster.config);
      const known = clients.get(cluster.server);
      if (known?.config === config) return known.client;
      void known?.client.close();
      const client = createKubeClient({ cluster: cluster.server, connection: connectionFromClusterSecret(cluster.config, cluster.server) });
      clients.set(cluster.server, { config, client });
      return client;
    },
    async close() {
      await Promise.all([...clients.values()].map(({ client }) => client.close()));
    },
  };
}
