import type { ClusterId, GroupKind, KubeObject } from "@trireme/api";
import { parseApiVersion } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import { analysesOf, controllerOf, Key, servicesOf, type ReplicaSet } from "@trireme/rollouts";
import { asAppError } from "@trireme/runtime";
import { createExecutor, type Executor } from "../applications/executor.ts";
import { NO_PINS } from "../applications/wakes.ts";
import type { LiveCluster, LiveEvent } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";
import { ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, DEFINITION, POD, READ, REPLICA_SET, ROLLOUT, SERVICE } from "./kinds.ts";
import { abandonedServices, releaseService } from "./release-service.ts";
import { rolloutMetrics } from "./metrics.ts";
import { isOurs, openPlaces, servedKinds, type Place } from "./places.ts";
import { keyParts, keyText } from "./snapshot.ts";
import { visitRollout } from "./visit.ts";

export interface Rollouts {
  executor: Executor;
  /** Starts visiting; before, wake-ups only gather. */
  start(): void;
  stop(): Promise<void>;
  onLiveEvent(event: LiveEvent): void;
  /** Clusters may have come, gone or changed their shard. */
  onSettings(): void;
}

/** A Service that could not be given back in this time is given back when its Rollouts are read anew. */
const GIVE_BACK_MS = 10_000;
/** As long as Argo Rollouts keeps the figures of what is gone, so that they are read once more. */
const FIGURES_MS = 65_000;
const WAKE = { level: 0, hard: false, pinned: NO_PINS } as const;

