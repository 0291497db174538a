import type { KubeObject } from "@trireme/api";
import { startMetricServer } from "../../support/metric-server.ts";
import type { Bed } from "../bed.ts";
import { percentile, type Measurement } from "../measure.ts";
import { Observer } from "../observer.ts";

const NAMESPACE = "bench-blue-green";
const ROLLOUT = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout" };
const RUN = { group: "argoproj.io", version: "v1alpha1", kind: "AnalysisRun" };
const HASH = "rollouts-pod-template-hash";
const SCALE_DOWN_SECONDS = 2;

/**
 * One rollout that a person promotes, as the kubectl plugin does, and one whose analysis fails after the switch: how long
 * until its Services point where they should. Pods are the simulated nodes'; none is waited for inside a figure.
 */
export async function blueGreen(bed: Bed): Promise<Measurement[]> {
  const { client } = bed;
  await using metrics = await startMetricServer(() => ({ body: { value: 0 } }));
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  await using rollouts = await Observer.start(client, ROLLOUT, NAMESPACE);
  await using services = await Observer.start(client, { group: "", version: "v1", kind: "Service" }, NAMESPACE);
  await using runs = await Observer.start(client, RUN, NAMESPACE);
  await using sets = await Observer.start(client, { group: "apps", version: "v1", kind: "ReplicaSet" }, NAMESPACE);
  const seen: Seen = { bed, rollouts, services, runs, sets };
  try {
    await client.create(analysisTemplate(metrics.url) as KubeObject);
    return [...(await promotions(seen)), ...(await failures(seen))];
  } finally {
    await client.delete({ group: "", kind: "Namespace", namespace: "", name: NAMESPACE });
  }
}

interface Seen {
  bed: Bed;
  rollouts: Observer;
  services: Observer;
  runs: Observer;
  sets: Observer;
}

/**
 * From the promotion's patch, sent and then written, to the active Service on the new set, and to Healthy. Beside each trial the same
 * writes to objects that nobody works on, each sent when the one before it is seen: what the API server alone takes for it.
 */
async function promotions(seen: Seen): Promise<Measurement[]> {
  const { bed, rollouts, services } = seen;
  const { trials, warmUps } = bed.options;
  const name = "promoted";
  await create(seen, name, { autoPromotionEnabled: false });
  const took: Promotion[] = [];
  const bare: Promotion[] = [];
  for (let trial = -warmUps; trial < trials; trial++) {
    const hash = await deploy(seen, name, trial);
    await rollouts.when(NAMESPACE, name, (rollout) => paused(rollout) && rollout?.["status"].currentPodHash === hash, "paused before its promotion");
    const before = rollouts.objects.get(`${NAMESPACE}/${name}`)!;
    await rollouts.quiet(150, 5_000);
    const start = performance.now();
    const ends = Promise.all([
      rollouts.when(NAMESPACE, name, (rollout) => !paused(rollout), "promoted"),
      services.when(NAMESPACE, `${name}-active`, (service) => service?.["spec"].selector[HASH] === hash, "switched"),
      rollouts.when(NAMESPACE, name, (rollout) => rollout?.["status"]?.phase === "Healthy" && rollout["status"].stableRS === hash, "Healthy on the new set"),
    ]);
    ends.catch(() => undefined);
    await promote(seen, name);
    const [promoted, switched, healthy] = await ends;
    const after = rollouts.objects.get(`${NAMESPACE}/${name}`)!;
    const byHand = await promoteByHand(seen, before, after, hash);
    if (trial < 0) continue;
    took.push({ promoted: promoted - start, switched: switched - start, healthy: healthy - start });
    bare.push(byHand);
  }
  const p50 = (samples: Promotion[], step: (sample: Promotion) => number): number => percentile(samples.map(step), 0.5);
  const rows: [scenario: string, step: (sample: Promotion) => number, figures: Pick<Measurement, "goal" | "argo" | "note">][] = [
    ["promotion written → active Service switched", ({ promoted, switched }) => switched - promoted, { goal: 6, note: "from the watch that tells the promotion: one write" }],
    ["promotion written → Healthy", ({ promoted, healthy }) => healthy - promoted, { goal: 20, note: "two writes, one after the other" }],
    ["promotion sent → active Service switched", ({ switched }) => switched, { argo: 20, note: `the promotion's own PATCH takes ${p50(took, ({ promoted }) => promoted).toFixed(1)} of it` }],
    ["promotion sent → Healthy", ({ healthy }) => healthy, { argo: 140, note: "Argo Rollouts 1.9.1" }],
  ];
  return rows.map(([scenario, step, figures]) => ({ scenario: `blue-green: ${scenario}`, samples: took.map(step), unit: "ms", bound: p50(bare, step), ...figures }));
}

