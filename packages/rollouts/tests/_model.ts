import type { KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import type { AnalysisRun, AnalysisTemplate } from "../src/analysis/index.ts";
import { decide } from "../src/decide.ts";
import { copyJson } from "../src/rollout/json.ts";
import { controllerOf, hashOf, selects, wanted, type Pod, type ReplicaSet, type RolloutEvent, type Service, type Snapshot, type Write } from "./_imports.ts";

export const START = Date.parse("2026-01-01T00:00:00Z");

export interface ModelOptions {
  /** Milliseconds that a pod with this image takes to become ready; undefined: it never does. */
  readyAfterMs?: (image: string) => number | undefined;
  /** Milliseconds until the ReplicaSet controller has seen a change. */
  lagMs?: () => number;
  /** How a run of these templates ends, and after how long. */
  runEnds?: (run: AnalysisRun) => { phase: string; message?: string; afterMs: number };
  /** Milliseconds that a pod takes to go. */
  goneAfterMs?: () => number;
}

/** A cluster in memory with a clock that is moved by hand: objects, the ReplicaSet controller, and one Rollout's decisions. */
export class Model {
  now = START;
  readonly events: RolloutEvent[] = [];
  /** Every write that was made, in order. */
  readonly writes: Write[] = [];
  /** Called before each write; throwing is the death of the controller. */
  beforeWrite: (write: Write) => void = () => undefined;
  /** Called after whatever changed. */
  observe: () => void = () => undefined;
  /** Whether the controller hears of a change; what it does not hear of it finds when it looks by itself. */
  hears: () => boolean = () => true;
  readonly #objects = new Map<string, KubeObject>();
  readonly #timers: { at: number; run: () => void }[] = [];
  readonly #options: Required<ModelOptions>;
  #version = 0;
  #lookAt: number | undefined = START;

  constructor(options: ModelOptions = {}) {
    this.#options = { readyAfterMs: (image) => (image.includes("bad") ? undefined : 500), lagMs: () => 10, runEnds: () => ({ phase: "Successful", afterMs: 1000 }), goneAfterMs: () => 200, ...options };
  }

  get rollout(): Rollout {
    return this.find("Rollout", "r") as Rollout;
  }

  get sets(): ReplicaSet[] {
    return this.all("ReplicaSet") as ReplicaSet[];
  }

  get runs(): AnalysisRun[] {
    return this.all("AnalysisRun") as AnalysisRun[];
  }

  set(hash: string | undefined): ReplicaSet | undefined {
    return this.sets.find((set) => hashOf(set) === hash);
  }

  service(name: string): Service | undefined {
    return this.find("Service", name) as Service | undefined;
  }

  find(kind: string, name: string): KubeObject | undefined {
    return copyJson(this.#objects.get(`${kind}/${name}`));
  }

  all(kind: string): KubeObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind).map((object) => copyJson(object));
  }

  /** Creates or replaces an object, as anybody may. A changed spec raises the generation. */
  put(object: KubeObject): void {
    this.#store(object);
    this.#wake();
  }

  /** Changes a Rollout as a client does. */
  edit(change: (rollout: any) => void): void {
    const rollout = this.rollout;
    change(rollout);
    this.put(rollout);
  }

  patchStatus(status: Record<string, unknown>): void {
    this.edit((rollout) => {
      rollout.status = merged(rollout.status ?? {}, status);
    });
  }

  /** Moves the clock from event to event until nothing is due any more, or the time has passed. */
  run(forMs = 600_000): void {
    const until = this.now + forMs;
    for (let turns = 0; turns < 20_000; turns++) {
      this.#timers.sort((a, b) => a.at - b.at);
      const timer = this.#timers[0]?.at ?? Number.POSITIVE_INFINITY;
      const at = Math.min(timer, this.#lookAt ?? Number.POSITIVE_INFINITY);
      if (at > until) {
        this.now = Math.max(this.now, Math.min(until, Number.isFinite(at) ? until : this.now));
        return;
      }
      this.now = Math.max(this.now, at);
      if (timer <= this.now) this.#timers.shift()!.run();
      else this.#look();
      this.observe();
    }
    throw new Error(`the model does not come to rest: ${JSON.stringify(this.rollout.status)}`);
  }

  /** Frozen through and through: a decision that changed what is stored would throw. */
  snapshot(): Snapshot {
    const rollout = this.rollout;
    const mine = (object: KubeObject) => controllerOf(object) === rollout.metadata.uid || (controllerOf(object) === undefined && selects(rollout.spec.selector, object.metadata.labels));
    const replicaSets = this.sets.filter(mine);
    const uids = new Set(replicaSets.map((set) => set.metadata.uid));
    return frozen({
      rollout,
      replicaSets,
      replicaSet: (name) => frozen(this.find("ReplicaSet", name) as ReplicaSet | undefined),
      service: (name) => frozen(this.service(name)),
      runs: this.runs.filter((run) => controllerOf(run) === rollout.metadata.uid),
      run: (name) => frozen(this.find("AnalysisRun", name) as AnalysisRun | undefined),
      template: ({ name, clusterScope }) => frozen(this.find(clusterScope ? "ClusterAnalysisTemplate" : "AnalysisTemplate", name) as AnalysisTemplate | undefined),
      pods: (this.all("Pod") as Pod[]).filter((pod) => uids.has(controllerOf(pod))),
      workload: rollout.spec.workloadRef === undefined ? undefined : this.find(rollout.spec.workloadRef.kind ?? "", rollout.spec.workloadRef.name ?? ""),
      now: this.now,
    });
  }

  #wake(): void {
    if (this.hears()) this.#lookAt = Math.min(this.#lookAt ?? Number.POSITIVE_INFINITY, this.now);
    else this.#lookAt = Math.min(this.#lookAt ?? Number.POSITIVE_INFINITY, this.now + 15_000);
  }

  /** Decides and writes until there is nothing left to write, as the reconciler does. */
  #look(): void {
    this.#lookAt = undefined;
    if (this.#objects.get("Rollout/r") === undefined) return;
    for (let rounds = 0; rounds < 25; rounds++) {
      const decision = decide(this.snapshot());
      if (decision.lookAgainAt !== undefined) this.#lookAt = Math.max(decision.lookAgainAt, this.now + 1);
      if (decision.writes.length === 0) {
        this.events.push(...decision.events.filter((event) => event.of === "status"));
        return;
      }
      const done = new Set<string>();
      try {
        for (const write of decision.writes) {
          this.beforeWrite(write);
          this.#make(write);
          done.add(keyOfWrite(write));
          this.observe();
        }
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        this.#lookAt = this.now + 1000;
        return;
      } finally {
        this.events.push(...decision.events.filter((event) => done.has(event.of) || (event.of === "status" && !decision.writes.some((write) => keyOfWrite(write) === "status"))));
      }
    }
    throw new Error(`decisions do not end: ${JSON.stringify(decide(this.snapshot()).writes.slice(0, 3))}`);
  }

  #make(write: Write): void {
    this.writes.push(write);
    switch (write.verb) {
      case "create":
        if (this.find(write.object.kind, write.object.metadata.name ?? "") !== undefined) throw new Error(`${write.object.kind} ${write.object.metadata.name} already exists`);
        this.#store(write.object);
        break;
      case "patch": {
        const live = this.find(write.base.kind, write.base.metadata.name ?? "");
        if (live === undefined) throw new Error(`${write.base.kind} ${write.base.metadata.name} is gone`);
        const { status, ...rest } = write.patch;
        if (write.subresource === "status") this.#store({ ...live, status: merged(live["status"] ?? {}, status as object) });
        else this.#store(merged(live, rest) as KubeObject);
        break;
      }
      case "delete":
        this.#objects.delete(`${write.base.kind}/${write.base.metadata.name}`);
        break;
      case "evict":
        this.#removePod(write.pod.metadata.name ?? "");
    }
  }

  #store(object: KubeObject): void {
    const key = `${object.kind}/${object.metadata.name}`;
    const before = this.#objects.get(key);
    const isChanged = JSON.stringify(before?.["spec"]) !== JSON.stringify(object["spec"]);
    const generation = (before?.metadata.generation ?? 0) + (isChanged ? 1 : 0);
    const stored: KubeObject = copyJson({ ...object, metadata: { ...object.metadata, namespace: "ns", uid: before?.metadata.uid ?? `uid-${++this.#version}`, resourceVersion: String(++this.#version), generation, creationTimestamp: before?.metadata.creationTimestamp ?? new Date(this.now).toISOString() } });
    this.#objects.set(key, stored);
    if (stored.kind === "ReplicaSet" && isChanged) this.#later(this.#options.lagMs(), () => this.#syncSet(stored.metadata.name!));
    if (stored.kind === "AnalysisRun") this.#syncRun(stored as AnalysisRun, before as AnalysisRun | undefined);
  }

  #later(ms: number, run: () => void): void {
    this.#timers.push({ at: this.now + ms, run });
  }

  #syncSet(name: string): void {
    const set = this.#objects.get(`ReplicaSet/${name}`) as ReplicaSet | undefined;
    if (set === undefined) return;
    const pods = this.#podsOf(set).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    for (let missing = wanted(set) - pods.length; missing > 0; missing--) this.#createPod(set);
    const going = pods.sort((a, b) => Number(isReady(a)) - Number(isReady(b))).slice(0, Math.max(0, pods.length - wanted(set)));
    for (const pod of going) this.#removePod(pod.metadata.name!);
    this.#countSet(name);
  }

  #createPod(set: ReplicaSet): void {
    const name = `${set.metadata.name}-${++this.#version}`;
    const image = set.spec.template.spec?.["containers"]?.[0]?.image ?? "";
    this.#store({ apiVersion: "v1", kind: "Pod", metadata: { name, labels: set.spec.template.metadata?.labels ?? {}, ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: set.metadata.name!, uid: set.metadata.uid!, controller: true }] }, spec: {} });
    const readyAfter = this.#options.readyAfterMs(image);
    if (readyAfter === undefined) return;
    this.#later(readyAfter, () => {
      const pod = this.#objects.get(`Pod/${name}`);
      if (pod === undefined) return;
      this.#store({ ...pod, status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: new Date(this.now).toISOString() }] } });
      this.#countSet(set.metadata.name!);
    });
  }

  #removePod(name: string): void {
    const pod = this.#objects.get(`Pod/${name}`);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    this.#store({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date(this.now).toISOString() } });
    const set = this.sets.find((each) => each.metadata.uid === controllerOf(pod));
    if (set !== undefined) this.#later(this.#options.lagMs(), () => this.#syncSet(set.metadata.name!));
    this.#later(this.#options.goneAfterMs(), () => {
      this.#objects.delete(`Pod/${name}`);
      this.#wake();
    });
  }

  #countSet(name: string): void {
    const set = this.#objects.get(`ReplicaSet/${name}`) as ReplicaSet | undefined;
    if (set === undefined) return;
    const pods = this.#podsOf(set).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const ready = pods.filter(isReady).length;
    const status = { replicas: pods.length, readyReplicas: ready, availableReplicas: ready, observedGeneration: set.metadata.generation ?? 0 };
    if (JSON.stringify(status) === JSON.stringify(set.status)) return;
    this.#store({ ...set, status });
    this.#wake();
  }

  /** Pods that serve, of every set or of one. */
  available(hash?: string): number {
    return this.sets.filter((set) => hash === undefined || hashOf(set) === hash).reduce((total, set) => total + this.#podsOf(set).filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined).length, 0);
  }

  #podsOf(set: ReplicaSet): Pod[] {
    return [...this.#objects.values()].filter((object) => object.kind === "Pod" && controllerOf(object) === set.metadata.uid) as Pod[];
  }

  #syncRun(run: AnalysisRun, before: AnalysisRun | undefined): void {
    const finish = (phase: string, message?: string) => {
      const live = this.#objects.get(`AnalysisRun/${run.metadata.name}`);
      if (live === undefined || ["Successful", "Failed", "Error", "Inconclusive"].includes(live["status"]?.phase)) return;
      this.#store({ ...live, status: { phase, ...(message !== undefined && { message }) } });
      this.#wake();
    };
    if (before === undefined) {
      this.#later(20, () => {
        const live = this.#objects.get(`AnalysisRun/${run.metadata.name}`);
        if (live === undefined || live["status"] !== undefined) return;
        this.#store({ ...live, status: { phase: "Running" } });
        this.#wake();
      });
      const end = this.#options.runEnds(run);
      this.#later(end.afterMs, () => finish(end.phase, end.message));
    } else if (run.spec.terminate === true && before.spec.terminate !== true) this.#later(5, () => finish("Successful", "Run Terminated"));
  }
}

/** The controller's process dies. */
export class Killed extends Error {}

const isReady = (pod: Pod): boolean => pod.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true;

function keyOfWrite(write: Write): string {
  if (write.verb === "patch" && write.subresource === "status") return "status";
  const object = write.verb === "create" ? write.object : write.verb === "evict" ? write.pod : write.base;
  return `${object.kind}/${object.metadata.name}`;
}

function merged(target: any, patch: any): any {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const out = typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete out[name];
    else out[name] = merged(out[name], value);
  }
  return out;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
