import type { KubeObject } from "@trireme/api";
import type { Application, AppProject } from "@trireme/api/argo";
import { watchCache, type KubeClient, type WatchCache } from "@trireme/kube";
import type { DataObject } from "@trireme/settings";
import { APPLICATION, CONFIG_MAP, LEASE, PROJECT, SECRET } from "./resources.ts";

/** What of the control plane's cluster is held in memory, each kind by one watch. */
export interface ControlPlane extends AsyncDisposable {
  namespace: string;
  client: KubeClient;
  applications: WatchCache<Application>;
  projects: WatchCache<AppProject>;
  secrets: WatchCache<DataObject>;
  configMaps: WatchCache<DataObject>;
  leases: WatchCache<KubeObject>;
}

/**
 * Starts the watches and waits for their first lists: before that, nothing is known and nothing is
 * served. Applications of all namespaces are watched only where other namespaces may hold some.
 */
export async function openControlPlane(options: { client: KubeClient; namespace: string; everyNamespace: boolean; signal: AbortSignal }): Promise<ControlPlane> {
  const { client, namespace } = options;
  const caches = {
    applications: watchCache<Application>(client, APPLICATION, options.everyNamespace ? {} : { namespace }),
    projects: watchCache<AppProject>(client, PROJECT, { namespace }),
    secrets: watchCache<DataObject>(client, SECRET, { namespace }),
    configMaps: watchCache<DataObject>(client, CONFIG_MAP, { namespace }),
    leases: watchCache<KubeObject>(client, LEASE, { namespace }),
  };
  const close = async () => {
    await Promise.all(Object.values(caches).map((cache) => cache[Symbol.asyncDispose]()));
  };
  try {
    await Promise.all(Object.values(caches).map((cache) => cache.waitForSync(options.signal)));
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { namespace, client, ...caches, [Symbol.asyncDispose]: close };
}