/** Milliseconds after the promotion was sent. */
interface Promotion {
  promoted: number;
  switched: number;
  healthy: number;
}

const promote = ({ bed }: Seen, name: string) => bed.client.patch({ ...ROLLOUT, namespace: NAMESPACE, name }, "merge", { status: { pauseConditions: null } }, { subresource: "status" });

/** What the controller did for `before` → `after`, done by this process to a Rollout that another controller is said to have. */
async function promoteByHand(seen: Seen, before: KubeObject, after: KubeObject, hash: string): Promise<Promotion> {
  const { bed, rollouts, services } = seen;
  const name = "by-hand";
  const ref = { ...ROLLOUT, namespace: NAMESPACE, name };
  if (!rollouts.objects.has(`${NAMESPACE}/${name}`)) {
    await bed.client.create({ apiVersion: before.apiVersion, kind: before.kind, metadata: { name, namespace: NAMESPACE, labels: { "argo-rollouts.argoproj.io/controller-instance-id": "nobody" } }, spec: before["spec"] } as KubeObject);
    await bed.client.create(serviceOf(name));
  }
  await bed.client.patch(ref, "merge", { status: before["status"] }, { subresource: "status" });
  await rollouts.when(NAMESPACE, name, paused, "paused");
  await rollouts.quiet(150, 5_000);
  const start = performance.now();
  const isPromoted = rollouts.when(NAMESPACE, name, (rollout) => !paused(rollout), "promoted");
  const answers: Promise<unknown>[] = [promote(seen, name)];
  const promoted = await isPromoted;
  const isSwitched = services.when(NAMESPACE, name, (service) => service?.["spec"].selector[HASH] === hash, "switched");
  answers.push(bed.client.patch({ group: "", version: "v1", kind: "Service", namespace: NAMESPACE, name }, "merge", { spec: { selector: { [HASH]: hash } } }));
  const switched = await isSwitched;
  const isHealthy = rollouts.when(NAMESPACE, name, (rollout) => rollout?.["status"]?.phase === "Healthy", "Healthy");
  answers.push(bed.client.patch(ref, "merge", { status: after["status"] }, { subresource: "status" }));
  const healthy = await isHealthy;
  await Promise.all(answers);
  return { promoted: promoted - start, switched: switched - start, healthy: healthy - start };
}

