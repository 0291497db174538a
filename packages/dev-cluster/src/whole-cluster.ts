import { createKubeClient, staticCredentials, type Connection } from "@trireme/kube";
import { startControllers } from "./controllers/index.ts";
import { startDevCluster, type DevCluster, type DevClusterOptions } from "./dev-cluster.ts";
import { startNodes, type NodesOptions } from "./nodes/index.ts";

export interface WorkersOptions {
  nodes?: NodesOptions;
  /** Milliseconds since the epoch; tests hold the clock. */
  now?: () => number;
  onError?: (what: string, error: Error) => void;
}

export interface WholeClusterOptions extends DevClusterOptions, WorkersOptions {}

/** The API server with its controllers and with nodes that run pods: what a user means by a cluster. Resolves once all of it works. */
export async function startWholeCluster(options: WholeClusterOptions = {}): Promise<DevCluster> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startDevCluster(options));
  stack.use(await startWorkers(cluster, options));
  const running = stack.move();
  const stop = (): Promise<void> => running.disposeAsync();
  return { ...cluster, stop, [Symbol.asyncDispose]: stop };
}

/** Controllers and nodes for an API server of this process. Resolves once they know its objects and work. */
export async function startWorkers(cluster: DevCluster, options: WorkersOptions = {}): Promise<AsyncDisposable> {
  const { nodes: nodeOptions, onError, now } = options;
  const errors = onError && { onError };
  await using stack = new AsyncDisposableStack();
  const client = createKubeClient({ connection: adminConnection(cluster) });
  stack.defer(() => client.close());
  const controllers = startControllers(client, { rootCA: cluster.caData, ...(now && { now }), ...errors });
  const nodes = startNodes(client, { ...nodeOptions, ...errors });
  // Both are under way before either is awaited, so that both can be ended when one fails.
  for (const started of await Promise.allSettled([controllers, nodes])) {
    if (started.status === "fulfilled") stack.use(started.value);
  }
  await controllers;
  cluster.servePods(await nodes);
  const running = stack.move();
  return { [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The administrator's connection for clients in the same process: without a network, and without what TLS costs. */
export function adminConnection(cluster: DevCluster): Connection {
  return { server: cluster.url, open: () => cluster.connect(), credentials: staticCredentials({ authorization: `Bearer ${cluster.adminToken}` }) };
}
