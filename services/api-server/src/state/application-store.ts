import type { Application } from "@trireme/api/argo";
import { globMatches, listMatches } from "@trireme/gitops";
import type { CacheEvent, WatchCache } from "@trireme/kube";

/** Applications by namespace and name, and one broadcast of their changes to any number of listeners. */
export interface ApplicationStore {
  get(namespace: string, name: string): Application | undefined;
  /** Those in served namespaces, by name. */
  list(): readonly Application[];
  /** Whether applications of this namespace are served. */
  serves(namespace: string): boolean;
  /** resourceVersion that the list stands at. */
  resourceVersion(): string;
  /** Changes from now on, until the signal aborts. */
  changes(signal: AbortSignal): AsyncIterable<CacheEvent<Application>>;
  on(listener: (event: CacheEvent<Application>) => void): () => void;
  /** An own write enters at once. */
  observe(app: Application): void;
  observeDeleted(app: Application): void;
}

/** A listener that is this far behind is cut off: its client lists and watches again. */
const MAX_PENDING = 10_000;

export function createApplicationStore(cache: WatchCache<Application>, options: { namespace: string; others: readonly string[] }): ApplicationStore {
  const serves = (namespace: string) => namespace === options.namespace || options.others.some((pattern) => listMatches(pattern, namespace) || globMatches(pattern, namespace));
  let sorted: Application[] | undefined;
  let highest: bigint | undefined;
  cache.on((event) => {
    sorted = undefined;
    const version = versionOf(event.object);
    if (highest !== undefined && version > highest) highest = version;
  });

  return {
    serves,
    get: (namespace, name) => (serves(namespace) ? cache.get(namespace, name) : undefined),
    list() {
      sorted ??= cache.list().filter((app) => serves(app.metadata.namespace ?? "")).sort(byName);
      return sorted;
    },
    resourceVersion() {
      highest ??= cache.list().reduce((top, app) => (versionOf(app) > top ? versionOf(app) : top), 0n);
      return String(highest);
    },
    changes: (signal) => changesOf(cache, signal, serves),
    on: (listener) => cache.on(listener),
    observe: (app) => cache.observe(app),
    observeDeleted: (app) => cache.observeDeleted(app),
  };
}

async function* changesOf(cache: WatchCache<Application>, signal: AbortSignal, serves: (namespace: string) => boolean): AsyncIterable<CacheEvent<Application>> {
  const pending: CacheEvent<Application>[] = [];
  let wake: () => void = () => undefined;
  const stop = cache.on((event) => {
    if (!serves(event.object.metadata.namespace ?? "") || pending.length > MAX_PENDING) return;
    pending.push(event);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      const event = pending.shift();
      if (event !== undefined) yield event;
      else if (pending.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || pending.length > 0) resolve();
        });
      if (pending.length > MAX_PENDING) return;
    }
  } finally {
    stop();
    signal.removeEventListener("abort", onAbort);
  }
}

function byName(a: Application, b: Application): number {
  const left = a.metadata.name!;
  const right = b.metadata.name!;
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata.namespace ?? "") < (b.metadata.namespace ?? "") ? -1 : 1;
}

function versionOf(app: Application): bigint {
  const text = app.metadata.resourceVersion ?? "";
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
