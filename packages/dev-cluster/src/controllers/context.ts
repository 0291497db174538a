import type { KubeObject } from "@trireme/api";
import type { KubeClient, WatchCache } from "@trireme/kube";
import type { EventRecorder } from "../loop/events.ts";
import { controllerOf, controllerUid, indexBy, namespaceOf, type Index } from "../loop/index-by.ts";
import type { Informers, Kind } from "../loop/informers.ts";
import type { Pod } from "../loop/pods.ts";
import { workQueue, type WorkQueue } from "../loop/work-queue.ts";

export const POD: Kind = { group: "", version: "v1", kind: "Pod" };

/** What every controller borrows. Objects from caches are shared: they are copied before they are changed. */
export interface ControllerContext {
  client: KubeClient;
  informers: Informers;
  events: (component: string) => EventRecorder;
  podsByOwner: Index<Pod>;
  podsByNamespace: Index<Pod>;
  now: () => number;
  onError?: (what: string, error: Error) => void;
}

export interface Controller extends AsyncDisposable {
  /** Visits everything that is there; called once the caches are known. */
  start(): void;
}

export function contextOf(parts: Omit<ControllerContext, "podsByOwner" | "podsByNamespace">): ControllerContext {
  const pods = parts.informers.of<Pod>(POD);
  return { ...parts, podsByOwner: indexBy(pods, controllerUid), podsByNamespace: indexBy(pods, namespaceOf) };
}

/**
 * A controller of one kind, visited as `namespace/name` whenever the object or something that it controls changes.
 * `visit` gets the object as the cache holds it; a number asks to come back after so many milliseconds.
 */
export function controllerOfKind<T extends KubeObject>(
  ctx: ControllerContext,
  options: { name: string; kind: Kind; owns?: readonly Kind[]; visit: (object: T, signal: AbortSignal) => Promise<number | void> },
): Controller & { queue: WorkQueue; cache: WatchCache<T> } {
  const cache = ctx.informers.of<T>(options.kind);
  const queue = workQueue({
    name: options.name,
    visit: async (key, signal) => {
      const [namespace = "", name = ""] = key.split("/");
      const object = cache.get(namespace, name);
      return object ? options.visit(object, signal) : undefined;
    },
    ...(ctx.onError && { onError: ctx.onError }),
  });
  const enqueue = ({ metadata }: KubeObject) => queue.add(`${metadata.namespace ?? ""}/${metadata.name}`);
  cache.on(({ object }) => enqueue(object));
  for (const owned of options.owns ?? []) {
    ctx.informers.of(owned).on(({ object, old }) => {
      for (const each of old ? [object, old] : [object]) {
        const owner = controllerOf(each);
        if (owner?.kind === options.kind.kind) queue.add(`${each.metadata.namespace ?? ""}/${owner.name}`);
      }
    });
  }
  return { queue, cache, start: () => cache.list().forEach(enqueue), [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose]() };
}

/** The owner reference by which a controller marks what it made. */
export function controllerRef(owner: KubeObject, kind: Kind) {
  return { apiVersion: kind.group === "" ? kind.version : `${kind.group}/${kind.version}`, kind: kind.kind, name: owner.metadata.name!, uid: owner.metadata.uid!, controller: true, blockOwnerDeletion: true };
}

/** Leaves out zeros and absent values, as Go's `omitempty` does. */
export function omitEmpty<T extends Record<string, unknown>>(status: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined && value !== 0 && value !== "" && !(Array.isArray(value) && value.length === 0))) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
