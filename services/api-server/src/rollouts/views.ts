import { setTimeout as pause } from "node:timers/promises";
import type { KubeObject } from "@trireme/api";
import { withoutManagedFields, watchCache, type KubeClient, type WatchCache } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime";
import { ANALYSIS_RUN, DEPLOYMENT, EXPERIMENT, POD, REPLICA_SET, ROLLOUT } from "../state/resources.ts";
import type { RolloutObjects } from "./objects.ts";

/** Rollouts and what is below them, by namespace; "" stands for all of them. */
export interface RolloutViews extends AsyncDisposable {
  /** What is there now: from the watches where somebody looks already, else listed once. Throws while anything of it is unknown. */
  read(namespace: string, signal: AbortSignal): Promise<RolloutObjects>;
  /** The same, and again after changes, until the signal aborts. All who look at a namespace share its watches. */
  watch(namespace: string, signal: AbortSignal): AsyncIterable<RolloutObjects>;
}

const KINDS = { rollouts: ROLLOUT, replicaSets: REPLICA_SET, pods: POD, analysisRuns: ANALYSIS_RUN, experiments: EXPERIMENT, deployments: DEPLOYMENT } as const;
type Part = keyof typeof KINDS;
type Caches = Record<Part, WatchCache>;
const PARTS = Object.keys(KINDS) as Part[];

/** Changes that come together are told together. */
const SETTLE_MS = 50;
const SYNC_MS = 20_000;

export interface ViewOptions {
  /** Opens one kind's watch; tests hand in their own. */
  open?(kind: (typeof KINDS)[Part], namespace: string): WatchCache;
}

export function createRolloutViews(client: KubeClient, options: ViewOptions = {}): RolloutViews {
  const views = new Map<string, { caches: Caches; users: number }>();
  const open = options.open ?? ((kind, namespace) => watchCache<KubeObject>(client, kind, { ...(namespace !== "" && { namespace }), transform: withoutManagedFields }));

  const enter = (namespace: string): Caches => {
    let view = views.get(namespace);
    if (view === undefined) views.set(namespace, (view = { caches: byPart((part) => open(KINDS[part], namespace)), users: 0 }));
    view.users++;
    return view.caches;
  };
  const leave = async (namespace: string): Promise<void> => {
    const view = views.get(namespace);
    if (view === undefined || --view.users > 0) return;
    views.delete(namespace);
    await closed(view.caches);
  };

  return {
    async read(namespace, signal) {
      const view = views.get(namespace);
      if (view !== undefined && PARTS.every((part) => view.caches[part].synced && view.caches[part].failure === undefined)) return held(view.caches);
      const lists = await Promise.all(PARTS.map((part) => client.list(KINDS[part], { ...(namespace !== "" && { namespace }), signal })));
      return byPart((part) => lists[PARTS.indexOf(part)]!.items) as unknown as RolloutObjects;
    },
    async *watch(namespace, signal) {
      const caches = enter(namespace);
      let changed = Promise.withResolvers<void>();
      const wake = () => changed.resolve();
      const stops = PARTS.map((part) => caches[part].on(wake));
      signal.addEventListener("abort", wake, { once: true });
      try {
        await Promise.all(PARTS.map((part) => caches[part].waitForSync(AbortSignal.any([signal, AbortSignal.timeout(SYNC_MS)]))));
        while (!signal.aborted) {
          changed = Promise.withResolvers<void>();
          yield held(caches);
          if (signal.aborted) return;
          await changed.promise;
          await pause(SETTLE_MS, undefined, { signal }).catch(() => undefined);
        }
      } catch (thrown) {
        if (!signal.aborted) throw thrown;
      } finally {
        for (const stop of stops) stop();
        signal.removeEventListener("abort", wake);
        await leave(namespace);
      }
    },
    async [Symbol.asyncDispose]() {
      const all = [...views.values()];
      views.clear();
      await Promise.all(all.map(({ caches }) => closed(caches)));
    },
  };
}

/** What the watches hold. A kind that could not be read for a while makes the whole unknown. */
function held(caches: Caches): RolloutObjects {
  const failed = PARTS.find((part) => !caches[part].synced);
  if (failed !== undefined) throw new AppError(`${KINDS[failed].kind} objects are not known: ${caches[failed].failure?.message ?? "their first list has not arrived"}`, { reason: "CacheNotSynced", code: Code.Unavailable, retry: "later" });
  return byPart((part) => caches[part].list()) as unknown as RolloutObjects;
}

function byPart<T>(of: (part: Part) => T): Record<Part, T> {
  return Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Record<Part, T>;
}

async function closed(caches: Caches): Promise<void> {
  await Promise.all(PARTS.map((part) => caches[part][Symbol.asyncDispose]()));
}
