import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { aggregateRoles } from "./auth/aggregation.ts";
import { defaultRoles } from "./auth/default-roles.ts";
import { Rbac } from "./auth/rbac.ts";
import { Tokens } from "./auth/tokens.ts";
import { bootstrap, systemObjects } from "./bootstrap.ts";
import { fillTokenSecrets } from "./kinds/account-token-secret.ts";
import { expireEvents } from "./kinds/event-expiry.ts";
import { strategyOf } from "./kinds/index.ts";
import { serveStoredCrds } from "./kinds/custom-resource-definition.ts";
import { OpenApi } from "./discovery/openapi.ts";
import { createClusterKeys, type ClusterKeys } from "./pki/certificates.ts";
import { kubeconfigText } from "./pki/kubeconfig.ts";
import { serveApi } from "./server/api-server.ts";
import type { ApiContext, User } from "./server/context.ts";
import { Router } from "./server/router.ts";
import { specialHandlers, type PodNodes } from "./special/index.ts";
import { Journal } from "./storage/journal.ts";
import { lockFolder } from "./storage/folder-lock.ts";
import { Store } from "./storage/store.ts";
import { TestingDoor } from "./testing/door.ts";
import { TypeRegistry } from "./types/registry.ts";

export interface DevClusterOptions {
  /** Folder that keeps objects and keys through restarts; absent: everything is in memory. */
  dataDir?: string;
  /** TCP port on 127.0.0.1; 0 or absent takes a free one. */
  port?: number;
  /** Milliseconds since the epoch; tests hold the clock. */
  now?: () => number;
  /** Finished requests that are kept for counting. Default 100,000; 0 keeps none. */
  countedRequests?: number;
  /** Changes that each resource remembers for watches. */
  history?: number;
}

export interface DevCluster extends AsyncDisposable {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Kubeconfig text of the administrator. */
  readonly kubeconfig: string;
  /** The certificate authority, PEM. */
  readonly caData: string;
  readonly adminToken: string;
  /** The client's end of a new connection, for clients in the same process. */
  connect(): Duplex;
  /** Counting and faults, for tests. */
  readonly requests: TestingDoor;
  /** What lies in the store and how it is reached; for parts that run in the same process. */
  readonly context: ApiContext;
  /** Where `kubectl logs` reads and `kubectl exec` runs: the nodes that run the pods. */
  servePods(nodes: PodNodes): void;
  writeKubeconfig(path: string): void;
  stop(): Promise<void>;
}

/** Starts a Kubernetes API server on loopback. It is ready when this resolves. */
export async function startDevCluster(options: DevClusterOptions = {}): Promise<DevCluster> {
  const now = options.now ?? Date.now;
  const { dataDir } = options;
  if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = dataDir ? lockFolder(dataDir) : () => undefined;
  try {
    return await startIn(options, now, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startIn(options: DevClusterOptions, now: () => number, unlock: () => void): Promise<DevCluster> {
  const { dataDir } = options;
  const keys = dataDir ? keptKeys(join(dataDir, "keys.json"), now()) : createClusterKeys(now());

  const store = new Store({ ...(options.history !== undefined && { history: options.history }), ...(dataDir && { journal: new Journal(dataDir) }) });
  const types = new TypeRegistry();
  const rbac = new Rbac(store);
  const tokens = new Tokens({ key: keys.tokenKey, store, now, fixed: [{ token: keys.adminToken, user: ADMIN }] });
  const ctx: ApiContext = { store, types, now, strategyOf, rbac, signToken: (token) => tokens.sign(token) };
  serveStoredCrds(ctx);
  bootstrap(ctx, [...systemObjects(), ...defaultRoles()]);
  const stops = [aggregateRoles(store), fillTokenSecrets(ctx, keys.ca.cert), expireEvents(ctx)];
  let nodes: PodNodes | undefined;

  const door = new TestingDoor(options.countedRequests);
  let url = "";
  const router = new Router({
    ctx,
    openapi: new OpenApi(types),
    authorizer: rbac,
    readToken: (token) => tokens.read(token),
    special: specialHandlers({ rbac, tokens, nodes: () => nodes }),
    address: () => url.replace("https://", ""),
  });
  const server = await serveApi(router, keys, { port: options.port ?? 0, door });
  url = server.url;
  await store.settled();

  const kubeconfig = kubeconfigText({ url, caCert: keys.ca.cert, user: keys.admin });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.close().then(() => {
      for (const stopOne of stops) stopOne();
      return store.close();
    }).finally(unlock));
  return {
    url,
    kubeconfig,
    caData: keys.ca.cert,
    adminToken: keys.adminToken,
    connect: () => server.connect(),
    requests: door,
    context: ctx,
    servePods(source) {
      nodes = source;
    },
    writeKubeconfig: (path) => writeFileSync(path, kubeconfig, { mode: 0o600 }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function keptKeys(path: string, now: number): ClusterKeys {
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as ClusterKeys;
  const keys = createClusterKeys(now);
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

const ADMIN: User = { name: "kubernetes-admin", groups: ["system:masters"] };
