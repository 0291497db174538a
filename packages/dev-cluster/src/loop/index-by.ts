import type { KubeObject } from "@trireme/api";
import type { WatchCache } from "@trireme/kube";

/** The objects of a cache under other keys than their own; kept up with every event. */
export interface Index<T extends KubeObject> {
  get(key: string): T[];
  count(key: string): number;
  keys(): IterableIterator<string>;
}

export function indexBy<T extends KubeObject>(cache: WatchCache<T>, keysOf: (object: T) => readonly string[]): Index<T> {
  const index = new Map<string, Map<string, T>>();
  const identity = (object: T) => `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
  const leave = (object: T) => {
    for (const key of keysOf(object)) {
      const bucket = index.get(key);
      bucket?.delete(identity(object));
      if (bucket?.size === 0) index.delete(key);
    }
  };
  const enter = (object: T) => {
    for (const key of keysOf(object)) {
      const bucket = index.get(key);
      if (bucket) bucket.set(identity(object), object);
      else index.set(key, new Map([[identity(object), object]]));
    }
  };
  for (const object of cache.list()) enter(object);
  cache.on(({ type, object, old }) => {
    if (old) leave(old);
    if (type !== "deleted") enter(object);
  });
  return { get: (key) => [...(index.get(key)?.values() ?? [])], count: (key) => index.get(key)?.size ?? 0, keys: () => index.keys() };
}

/** Keys for `indexBy`: the uid of the object's controller. */
export function controllerUid(object: KubeObject): string[] {
  const owner = controllerOf(object);
  return owner ? [owner.uid] : [];
}

export function namespaceOf(object: KubeObject): string[] {
  return [object.metadata.namespace ?? ""];
}

export function controllerOf(object: KubeObject) {
  return object.metadata.ownerReferences?.find((reference) => reference.controller);
}
