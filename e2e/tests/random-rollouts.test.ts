import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { endOf, isDecidedByTime, letGo, letGoPatches, patchFor, play, randomOf, scenarioOf, type InputPatch, type Scenario, type Seen } from "@trireme/rollouts/testing";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { full, seed } from "../support/sample.ts";
import { clusterKind, sharedStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const ROLLOUT = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout", name: "r" };
const RUN = { group: "argoproj.io", version: "v1alpha1", kind: "AnalysisRun" };
const ENDED = ["Successful", "Failed", "Error", "Inconclusive"];
const COUNT = full && clusterKind === "dev" ? 50 : 6;
const TOGETHER = 10;
/** The longest that nothing happens in a scenario is a delay of 30 s or the deadline; the rest is for a busy machine. */
const REST_MS = 150_000;

/** What the measured value says of each analysis: 1 passes, 0 fails, 2 is neither. */
const VALUES: Record<string, number> = { "/pass": 1, "/fail": 0, "/unclear": 2 };

/** The scenarios of the model's property test, played by the controller's own process: at every rest it stands where the model does. */
describe("random Rollouts on a cluster", () => {
  let client: KubeClient;
  let metrics: MetricServer;

  beforeAll(async () => {
    client = createKubeClient({ connection: await loadKubeconfig((await sharedStack()).kubeconfig) });
    metrics = await startMetricServer(({ path }) => ({ body: { value: VALUES[path] } }));
  });
  afterAll(async () => {
    await metrics?.[Symbol.asyncDispose]();
    await client?.close();
  });

  const seeds: number[] = [];
  for (let number = seed; seeds.length < COUNT; number++) if (!isDecidedByTime(quick(scenarioOf(randomOf(number))))) seeds.push(number);
  const chunks = Array.from({ length: Math.ceil(COUNT / TOGETHER) }, (_, chunk) => ({ numbers: seeds.slice(chunk * TOGETHER, (chunk + 1) * TOGETHER) }));
  it.each(chunks)("rest where the model rests, and end as it ends: seeds $numbers", async ({ numbers }) => {
    const played = await Promise.allSettled(numbers.map(playSeed));
    expect(played.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : []))).toEqual([]);
  }, 900_000);

  async function playSeed(number: number): Promise<void> {
    const scenario = quick(scenarioOf(randomOf(number)));
    const rests: unknown[] = [];
    const model = play(scenario, undefined, (each) => rests.push(endOf(each)));
    rests.push(endOf(model));
    letGo(model, (each) => rests.push(endOf(each)));

    const place = await deploy(number, scenario);
    const expected = rests[Symbol.iterator]();
    const rest = async (after: string): Promise<Rollout> => {
      const wanted = expected.next().value;
      const seen = await until(`seed ${number}, ${JSON.stringify(scenario)}, after ${after}`, () => look(place), (now) => (isCaughtUp(now.rollout) && isDeepStrictEqual(endOf(now), wanted)) || { notYet: `${JSON.stringify(endOf(now))} instead of ${JSON.stringify(wanted)}` }, REST_MS);
      await nextSecond();
      return seen.rollout;
    };
    let rollout = await rest("its creation");
    for (const input of scenario.inputs) {
      await write(place, patchFor(rollout, input));
      rollout = await rest(JSON.stringify(input));
    }
    for (let patches = letGoPatches(rollout); patches.length > 0; patches = letGoPatches(rollout)) {
      for (const patch of patches) await write(place, patch);
      rollout = await rest("it was let go");
    }
    expect(expected.next().done).toBe(true);
    const { items: runs } = await client.list(RUN, { namespace: place });
    expect(runs.filter((run) => !ENDED.includes(run["status"]?.phase)).map((run) => run.metadata.name)).toEqual([]);
  }

  async function deploy(number: number, { rollout }: Scenario): Promise<string> {
    const place = `random-${number}-${Date.now() % 100_000}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: place } });
    for (const name of ["active", "preview", "stable", "canary"]) await client.create({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: place }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } });
    for (const name of ["pass", "fail", "unclear"]) await client.create(analysisTemplate(place, name));
    await client.create({ ...rollout, metadata: { ...rollout.metadata, namespace: place } } as KubeObject);
    return place;
  }

  const analysisTemplate = (namespace: string, name: string): KubeObject => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name, namespace },
    spec: { metrics: [{ name, count: 1, successCondition: "result == 1", failureCondition: "result == 0", provider: { web: { url: `${metrics.url}/${name}`, jsonPath: "{$.value}" } } }] },
  });

  async function look(namespace: string): Promise<Seen> {
    const [rollout, { items: sets }, { items: services }] = await Promise.all([client.get<Rollout & KubeObject>({ ...ROLLOUT, namespace }), client.list({ group: "apps", version: "v1", kind: "ReplicaSet" }, { namespace }), client.list({ group: "", version: "v1", kind: "Service" }, { namespace })]);
    return { rollout, sets: sets as Seen["sets"][number][], service: (name) => services.find((service) => service.metadata.name === name) as ReturnType<Seen["service"]> };
  }

  async function write(namespace: string, patch: InputPatch | undefined): Promise<void> {
    if (patch !== undefined) await client.patch({ ...ROLLOUT, namespace }, "merge", patch, "status" in patch ? { subresource: "status" } : {});
  }
});

const isCaughtUp = ({ metadata, status }: Rollout): boolean => status?.observedGeneration === String(metadata.generation);

/** The same Rollout with delays that can be waited for. */
function quick(scenario: Scenario): Scenario {
  const { spec } = scenario.rollout;
  spec.progressDeadlineSeconds = 20;
  const { blueGreen } = spec.strategy ?? {};
  if (blueGreen === undefined) return scenario;
  // Without a delay of its own the old set waits for the analysis too: that is left as it is.
  if (blueGreen.postPromotionAnalysis === undefined) blueGreen.scaleDownDelaySeconds ??= 2;
  blueGreen.abortScaleDownDelaySeconds ??= 2;
  return scenario;
}

/** Sets are told older and younger by the second that they were made in. */
function nextSecond(): Promise<unknown> {
  const since = Math.floor(Date.now() / 1000);
  return until("the next second", async () => Math.floor(Date.now() / 1000), (now) => now > since || { notYet: "the same" });
}
