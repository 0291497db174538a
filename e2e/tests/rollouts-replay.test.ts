import { readFile } from "node:fs/promises";
import path from "node:path";
import { createKubeClient, loadKubeconfig, watchCache, type KubeClient } from "@trireme/kube";
import { gvkOf, type KubeObject } from "@trireme/api";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

interface Recording {
  inputs: { verb: "POST" | "PATCH"; path: string; body: any }[];
  trace: TraceEntry[];
}

interface RolloutState {
  phase: string;
  message: string;
  step: number | null;
  active: string | null;
  preview: string | null;
  stable: string | null;
}

type TraceEntry = { rollout: RolloutState } | { set: string; replicas: number } | { service: string; hash: string | null } | { run: string; phase: string } | { event: string; message: string } | { input: string };

/** Recorded states that are never written here, and why. */
const SKIPPED: { why: string; of: (state: RolloutState, at: number, all: RolloutState[]) => boolean }[] = [
  { why: "the first status is written whole, with a phase", of: (state) => state.phase === "" },
  { why: "the first deployment is stable in the write that begins it", of: (state) => state.step === 0 && state.stable === null },
  { why: "a step that only begins a pause is reached in the write that pauses", of: (state, at, all) => state.phase === "Progressing" && all[at + 1]?.phase === "Paused" && all[at + 1]?.step === state.step },
  { why: "a pause that a person ended ends with its step, in one write", of: (state, at, all) => state.phase === "Progressing" && all[at - 1]?.phase === "Paused" && all[at - 1]?.step === state.step },
  { why: "the last step ends, and its set is stable, in one write where its pods are ready by then", of: (state, at, all) => all[at + 1] !== undefined && state.stable !== null && all[at + 1]!.stable !== state.stable && JSON.stringify({ ...state, stable: null }) === JSON.stringify({ ...all[at + 1]!, stable: null }) },
];
/** How soon pods are ready is the cluster's affair: the recorded ones were ready at once. */
const ONLY_PODS = "updated replicas are still becoming available";

const SCENARIOS = [
  { name: "bluegreen-fails", waits: ["healthy", "aborted and empty"] },
  { name: "bluegreen-passes", waits: ["healthy"] },
  { name: "canary-steps", waits: ["healthy", "paused at step 4"] },
];

