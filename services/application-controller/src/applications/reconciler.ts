import { keyOf, keyText, type ClusterId, type KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { Annotation, isAutomated, parentsOf, sameJson, sourcesOf, trackedBy } from "@trireme/gitops";
import type { CacheEvent } from "@trireme/kube";
import type { LiveEvent } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";
import { polls, type Polls } from "../repositories/poll.ts";
import { createExecutor, type Executor } from "./executor.ts";
import { newMemory, type AppMemory } from "./memory.ts";
import { visit } from "./visit.ts";
import { NO_PINS, type Level, type Wake } from "./wakes.ts";

export interface Reconciler {
  executor: Executor;
  polls: Polls;
  /** Starts visiting; before, wake-ups only gather. */
  start(): void;
  stop(): Promise<void>;
  memory(app: Application): AppMemory | undefined;
  wakeApp(app: Application, wake?: Partial<Wake>): void;
  owns(app: Application): boolean;
  onLiveEvent(event: LiveEvent): void;
  onClusterState(cluster: ClusterId): void;
  /** Called whenever something changed that an application's tree shows. */
  onTree(uid: string, listener: () => void): () => void;
}

/** Untouched applications learn their new revision within a minute, after those that are touched had their time. */
const FOLLOW_AFTER_MS = 5_000;
const FOLLOW_WITHIN_MS = 40_000;

/** Watches, timers and queues in; visits out. */
export function createReconciler(deps: Deps): Reconciler {
  const { plane, ctx, config, clusters } = deps;
  const memories = new Map<string, AppMemory>();
  const byUid = new Map<string, Application>();
  /** Which applications want an object, by cluster and key: for those that carry nobody's mark. */
  const wanted = new Map<string, Set<string>>();
  const wantedOf = new Map<string, { desired: object; ids: string[] }>();
  const treeListeners = new Map<string, Set<() => void>>();
  const unknownOn = new Map<ClusterId, Set<string>>();
  let started = false;
  const gathered = new Map<string, Wake>();

  const current = (uid: string): Application | undefined => {
    const known = byUid.get(uid);
    if (known === undefined) return undefined;
    const app = plane.app(known.metadata.namespace ?? "", known.metadata.name ?? "");
    return app?.metadata.uid === uid ? app : undefined;
  };
  const executor = createExecutor({
    log: ctx.log,
    perPlace: config.statusProcessors,
    placeOf: (uid) => {
      const destination = byUid.get(uid)?.spec.destination;
      return destination?.server || destination?.name || "";
    },
    at: (uid, inMs, callback) => ctx.wheel.setNoLater(`app:${uid}`, ctx.clock.now() + inMs, callback),
    async visit(uid, wake, signal) {
      const app = current(uid);
      if (app === undefined) {
        forget(uid);
        return undefined;
      }
      if (!owns(app)) return undefined;
      let memory = memories.get(uid);
      if (memory === undefined) memories.set(uid, (memory = newMemory()));
      const startedAt = performance.now();
      const next = await visit(deps, app, memory, wake, signal);
      deps.work.reconciled(app, performance.now() - startedAt);
      memory.lastVisit = { at: ctx.clock.now(), because: `level ${wake.level}` };
      follow(uid, app, memory);
      return next;
    },
  });
  const forget = (uid: string) => {
    executor.forget(uid);
    memories.delete(uid);
    byUid.delete(uid);
    for (const timer of ["app", "hard", "moved"]) ctx.wheel.delete(`${timer}:${uid}`);
    for (const id of wantedOf.get(uid)?.ids ?? []) wanted.get(id)?.delete(uid);
    wantedOf.delete(uid);
    for (const listener of treeListeners.get(uid) ?? []) listener();
  };
  const wakeUid = (uid: string, wake: Partial<Wake> = {}) => {
    const whole: Wake = { level: wake.level ?? 1, hard: wake.hard ?? false, pinned: wake.pinned ?? NO_PINS };
    if (started) executor.wake(uid, whole);
    else gathered.set(uid, whole);
  };

  const { owns } = deps.ownership;

  const follow = (uid: string, app: Application, memory: AppMemory) => {
    repositoryPolls.follow(app);
    const hardMs = config.reconciliation.hardTimeoutMs ?? plane.settings().timeouts.hardReconciliationMs;
    if (hardMs > 0 && ctx.wheel.dueAt(`hard:${uid}`) === undefined) ctx.wheel.set(`hard:${uid}`, ctx.clock.now() + hardMs * (1 + 0.1 * ctx.random()), () => wakeUid(uid, { level: 3, hard: true }));
    const stored = current(uid);
    const server = app.spec.destination.server || app.spec.destination.name || "";
    const isUnknown = stored?.status?.sync?.status === "Unknown";
    const waiting = unknownOn.get(server);
    if (isUnknown && waiting === undefined) unknownOn.set(server, new Set([uid]));
    else if (isUnknown) waiting!.add(uid);
    else waiting?.delete(uid);
    for (const listener of treeListeners.get(uid) ?? []) listener();

    const { desired } = memory;
    if (desired === undefined || wantedOf.get(uid)?.desired === desired.targets) return;
    for (const id of wantedOf.get(uid)?.ids ?? []) wanted.get(id)?.delete(uid);
    const ids = [...desired.targets.keys()];
    for (const id of ids) {
      let set = wanted.get(id);
      if (set === undefined) wanted.set(id, (set = new Set()));
      set.add(uid);
    }
    wantedOf.set(uid, { desired: desired.targets, ids });
  };

  const repositoryPolls = polls(deps, {
    *apps() {
      for (const app of plane.apps()) if (owns(app)) yield { key: app.metadata.uid ?? "", app, memory: memories.get(app.metadata.uid ?? "") };
    },
    wake: (uid, wake) => wakeUid(uid, wake),
    moved: (uid) => ctx.wheel.setNoLater(`moved:${uid}`, ctx.clock.now() + FOLLOW_AFTER_MS + ctx.random() * FOLLOW_WITHIN_MS, () => wakeUid(uid, { level: 1 })),
  });

  plane.onApp((event) => {
    const uid = event.object.metadata.uid ?? "";
    if (event.type === "deleted") {
      if (byUid.get(uid) !== undefined) forget(uid);
      return;
    }
    byUid.set(uid, event.object);
    const level = levelOfChange(event);
    if (level !== undefined) wakeUid(uid, { level });
  });
  for (const app of plane.apps()) {
    byUid.set(app.metadata.uid ?? "", app);
    wakeUid(app.metadata.uid ?? "", { level: 2 });
  }
  deps.releases.on((namespace, name) => {
    const app = plane.app(namespace, name);
    if (app !== undefined) wakeUid(app.metadata.uid ?? "", { level: 1 });
  });
  plane.onProject((event) => {
    for (const app of plane.apps()) if ((app.spec.project || "default") === event.object.metadata.name) wakeUid(app.metadata.uid ?? "", { level: 1 });
  });
  plane.onSettings(() =>
    ctx.wheel.setNoLater("settings", ctx.clock.now() + 50, () => {
      clusters.settingsChanged();
      // A credential or certificate may be what an application waited for.
      for (const app of plane.apps()) wakeUid(app.metadata.uid ?? "", { level: app.status?.sync?.status === "Unknown" || app.status?.sync === undefined ? 3 : 1 });
    }),
  );

  deps.ownership.onMoved(() => {
    for (const app of plane.apps()) wakeUid(app.metadata.uid ?? "", { level: 2 });
  });

  const ownersOf = (cluster: ClusterId, object: KubeObject): { uids: string[]; direct: boolean } => {
    const { tracking } = plane.settings();
    const live = clusters.opened().find((each) => each.id === cluster);
    let at: KubeObject | undefined = object;
    for (let depth = 0; at !== undefined && depth < 8; depth++) {
      const isRoot: boolean = (at.metadata.ownerReferences?.length ?? 0) === 0;
      const uid = isRoot || depth === 0 ? plane.appOfInstance(trackedBy(at, tracking))?.metadata.uid : undefined;
      const uids = [...new Set([...(uid === undefined ? [] : [uid]), ...(wanted.get(keyText(keyOf(at))) ?? [])])];
      if (uids.length > 0) return { uids, direct: depth === 0 };
      const parent: ReturnType<typeof parentsOf>[number] | undefined = live === undefined ? undefined : parentsOf(at, live)[0];
      at = parent === undefined ? undefined : (live!.byUid(parent.uid) ?? live!.get(parent));
    }
    return { uids: [], direct: false };
  };

  return {
    executor,
    polls: repositoryPolls,
    start() {
      started = true;
      for (const [uid, wake] of gathered) executor.wake(uid, wake);
      gathered.clear();
    },
    async stop() {
      started = false;
      await executor.stop();
    },
    memory: (app) => memories.get(app.metadata.uid ?? ""),
    wakeApp: (app, wake) => wakeUid(app.metadata.uid ?? "", wake),
    owns,
    onLiveEvent(event) {
      for (const object of event.old === undefined ? [event.object] : [event.object, event.old]) {
        const { uids, direct } = ownersOf(event.cluster, object);
        for (const uid of uids) wakeUid(uid, { level: direct ? 1 : 0 });
        if (uids.length > 0) break;
      }
    },
    onClusterState(cluster) {
      const names = clusters.opened().some((live) => live.id === cluster && live.failure === undefined) ? [cluster, plane.settings().clusters.byServer(cluster)?.name ?? ""] : [];
      for (const name of names) for (const uid of unknownOn.get(name) ?? []) wakeUid(uid, { level: 1 });
    },
    onTree(uid, listener) {
      let listeners = treeListeners.get(uid);
      if (listeners === undefined) treeListeners.set(uid, (listeners = new Set()));
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) treeListeners.delete(uid);
      };
    },
  };
}