/** From the failed run on the watch to the active Service back on the stable set, the abort written, the new pods going. */
async function failures(seen: Seen): Promise<Measurement[]> {
  const { bed, rollouts, services, runs, sets } = seen;
  const { warmUps } = bed.options;
  const name = "failing";
  await create(seen, name, { postPromotionAnalysis: { templates: [{ templateName: "fails" }] }, abortScaleDownDelaySeconds: SCALE_DOWN_SECONDS });
  const stable = rollouts.objects.get(`${NAMESPACE}/${name}`)!["status"].stableRS as string;
  const back: number[] = [];
  const aborted: number[] = [];
  const late: number[] = [];
  for (let trial = -warmUps; trial < Math.min(bed.options.trials, 10); trial++) {
    const hash = await deploy(seen, name, trial);
    const run = () => [...runs.objects.values()].find((object) => object.metadata.labels?.[HASH] === hash && object["status"]?.phase === "Failed");
    await services.when(NAMESPACE, `${name}-active`, (service) => service?.["spec"].selector[HASH] === hash, "switched to the new set");
    const ends = Promise.all([
      services.when(NAMESPACE, `${name}-active`, (service) => run() !== undefined && service?.["spec"].selector[HASH] === stable, "back on the stable set"),
      rollouts.when(NAMESPACE, name, (rollout) => rollout?.["status"]?.abort === true && rollout["status"].phase === "Degraded", "aborted"),
      sets.when(NAMESPACE, `${name}-${hash}`, (set) => set?.["spec"].replicas === 0, "scaled down"),
    ]);
    ends.catch(() => undefined);
    const failed = await runs.whenAny((object) => object.metadata.labels?.[HASH] === hash && object["status"]?.phase === "Failed", `a failed run of ${hash}`);
    const [at, abort, down] = await ends;
    // Back to the stable template, so that the next trial begins where this one did.
    await bed.client.patch({ ...ROLLOUT, namespace: NAMESPACE, name }, "merge", template(name, 0, "stable"));
    await rollouts.when(NAMESPACE, name, (rollout) => rollout?.["status"]?.phase === "Healthy" && rollout["status"].currentPodHash === stable, "Healthy on the stable set again");
    if (trial < 0) continue;
    back.push(at - failed);
    aborted.push(abort - failed);
    late.push(down - abort - SCALE_DOWN_SECONDS * 1000);
  }
  return [
    { scenario: "blue-green: failed analysis → active Service on stable", samples: back, unit: "ms", goal: 20 },
    { scenario: "blue-green: failed analysis → abort written", samples: aborted, unit: "ms", goal: 20 },
    { scenario: "blue-green: scale-down after the abort, beyond its delay", samples: late, unit: "ms", goal: 100, note: `delay ${SCALE_DOWN_SECONDS} s, whose deadline is written in whole seconds` },
  ];
}

async function create({ bed, rollouts }: Seen, name: string, strategy: object): Promise<void> {
  for (const role of ["active", "preview"]) await bed.client.create(serviceOf(`${name}-${role}`, name));
  await bed.client.create({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name, namespace: NAMESPACE }, spec: { replicas: 1, revisionHistoryLimit: 1, selector: { matchLabels: { app: name } }, strategy: { blueGreen: { activeService: `${name}-active`, previewService: `${name}-preview`, scaleDownDelaySeconds: 1, ...strategy } }, ...template(name, 0, "stable").spec } } as KubeObject);
  await rollouts.when(NAMESPACE, name, (rollout) => rollout?.["status"]?.phase === "Healthy", "Healthy for the first time");
}

const serviceOf = (name: string, app = name): KubeObject => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: NAMESPACE }, spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] } });

/** Another template; resolves with the hash of its set. */
async function deploy({ bed, rollouts }: Seen, name: string, trial: number): Promise<string> {
  const before = rollouts.objects.get(`${NAMESPACE}/${name}`)!["status"].currentPodHash as string;
  await bed.client.patch({ ...ROLLOUT, namespace: NAMESPACE, name }, "merge", template(name, trial, `trial ${trial}`));
  await rollouts.when(NAMESPACE, name, (rollout) => rollout?.["status"]?.currentPodHash !== before, "at its new template");
  return rollouts.objects.get(`${NAMESPACE}/${name}`)!["status"].currentPodHash as string;
}

function template(name: string, trial: number, value: string): { spec: object } {
  return { spec: { template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "registry.example.com/bench:1.0.0", env: [{ name: "TRIAL", value: `${value} ${trial}` }] }] } } } };
}

function paused(rollout: KubeObject | undefined): boolean {
  const { pauseConditions = [], phase } = rollout?.["status"] ?? {};
  return phase === "Paused" && pauseConditions.length > 0;
}

function analysisTemplate(url: string): object {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name: "fails", namespace: NAMESPACE }, spec: { metrics: [{ name: "rate", successCondition: "result > 0.9", failureLimit: 0, provider: { web: { url, jsonPath: "{$.value}" } } }] } };
}