/** The same inputs as Argo Rollouts 1.9.1 got on a real control plane; object for object the same states, and the same events. */
describe("recorded rollouts", () => {
  let stack: Stack;
  let client: KubeClient;
  beforeAll(async () => {
    stack = await sharedStack();
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
  });
  afterAll(() => client.close());

  it.each(SCENARIOS)("go the same way: $name", async ({ name, waits }) => {
    const recording = JSON.parse(await readFile(path.resolve(import.meta.dirname, `../recorded/rollouts/${name}.json`), "utf8")) as Recording;
    const namespace = `replay-${name}-${Date.now() % 100_000}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await using seen = watchAll(client, namespace);
    await seen.synced();
    const patches = recording.inputs.filter((input) => input.verb === "PATCH");
    for (const { body } of recording.inputs.filter((input) => input.verb === "POST")) await client.create({ ...body, metadata: { ...body.metadata, namespace } });
    for (const [index, input] of patches.entries()) {
      await until(`${name}: ${waits[index]}`, async () => seen.now(), (now) => REACHED[waits[index]!]!(now) || { notYet: JSON.stringify(now.rollout?.["status"]?.message ?? now.rollout?.["status"]?.phase) }, 90_000);
      await client.patch({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace, name: "r" }, "merge", input.body, input.path.endsWith("/status") ? { subresource: "status" } : {});
    }
    const wanted = statesOf(recording.trace);
    await until(`${name}: the end`, async () => statesOf(seen.trace), (states) => JSON.stringify(states.rollout.at(-1)) === JSON.stringify(wanted.rollout.at(-1)) || { notYet: JSON.stringify(states.rollout.at(-1)) }, 60_000);
    await until(`${name}: the events`, async () => eventsOf(seen.trace), (events) => events.length >= eventsOf(recording.trace).length || { notYet: `${events.length} events: ${events.at(-1)}` }, 20_000);

    const states = statesOf(seen.trace);
    expect(states.rollout).toEqual(wanted.rollout);
    expect(states.sets).toEqual(wanted.sets);
    expect(states.services).toEqual(wanted.services);
    expect(states.runs).toEqual(wanted.runs);
    expect(eventsOf(seen.trace).slice(0, eventsOf(recording.trace).length).map((text) => text.replaceAll(namespace, "NS"))).toEqual(eventsOf(recording.trace));
  }, 240_000);
});

const REACHED: Record<string, (now: ReturnType<Watching["now"]>) => true | false> = {
  healthy: ({ rollout }) => rollout?.["status"]?.phase === "Healthy" && rollout["status"].observedGeneration === String(rollout.metadata.generation),
  "aborted and empty": ({ rollout, sets }) => rollout?.["status"]?.phase === "Degraded" && sets.some((set) => set["spec"].replicas === 0 && (set["status"]?.replicas ?? 0) === 0) && (rollout["status"].updatedReplicas ?? 0) === 0,
  "paused at step 4": ({ rollout }) => rollout?.["status"]?.phase === "Paused" && rollout["status"].currentStepIndex === 4,
};

interface Watching extends AsyncDisposable {
  trace: TraceEntry[];
  now(): { rollout: KubeObject | undefined; sets: KubeObject[] };
  synced(): Promise<unknown>;
}

function watchAll(client: KubeClient, namespace: string): Watching {
  const trace: TraceEntry[] = [];
  const kinds = [
    { group: "argoproj.io", kind: "Rollout" },
    { group: "apps", kind: "ReplicaSet" },
    { group: "", kind: "Service" },
    { group: "argoproj.io", kind: "AnalysisRun" },
    { group: "", kind: "Event" },
  ];
  const caches = kinds.map((kind) => watchCache(client, kind, { namespace }));
  for (const cache of caches) cache.on(({ type, object }) => type !== "deleted" && trace.push(...entryOf(object)));
  return {
    trace,
    now: () => ({ rollout: caches[0]!.get(namespace, "r"), sets: caches[1]!.list() }),
    synced: () => Promise.all(caches.map((cache) => cache.waitForSync())),
    async [Symbol.asyncDispose]() {
      await Promise.all(caches.map((cache) => cache[Symbol.asyncDispose]()));
    },
  };
}

function entryOf(object: KubeObject): TraceEntry[] {
  const name = object.metadata.name ?? "";
  switch (gvkOf(object).kind) {
    case "Rollout": {
      const { phase = "", message = "", currentStepIndex = null, blueGreen, stableRS = null } = object["status"] ?? {};
      return [{ rollout: { phase, message, step: currentStepIndex, active: blueGreen?.activeSelector ?? null, preview: blueGreen?.previewSelector ?? null, stable: stableRS } }];
    }
    case "ReplicaSet":
      return [{ set: name, replicas: object["spec"].replicas }];
    case "Service":
      return [{ service: name, hash: object["spec"].selector?.["rollouts-pod-template-hash"] ?? null }];
    case "AnalysisRun":
      return [{ run: name, phase: object["status"]?.phase ?? "" }];
    case "Event":
      return object["involvedObject"]?.kind === "Rollout" ? [{ event: object["reason"], message: object["message"] }] : [];
    default:
      return [];
  }
}

/** Each once: Kubernetes' recorder, which Argo Rollouts uses, counts up what it told before. */
const eventsOf = (trace: readonly TraceEntry[]): string[] => [...new Set(trace.flatMap((entry) => ("event" in entry ? [`${entry.event}: ${entry.message}`] : [])))];

/** Object for object the states that follow each other, without those that are skipped for a reason. */
function statesOf(trace: readonly TraceEntry[]) {
  const all = distinct(trace.flatMap((entry) => ("rollout" in entry ? [entry.rollout] : [])));
  const rollout = distinct(all.filter((state, at) => state.message !== ONLY_PODS && !SKIPPED.some(({ of }) => of(state, at, all))));
  const grouped = <T>(pick: (entry: TraceEntry) => [string, T] | undefined): Record<string, T[]> => {
    const groups: Record<string, T[]> = {};
    for (const entry of trace) {
      const picked = pick(entry);
      if (picked !== undefined && JSON.stringify(groups[picked[0]]?.at(-1)) !== JSON.stringify(picked[1])) (groups[picked[0]] ??= []).push(picked[1]);
    }
    return groups;
  };
  // A set is made with the size that it is to have, not empty first.
  const sets = grouped((entry) => ("set" in entry ? [entry.set, entry.replicas] : undefined));
  for (const [name, sizes] of Object.entries(sets)) if (sizes[0] === 0 && sizes.length > 1) sets[name] = sizes.slice(1);
  return { rollout, sets, services: grouped((entry) => ("service" in entry ? [entry.service, entry.hash ?? null] : undefined)), runs: grouped((entry) => ("run" in entry ? [entry.run, entry.phase] : undefined)) };
}

function distinct<T>(states: T[]): T[] {
  return states.filter((state, at) => at === 0 || JSON.stringify(state) !== JSON.stringify(states[at - 1]));
}
