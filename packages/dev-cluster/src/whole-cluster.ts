import { createKubeClient, staticCredentials, type Connection } from "@trireme/kube";
import { startControllers } from "./controllers/index.ts";
import { startDevCluster, type DevCluster, type DevClusterOptions } from "./dev-cluster.ts";
import { startNodes, type NodesOptions } from "./nodes/index.ts";

export interface WholeClusterOptions extends DevClusterOptions {
  nodes?: NodesOptions;
  onError?: (what: string, error: Error) => void;
}

/** The API server with its controllers and with nodes that run pods: what a user means by a cluster. */
export async function startWholeCluster(options: WholeClusterOptions = {}): Promise<DevCluster> {
  const { nodes: nodeOptions, onError, ...server } = options;
  const errors = onError && { onError };
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startDevCluster(server));
  const client = createKubeClient({ connection: adminConnection(cluster) });
  stack.defer(() => client.close());
  const controllers = startControllers(client, { rootCA: cluster.caData, ...(options.now && { now: options.now }), ...errors });
  const nodes = startNodes(client, { ...nodeOptions, ...errors });
  // Both are under way before either is awaited, so that both can be ended when one fails.
  for (const started of await Promise.allSettled([controllers, nodes])) {
    if (started.status === "fulfilled") stack.use(started.value);
  }
  await controllers;
  cluster.servePodLogs(await nodes);

  const running = stack.move();
  const stop = (): Promise<void> => running.disposeAsync();
  return { ...cluster, stop, [Symbol.asyncDispose]: stop };
}

/** The administrator's connection for clients in the same process: without a network, and without what TLS costs. */
export function adminConnection(cluster: DevCluster): Connection {
  return { server: cluster.url, open: () => cluster.connect(), credentials: staticCredentials({ authorization: `Bearer ${cluster.adminToken}` }) };
}