/** Rollouts of every cluster that this shard owns and that serves them: watches and timers in, visits out. */
export function createRollouts(deps: Deps): Rollouts {
  const { ctx, config } = deps;
  const places = openPlaces(deps, {
    purpose: "rollouts",
    kinds: READ,
    definition: DEFINITION,
    onReady(place) {
      wakeAll(place);
      giveBackAll(place);
    },
    onTaken: ({ live }, holder) => ctx.log.warn({ cluster: live.id, holder, reason: "OtherRolloutsController" }, "rollouts are left to Argo Rollouts' own controller, which runs on this cluster; set TRIREME_ROLLOUTS_TAKEOVER=true to take them over"),
  });
  const metrics = rolloutMetrics(ctx.metrics, () => places.ready().flatMap(({ live }) => (live.list(ROLLOUT) as Rollout[]).filter(isInstance)));
  /** ReplicaSets that nobody controls, by cluster and namespace: one of them may be a Rollout's. */
  const orphans = new Map<string, Map<string, ReplicaSet>>();
  let isStarted = false;

  const rolloutAt = (key: string): { place: Place; rollout: Rollout } | undefined => {
    const { cluster, namespace, name } = keyParts(key);
    const place = places.get(cluster);
    const rollout = place?.live.get({ ...ROLLOUT, namespace, name }) as Rollout | undefined;
    return place === undefined || rollout === undefined ? undefined : { place, rollout };
  };
  const executor = createExecutor({
    log: ctx.log,
    perPlace: config.statusProcessors,
    placeOf: (key) => keyParts(key).cluster,
    at: (key, inMs, callback) => ctx.wheel.setNoLater(`rollout:${key}`, ctx.clock.now() + inMs, callback),
    async visit(key, _wake, signal) {
      const found = rolloutAt(key);
      if (found === undefined) {
        forget(key);
        return undefined;
      }
      const { place } = found;
      if (!isOurs(place) || !isInstance(found.rollout)) return undefined;
      const { cluster, namespace, name } = keyParts(key);
      const workload = found.rollout.spec.workloadRef;
      await place.live.ensure([...servedKinds(place.live, READ), ...(workload?.kind === undefined ? [] : servedKinds(place.live, [{ group: parseApiVersion(workload.apiVersion ?? "").group, kind: workload.kind }]))], signal);
      const startedAt = performance.now();
      const at = await visitRollout(
        {
          live: place.live,
          rollout: () => rolloutAt(key)?.rollout,
          orphans: () => orphans.get(`${cluster}\0${namespace}`)?.values() ?? [],
          tell(rollout, event) {
            metrics.told(rollout, event);
            place.events.record(rollout, event);
          },
          now: () => ctx.clock.now(),
        },
        signal,
      ).catch((error: unknown) => {
        if (!signal.aborted) metrics.failed({ namespace, name });
        throw error;
      });
      metrics.visited({ namespace, name }, performance.now() - startedAt);
      return at === undefined ? undefined : { inMs: Math.max(0, at - ctx.clock.now()), level: 0 };
    },
  });
  const wake = (key: string) => isStarted && executor.wake(key, WAKE);
  const forget = (key: string) => {
    executor.forget(key);
    ctx.wheel.delete(`rollout:${key}`);
    ctx.wheel.set(`rollout-figures:${key}`, ctx.clock.now() + FIGURES_MS, () => rolloutAt(key) === undefined && metrics.forget(keyParts(key)));
  };
  const wakeAll = ({ live }: Place) => {
    for (const rollout of live.list(ROLLOUT)) wake(keyText(live.id, rollout.metadata.namespace ?? "", rollout.metadata.name ?? ""));
  };
  const isInstance = (rollout: Rollout) => (rollout.metadata.labels?.[Key.InstanceId] ?? "") === config.rollouts.instanceId;

  const keepOrphan = (cluster: ClusterId, object: KubeObject, isGone: boolean): void => {
    const place = `${cluster}\0${object.metadata.namespace ?? ""}`;
    const isOrphan = !isGone && controllerOf(object) === undefined;
    if (isOrphan) {
      let sets = orphans.get(place);
      if (sets === undefined) orphans.set(place, (sets = new Map()));
      sets.set(object.metadata.uid ?? "", object as ReplicaSet);
    } else if (orphans.get(place)?.delete(object.metadata.uid ?? "") === true && orphans.get(place)?.size === 0) orphans.delete(place);
  };
  /** What was abandoned while nobody looked. */
  const giveBackAll = (place: Place): void => {
    for (const { metadata } of place.live.list(SERVICE)) {
      const manager = metadata.annotations?.[Key.ManagedBy];
      if (manager !== undefined) giveBack(place, metadata.namespace ?? "", manager, place.live.get({ ...ROLLOUT, namespace: metadata.namespace ?? "", name: manager }) as Rollout | undefined);
    }
  };
  const giveBack = (place: Place, namespace: string, manager: string, rollout: Rollout | undefined): void => {
    if (!isOurs(place)) return;
    for (const service of abandonedServices(place.live, namespace, manager, rollout)) {
      releaseService(place.live, service, AbortSignal.timeout(GIVE_BACK_MS)).catch((error: unknown) => ctx.log.warn({ cluster: place.live.id, service: `${namespace}/${service.metadata.name}`, error: asAppError(error).message }, "a Service was not given back"));
    }
  };
  /** Rollouts of a namespace that an object concerns; undefined: of every namespace. */
  const wakeWhere = (live: LiveCluster, namespace: string | undefined, concerns: (rollout: Rollout) => boolean): void => {
    for (const object of live.list(ROLLOUT)) {
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
      if (concerns(object as Rollout)) wake(keyText(live.id, object.metadata.namespace ?? "", object.metadata.name ?? ""));
    }
  };

  return {
    executor,
    start() {
      isStarted = true;
      places.open();
    },
    async stop() {
      isStarted = false;
      await executor.stop();
      await places[Symbol.asyncDispose]();
    },
    onSettings() {
      if (isStarted) places.open();
    },
    onLiveEvent({ cluster, object, old, type }) {
      if (is(object, REPLICA_SET)) keepOrphan(cluster, object, type === "deleted");
      const place = places.get(cluster);
      if (place === undefined || !isStarted) return;
      const { namespace = "", name = "" } = object.metadata;
      const owner = ownerRollout(object) ?? (old === undefined ? undefined : ownerRollout(old));
      if (is(object, ROLLOUT)) {
        wake(keyText(cluster, namespace, name));
        const before = old === undefined ? [] : servicesOf(old as Rollout).map((service) => service.name);
        const after = type === "deleted" ? [] : servicesOf(object as Rollout).map((service) => service.name);
        if (type === "deleted" || before.some((service) => !after.includes(service))) giveBack(place, namespace, name, type === "deleted" ? undefined : (object as Rollout));
      }
      else if (owner !== undefined) wake(keyText(cluster, namespace, owner));
      else if (is(object, REPLICA_SET) && controllerOf(object) === undefined) wakeWhere(place.live, namespace, () => true);
      else if (is(object, POD)) {
        const set = place.live.byUid(controllerOf(object) ?? "");
        const of = set === undefined ? undefined : ownerRollout(set);
        if (of !== undefined) wake(keyText(cluster, namespace, of));
      } else if (is(object, SERVICE)) wakeWhere(place.live, namespace, (rollout) => servicesOf(rollout).some((service) => service.name === name));
      else if (is(object, ANALYSIS_TEMPLATE)) wakeWhere(place.live, namespace, (rollout) => analysesOf(rollout).length > 0);
      else if (is(object, CLUSTER_ANALYSIS_TEMPLATE)) wakeWhere(place.live, undefined, (rollout) => analysesOf(rollout).length > 0);
      else if (object.metadata.generation !== old?.metadata.generation) wakeWhere(place.live, namespace, ({ spec }) => spec.workloadRef?.kind === object.kind && spec.workloadRef.name === name);
    },
  };
}

const is = (object: KubeObject, kind: GroupKind): boolean => object.kind === kind.kind && parseApiVersion(object.apiVersion).group === kind.group;

const ownerRollout = (object: KubeObject): string | undefined => object.metadata.ownerReferences?.find((reference) => reference.controller === true && reference.kind === "Rollout")?.name;
