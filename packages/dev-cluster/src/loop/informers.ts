import type { KubeObject } from "@trireme/api";
import { watchCache, withoutManagedFields, type KubeClient, type WatchCache } from "@trireme/kube";

export interface Kind {
  group: string;
  version: string;
  kind: string;
}

/** One watch cache for each kind, shared by everybody in the process who looks at that kind. */
export class Informers implements AsyncDisposable {
  readonly client: KubeClient;
  readonly #caches = new Map<string, WatchCache<any>>();

  constructor(client: KubeClient) {
    this.client = client;
  }

  of<T extends KubeObject>(kind: Kind, options: { metadataOnly?: boolean; fieldSelector?: string } = {}): WatchCache<T> {
    const key = `${kind.group}/${kind.version}/${kind.kind}${options.metadataOnly ? " metadata" : ""} ${options.fieldSelector ?? ""}`;
    let cache = this.#caches.get(key) as WatchCache<T> | undefined;
    if (!cache) {
      cache = watchCache<T>(this.client, kind, { transform: withoutManagedFields, backoff: { initialMs: 50, maxMs: 5_000 }, ...options });
      this.#caches.set(key, cache);
    }
    return cache;
  }

  /** Resolves when every kind that was asked for so far is known. */
  async synced(signal?: AbortSignal): Promise<void> {
    await Promise.all([...this.#caches.values()].map((cache) => cache.waitForSync(signal)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#caches.values()].map((cache) => cache[Symbol.asyncDispose]()));
    this.#caches.clear();
  }
}
