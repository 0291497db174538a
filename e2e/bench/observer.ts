import { setTimeout as pause } from "node:timers/promises";
import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";

type Kind = { group: string; version: string; kind: string };

interface Waiting {
  holds: (object: KubeObject | undefined) => boolean;
  /** undefined: any object. */
  key: string | undefined;
  resolve: (at: number) => void;
}

/**
 * One watch of one kind, and the moment at which something is first seen to hold. Pushes, calls and observation are one
 * process, so start and end are read from the same monotonic clock (milliseconds).
 */
export class Observer implements AsyncDisposable {
  readonly objects = new Map<string, KubeObject>();
  readonly #stop = new AbortController();
  readonly #waiting = new Set<Waiting>();
  readonly #listening: Promise<void>;
  #lastEvent = performance.now();

  private constructor(client: KubeClient, kind: Kind, namespace: string | undefined, onReady: () => void) {
    this.#listening = this.#listen(client, kind, namespace, onReady);
  }

  static async start(client: KubeClient, kind: Kind, namespace?: string): Promise<Observer> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const observer = new Observer(client, kind, namespace, resolve);
    await Promise.race([promise, observer.#listening]);
    return observer;
  }

  /** When `holds` is first true of the object; at once if it is now. Fails after `timeoutMs` with what was seen last. */
  async when(namespace: string, name: string, holds: (object: KubeObject | undefined) => boolean, what: string, timeoutMs = 60_000): Promise<number> {
    const key = `${namespace}/${name}`;
    if (holds(this.objects.get(key))) return performance.now();
    return this.#seen({ key, holds }, `${key}: not ${what}`, timeoutMs);
  }

  /** When `holds` is first true of some object. */
  async whenAny(holds: (object: KubeObject) => boolean, what: string, timeoutMs = 60_000): Promise<number> {
    if ([...this.objects.values()].some(holds)) return performance.now();
    return this.#seen({ key: undefined, holds: (object) => object !== undefined && holds(object) }, `not seen: ${what}`, timeoutMs);
  }

  async #seen({ key, holds }: Pick<Waiting, "key" | "holds">, otherwise: string, timeoutMs: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const waiting: Waiting = { key, holds, resolve };
    this.#waiting.add(waiting);
    const timeout = new AbortController();
    try {
      return await Promise.race([
        promise,
        pause(timeoutMs, undefined, { signal: timeout.signal }).then(() => {
          throw new Error(`${otherwise} after ${timeoutMs / 1000} s: ${JSON.stringify((key === undefined ? undefined : this.objects.get(key)?.["status"]) ?? null).slice(0, 600)}`);
        }),
      ]);
    } finally {
      timeout.abort();
      promise.catch(() => undefined);
      this.#waiting.delete(waiting);
    }
  }

  /** Resolves once nothing has changed for `ms`, or after `atMostMs`. */
  async quiet(ms: number, atMostMs: number): Promise<void> {
    const deadline = performance.now() + atMostMs;
    for (let left = ms; left > 0 && performance.now() < deadline; left = ms - (performance.now() - this.#lastEvent)) await pause(left);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  async #listen(client: KubeClient, kind: Kind, namespace: string | undefined, onReady: () => void): Promise<void> {
    const { signal } = this.#stop;
    const scope = { ...(namespace !== undefined && { namespace }), signal };
    while (!signal.aborted) {
      try {
        const list = await client.list(kind, scope);
        for (const object of list.items) this.#see(object, performance.now());
        onReady();
        let resourceVersion = list.metadata.resourceVersion!;
        for (let expired = false; !expired && !signal.aborted; ) {
          for await (const event of client.watch(kind, { ...scope, resourceVersion, allowWatchBookmarks: true })) {
            const at = performance.now();
            if (event.type === "ERROR") {
              expired = true;
              break;
            }
            resourceVersion = event.object.metadata.resourceVersion!;
            if (event.type === "DELETED") this.objects.delete(keyOf(event.object));
            if (event.type === "ADDED" || event.type === "MODIFIED") this.#see(event.object, at);
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  }

  #see(object: KubeObject, at: number): void {
    this.#lastEvent = at;
    const key = keyOf(object);
    this.objects.set(key, object);
    for (const waiting of this.#waiting) if ((waiting.key === undefined || waiting.key === key) && waiting.holds(object)) waiting.resolve(at);
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}
