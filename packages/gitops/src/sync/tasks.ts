import { gvkOf, keyOf, keyText, type GroupVersionKind, type KubeObject, type ObjectKey } from "@trireme/api";
import type { OperationPhase, ResourceResult, ResultCode, SyncPhase } from "@trireme/api/argo";
import { Annotation, hasAnnotationOption } from "../annotations.ts";
import { hookTarget, isHook, syncPhases, waveOf } from "../hooks.ts";
import { kindRank } from "./kind-order.ts";

/** One object in one phase: what is to be applied, pruned or run, and how far that has come. */
export interface SyncTask {
  phase: SyncPhase;
  wave: number;
  gvk: GroupVersionKind;
  key: ObjectKey;
  /** Namespace under which the result is listed: cluster-scoped targets show the destination's. */
  resultNamespace: string;
  target: KubeObject | undefined;
  live: KubeObject | undefined;
  hook: boolean;
  status: ResultCode | undefined;
  /** Absent while nothing has been done. */
  operation: OperationPhase | undefined;
  message: string;
}

export interface Pair {
  target: KubeObject | undefined;
  live: KubeObject | undefined;
}

export interface TaskInput {
  pairs: readonly Pair[];
  /** Objects with hook types, as rendered. */
  hooks: readonly KubeObject[];
  skipHooks: boolean;
  revision: string;
  startedAt: string;
  /** Live state of a hook that ran before, under its final name. */
  liveHook(key: ObjectKey): KubeObject | undefined;
  /** A namespace that the operation has to make, when it has to. */
  namespace?: Pair;
  destinationNamespace: string;
  pruneLast: boolean;
  results: readonly ResourceResult[];
}

const PHASE_ORDER: Record<SyncPhase, number> = { PreSync: -1, Sync: 0, PostSync: 1, SyncFail: 2 };

/** Every task of an operation in the order of its execution, with the results that were recorded so far. */
export function planTasks(input: TaskInput): SyncTask[] {
  const tasks: SyncTask[] = [];
  for (const { target, live } of input.pairs) {
    const object = target ?? live;
    if (object === undefined || isHook(object)) continue;
    for (const phase of syncPhases(object)) tasks.push(task(phase, target, live, input.destinationNamespace));
  }
  if (!input.skipHooks) {
    for (const hook of input.hooks) {
      for (const phase of syncPhases(hook)) {
        const target = hookTarget(hook, phase, input.revision, input.startedAt);
        tasks.push(task(phase, target, input.liveHook(keyOf(target)), input.destinationNamespace));
      }
    }
  }
  if (input.namespace !== undefined) tasks.push(task("PreSync", input.namespace.target, input.namespace.live, ""));

  reversePruneWaves(tasks, input.pruneLast);
  tasks.sort(byExecution);
  namespacesFirst(tasks);
  definitionsFirst(tasks);

  const results = new Map(input.results.map((result) => [resultKey(result, result.syncPhase), result]));
  for (const each of tasks) {
    const result = results.get(resultKey({ ...each.key, namespace: each.resultNamespace }, each.phase));
    if (result === undefined) continue;
    each.status = result.status;
    each.operation = result.hookPhase;
    each.message = result.message ?? "";
  }
  return tasks;
}

export function resultKey(key: ObjectKey, phase: SyncPhase | undefined): string {
  return `${keyText(key)}:${phase ?? ""}`;
}

function task(phase: SyncPhase, target: KubeObject | undefined, live: KubeObject | undefined, destinationNamespace: string): SyncTask {
  const object = (target ?? live)!;
  const key = keyOf(object);
  const resultNamespace = key.namespace === "" && target !== undefined ? destinationNamespace : key.namespace;
  return { phase, wave: waveOf(object), gvk: gvkOf(object), key, resultNamespace, target, live, hook: isHook(object), status: undefined, operation: undefined, message: "" };
}

function byExecution(a: SyncTask, b: SyncTask): number {
  return PHASE_ORDER[a.phase] - PHASE_ORDER[b.phase] || a.wave - b.wave || kindRank(a.gvk.kind) - kindRank(b.gvk.kind) || (a.key.name < b.key.name ? -1 : a.key.name > b.key.name ? 1 : 0);
}

/** What was created last goes first: the waves that have something to prune change places; PruneLast waits for all of them. */
function reversePruneWaves(tasks: SyncTask[], pruneLast: boolean): void {
  const prunes = tasks.filter((each) => each.target === undefined);
  const waves = [...new Set(prunes.map((each) => each.wave))].sort((a, b) => a - b);
  const swapped = new Map(waves.map((wave, index) => [wave, waves[waves.length - 1 - index]!]));
  for (const each of prunes) each.wave = swapped.get(each.wave)!;
  const last = tasks.reduce((highest, each) => (each.phase === "Sync" ? Math.max(highest, each.wave) : highest), 0) + 1;
  for (const each of prunes) {
    if (pruneLast || hasAnnotationOption(each.live, Annotation.SyncOptions, "PruneLast=true")) each.wave = last;
  }
}

function namespacesFirst(tasks: SyncTask[]): void {
  bubbleUp(
    tasks,
    (object) => (object.kind === "Namespace" && object.apiVersion === "v1" ? object.metadata.name : undefined),
    (object) => object.metadata.namespace || undefined,
  );
}

function definitionsFirst(tasks: SyncTask[]): void {
  bubbleUp(
    tasks,
    (object) => (isCustomResourceDefinition(object) ? `${object.spec?.group}/${object.spec?.names?.kind}` : undefined),
    (object) => {
      const { group, kind } = gvkOf(object);
      return `${group}/${kind}`;
    },
  );
}

export function isCustomResourceDefinition(object: KubeObject): boolean {
  return object.kind === "CustomResourceDefinition" && object.apiVersion.startsWith("apiextensions.k8s.io/");
}

/** Moves what others need right before the first of them, into its phase and wave. */
function bubbleUp(tasks: SyncTask[], provides: (object: KubeObject) => string | undefined, needs: (object: KubeObject) => string | undefined): void {
  const firstNeeding = new Map<string, SyncTask>();
  for (const each of [...tasks]) {
    if (each.target === undefined) continue;
    const provided = provides(each.target);
    if (provided !== undefined) {
      const dependant = firstNeeding.get(provided);
      if (dependant === undefined) continue;
      tasks.splice(tasks.indexOf(each), 1);
      tasks.splice(tasks.indexOf(dependant), 0, each);
      each.phase = dependant.phase;
      each.wave = dependant.wave;
      continue;
    }
    const needed = needs(each.target);
    if (needed !== undefined && !firstNeeding.has(needed)) firstNeeding.set(needed, each);
  }
}
