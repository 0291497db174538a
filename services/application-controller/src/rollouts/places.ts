import type { ClusterId, GroupKind } from "@trireme/api";
import { asAppError, backoffDelay, rfc3339 } from "@trireme/runtime";
import type { Cluster } from "@trireme/settings";
import { watchDefinition } from "../clusters/definition-watch.ts";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";
import { eventRecorder, type EventRecorder } from "../events.ts";
import { watchOtherController, type OtherController } from "./other-controller.ts";

/** One cluster of which the Rollouts, or the runs, are ours. */
export interface Place {
  live: LiveCluster;
  events: EventRecorder;
  /** Everything that decisions read is listed. */
  isReady: boolean;
  /** Argo Rollouts' own controller, where it may be in the way. */
  other: OtherController | undefined;
}

export interface Places extends AsyncDisposable {
  get(cluster: ClusterId): Place | undefined;
  /** Those whose objects are ours to move now. */
  ready(): Place[];
  /** Opens what the shard owns now and closes the rest. */
  open(): void;
}

export interface PlacesOptions {
  /** What is done there, as logs and timers name it. */
  purpose: string;
  /** What decisions read. */
  kinds: readonly GroupKind[];
  /** The CRD by whose appearance a cluster begins to be a place. */
  definition: string;
  /** Everything is listed and nobody else is at work: now, or again. */
  onReady(place: Place): void;
  /** Somebody else is at work, or that is not known any more. */
  onTaken?(place: Place, holder: string): void;
}

/** The clusters of this shard, as far as they serve what is asked for: it is listed and watched from then on. */
export function openPlaces(deps: Deps, options: PlacesOptions): Places {
  const { ctx, config, plane, clusters } = deps;
  const { purpose, kinds } = options;
  const places = new Map<ClusterId, Place & AsyncDisposable>();

  const open = ({ server: id }: Cluster, live: LiveCluster): void => {
    const opening = new AbortController();
    let tries = 0;
    const begin = async (): Promise<void> => {
      try {
        await live.discovery({ refresh: true });
        await live.ensure(servedKinds(live, kinds), opening.signal);
        tries = 0;
        if (!config.rollouts.takeover) place.other ??= watchOtherController(live.client, { clock: ctx.clock, wheel: ctx.wheel, purpose, onChange: () => tell(place) });
        place.isReady = true;
        ctx.log.info({ cluster: id, purpose, objects: live.list(kinds[0]!).length }, "this cluster is looked after");
        tell(place);
      } catch (error) {
        if (opening.signal.aborted) return;
        const { reason, message } = asAppError(error);
        ctx.log.warn({ cluster: id, purpose, reason, error: message }, "this cluster cannot be read");
        ctx.wheel.set(`${purpose}:${id}`, ctx.clock.now() + backoffDelay(++tries), () => void begin());
      }
    };
    const definition = watchDefinition(live.client, options.definition, () => void begin());
    const place: Place & AsyncDisposable = {
      live,
      isReady: false,
      other: undefined,
      events: eventRecorder({ client: live.client, enabled: ["all"], now: () => rfc3339(ctx.clock.now()), log: ctx.log, component: "rollouts-controller", folds: true }),
      async [Symbol.asyncDispose]() {
        opening.abort(new Error("closing"));
        ctx.wheel.delete(`${purpose}:${id}`);
        await Promise.allSettled([definition[Symbol.asyncDispose](), place.other?.[Symbol.asyncDispose](), place.events[Symbol.asyncDispose]()]);
      },
    };
    places.set(id, place);
  };
  const tell = (place: Place): void => {
    const holder = place.other?.holder;
    if (holder !== undefined) options.onTaken?.(place, holder);
    else if (place.isReady) options.onReady(place);
  };
  const close = (id: ClusterId): void => {
    const place = places.get(id);
    places.delete(id);
    void Promise.resolve(place?.[Symbol.asyncDispose]()).catch((error: unknown) => ctx.log.warn({ cluster: id, purpose, error }, "a cluster was not left cleanly"));
  };

  return {
    get: (id) => places.get(id),
    ready: () => [...places.values()].filter(isOurs),
    open() {
      const wanted = plane.settings().clusters.all.filter(deps.ownership.ownsCluster);
      for (const id of places.keys()) if (!wanted.some(({ server }) => server === id)) close(id);
      for (const cluster of wanted) {
        const live = clusters.live(cluster);
        if (places.get(cluster.server)?.live === live) continue;
        close(cluster.server);
        open(cluster, live);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...places.values()].map((place) => place[Symbol.asyncDispose]()));
      places.clear();
    },
  };
}

/** Listed, and nobody else is at work on it. */
export const isOurs = (place: Place): boolean => place.isReady && place.other?.holder === undefined;

/** Only what is served: a kind that is not has no objects. */
export function servedKinds(live: LiveCluster, kinds: readonly GroupKind[]): GroupKind[] {
  return kinds.filter((kind) => live.isNamespaced(kind) !== undefined);
}
