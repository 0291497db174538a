import type { ClusterId, GroupKind } from "@trireme/api";
import { watchDefinition } from "../clusters/definition-watch.ts";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";
import { eventRecorder, type EventRecorder } from "../events.ts";
import { asAppError, backoffDelay, rfc3339 } from "@trireme/runtime";
import type { Cluster } from "@trireme/settings";
import { watchOtherController, type OtherController } from "../rollouts/other-controller.ts";
import { ANALYSIS_RUN, DEFINITION, JOB } from "./kinds.ts";

/** One cluster whose runs are ours. */
export interface Place {
  live: LiveCluster;
  events: EventRecorder;
  isReady: boolean;
  /** Argo Rollouts' own controller, where it may be in the way. */
  other: OtherController | undefined;
}

export interface Places extends AsyncDisposable {
  get(cluster: ClusterId): Place | undefined;
  /** Opens what the shard owns now and closes the rest. */
  open(): void;
}

/** The clusters of this shard, as far as they serve AnalysisRuns: their runs and Jobs are watched from then on. */
export function analysisPlaces(deps: Deps, onReady: (place: Place) => void): Places {
  const { ctx, config, plane, clusters } = deps;
  const places = new Map<ClusterId, Place & AsyncDisposable>();

  const owned = (): Cluster[] => {
    const { clusters: all } = plane.settings();
    return all.all.filter(deps.ownership.ownsCluster);
  };
  const open = (cluster: Cluster): void => {
    const live = clusters.live(cluster);
    if (places.get(cluster.server)?.live === live) return;
    close(cluster.server);
    const opening = new AbortController();
    let tries = 0;
    const begin = async (): Promise<void> => {
      try {
        await live.discovery({ refresh: true });
        await live.ensure(served(live, [ANALYSIS_RUN, JOB]), opening.signal);
        tries = 0;
        place.other ??= config.rollouts.takeover ? undefined : watchOtherController(live.client, { clock: ctx.clock, wheel: ctx.wheel, purpose: "analysis", onChange: () => place.other?.holder === undefined && onReady(place) });
        place.isReady = true;
        ctx.log.info({ cluster: cluster.server, runs: live.list(ANALYSIS_RUN).length }, "analysis runs of this cluster are measured");
        onReady(place);
      } catch (error) {
        if (opening.signal.aborted) return;
        ctx.log.warn({ cluster: cluster.server, reason: asAppError(error).reason, error: asAppError(error).message }, "analysis runs cannot be read");
        ctx.wheel.set(`analysis:${cluster.server}`, ctx.clock.now() + backoffDelay(++tries), () => void begin());
      }
    };
    const definition = watchDefinition(live.client, DEFINITION, () => void begin());
    const place: Place & AsyncDisposable = {
      live,
      isReady: false,
      other: undefined,
      events: eventRecorder({ client: live.client, enabled: ["all"], now: () => rfc3339(ctx.clock.now()), log: ctx.log, component: "rollouts-controller" }),
      async [Symbol.asyncDispose]() {
        opening.abort(new Error("closing"));
        ctx.wheel.delete(`analysis:${cluster.server}`);
        await Promise.allSettled([definition[Symbol.asyncDispose](), place.other?.[Symbol.asyncDispose](), place.events[Symbol.asyncDispose]()]);
      },
    };
    places.set(cluster.server, place);
  };
  const close = (id: ClusterId): void => {
    const place = places.get(id);
    places.delete(id);
    void Promise.resolve(place?.[Symbol.asyncDispose]()).catch((error: unknown) => ctx.log.warn({ cluster: id, error }, "analysis did not close cleanly"));
  };

  return {
    get: (id) => places.get(id),
    open() {
      const wanted = owned();
      for (const id of places.keys()) if (!wanted.some((cluster) => cluster.server === id)) close(id);
      for (const cluster of wanted) open(cluster);
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...places.values()].map((place) => place[Symbol.asyncDispose]()));
      places.clear();
    },
  };
}

/** Only what is served: a kind that is not has no objects. */
function served(live: LiveCluster, kinds: readonly GroupKind[]): GroupKind[] {
  return kinds.filter((kind) => live.isNamespaced(kind) !== undefined);
}