/** What a change of an application asks for; undefined: nothing that is not known already. */
export function levelOfChange(event: CacheEvent<Application>): Level | undefined {
  const { object: app, old } = event;
  if (old === undefined || event.type === "added") return 2;
  if (!sameJson(app.spec, old.spec)) {
    const enabled = isAutomated(app.spec.syncPolicy) && (!isAutomated(old.spec.syncPolicy) || (app.spec.syncPolicy?.automated?.selfHeal === true && old.spec.syncPolicy?.automated?.selfHeal !== true));
    return enabled || !sameJson(sourcesOf(app.spec), sourcesOf(old.spec)) ? 2 : 1;
  }
  if (app.metadata.annotations?.[Annotation.Refresh] !== undefined && app.metadata.annotations[Annotation.Refresh] !== old.metadata.annotations?.[Annotation.Refresh]) return 3;
  if (app.metadata.deletionTimestamp !== old.metadata.deletionTimestamp || !sameJson(app.metadata.finalizers, old.metadata.finalizers)) return 0;
  if (!sameJson(app.metadata.annotations, old.metadata.annotations)) return 1;
  if (!sameJson(app.operation, old.operation) && app.operation !== undefined) return 0;
  if (app.status?.operationState?.phase === "Terminating" && old.status?.operationState?.phase !== "Terminating") return 0;
  return undefined;
}
