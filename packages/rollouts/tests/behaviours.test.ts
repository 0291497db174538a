import type { RolloutCanary } from "@trireme/api/argo";
import { decide } from "../src/decide.ts";
import { Key } from "../src/rollout/objects.ts";
import { hashOf, wanted, type Write } from "./_imports.ts";
import { Killed, Model } from "./_model.ts";
import { deployed, rollout, service, template, update } from "./_rollout.ts";

/** What a replacement of Argo Rollouts must get right, one test for each behaviour, numbered as in its list of fifty. */
const BLUE = "cb5d95cc5";
const GREEN = "859687bffd";
const analysis = (name: string) => ({ templates: [{ templateName: name }] });
const runEnds = (run: { spec: { metrics: { name: string }[] } }) => {
  const name = run.spec.metrics[0]!.name;
  return name === "fail" ? { phase: "Failed", message: "it failed", afterMs: 1000 } : name === "unclear" ? { phase: "Inconclusive", afterMs: 1000 } : { phase: "Successful", afterMs: 1000 };
};
const blueGreen = (strategy: object = {}, spec: object = {}, metadata: object = {}) => deployed(rollout({ blueGreen: { previewService: "preview", ...strategy } }, spec, metadata), { runEnds });
const canary = (strategy: RolloutCanary = {}, spec: object = {}) => deployed(rollout({ canary: { maxSurge: 1, maxUnavailable: 0, ...strategy } }, spec), { runEnds });
const selected = (model: Model, name: string) => model.service(name)?.spec.selector?.[Key.Hash];
const reasons = (model: Model) => model.events.map((event) => event.reason);
const sizes = (model: Model) => Object.fromEntries(model.sets.map((set) => [hashOf(set), wanted(set)]));
const phase = (model: Model) => [model.rollout.status?.phase, model.rollout.status?.message].filter(Boolean).join(": ");

describe("sets and hashes", () => {
  it("1. names sets by their hash, and takes one over that means the same under another hash", () => {
    const model = blueGreen();
    expect(model.sets.map((set) => set.metadata.name)).toEqual([`r-${BLUE}`]);
    const [set] = model.sets;
    const other = new Model();
    for (const name of ["active", "preview"]) other.put(service(name));
    const labels = { app: "web", [Key.Hash]: "66597877b7" };
    const defaulted = { metadata: { labels }, spec: { restartPolicy: "Always", dnsPolicy: "ClusterFirst", schedulerName: "default-scheduler", terminationGracePeriodSeconds: 30, securityContext: {}, containers: [{ name: "web", image: "web:1", imagePullPolicy: "IfNotPresent", terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File", resources: {} }] } };
    other.put(rollout({ blueGreen: { previewService: "preview" } }));
    const uid = other.rollout.metadata.uid!;
    other.put({ ...set!, metadata: { name: "r-66597877b7", labels, annotations: { [Key.Revision]: "7", [Key.DesiredReplicas]: "4" }, ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "r", uid, controller: true }] }, spec: { replicas: 4, selector: { matchLabels: labels }, template: defaulted } });
    other.run();
    expect(sizes(other)).toEqual({ "66597877b7": 4 });
    expect(other.rollout.status).toMatchObject({ phase: "Healthy", currentPodHash: "66597877b7", stableRS: "66597877b7" });
    expect(other.rollout.metadata.annotations?.[Key.Revision]).toBe("7");
  });

  it("2. counts a collision and hashes anew; ephemeral metadata and anti-affinity are in no hash", () => {
    const model = new Model();
    for (const name of ["active", "preview"]) model.put(service(name));
    model.put({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: `r-${BLUE}`, ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "d", uid: "other", controller: true }] }, spec: { replicas: 0, selector: { matchLabels: { app: "else" } }, template: template("else:1") } });
    model.put(rollout({ blueGreen: { previewService: "preview" } }));
    model.run();
    expect(model.rollout.status).toMatchObject({ collisionCount: 1, phase: "Healthy" });
    const injected = blueGreen({ antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} }, previewMetadata: { labels: { role: "preview" } }, activeMetadata: { labels: { role: "active" } } });
    expect(injected.rollout.status?.stableRS).toBe(BLUE);
  });

  it("adopts a set that nobody controls, and lets go of one that it selects no more", () => {
    const model = new Model();
    for (const name of ["active", "preview"]) model.put(service(name));
    const labels = { app: "web", [Key.Hash]: BLUE };
    model.put({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: `r-${BLUE}`, labels }, spec: { replicas: 4, selector: { matchLabels: labels }, template: { ...template("web:1"), metadata: { labels } } } });
    model.put(rollout({ blueGreen: { previewService: "preview" } }));
    model.run();
    expect(model.sets).toHaveLength(1);
    expect(model.sets[0]!.metadata.ownerReferences).toMatchObject([{ kind: "Rollout", name: "r", controller: true }]);
  });

  it.each([
    { name: "ten sets, five successful runs and five others", limits: {}, revisions: 13, sets: 11, kept: { pass: 6, fail: 5 } },
    { name: "as many as it is told to", limits: { revisionHistoryLimit: 20, analysis: { successfulRunHistoryLimit: 2, unsuccessfulRunHistoryLimit: 1 } }, revisions: 13, sets: 14, kept: { pass: 3, fail: 1 } },
  ])("44. keeps $name", ({ limits, revisions, sets, kept }) => {
    const model = blueGreen({ scaleDownDelaySeconds: 1, abortScaleDownDelaySeconds: 1 }, limits);
    for (let revision = 1; revision <= revisions; revision++) {
      const isGood = revision % 2 === 1;
      model.edit((each) => Object.assign(each.spec, { template: template(`web:next-${revision}`), strategy: { blueGreen: { ...each.spec.strategy.blueGreen, prePromotionAnalysis: analysis(isGood ? "pass" : "fail") } } }));
      model.run();
    }
    const ended = (phase: string) => model.runs.filter((run) => run.status?.phase === phase).length;
    // The current set is kept beside the old ones, and the current run beside the ended ones.
    expect([model.sets.length, ended("Successful"), ended("Failed")]).toEqual([sets, kept.pass, kept.fail]);
  });
});

describe("status", () => {
  it("3. says the generation as text, and phase and message in Argo Rollouts' words", () => {
    const model = blueGreen({ autoPromotionEnabled: false });
    expect(model.rollout.status).toMatchObject({ observedGeneration: "1", phase: "Healthy" });
    update(model, "web:2");
    model.run();
    expect(phase(model)).toBe("Paused: BlueGreenPause");
    expect(model.rollout.status?.observedGeneration).toBe("2");
  });

  it("46. writes the number of replicas where there is none, and shows autoscalers the active set", () => {
    const model = blueGreen({ autoPromotionEnabled: false }, { replicas: undefined });
    expect(model.rollout.spec.replicas).toBe(1);
    model.edit((each) => (each.spec.replicas = 3));
    update(model, "web:2");
    model.run();
    expect(model.rollout.status).toMatchObject({ HPAReplicas: 3, replicas: 6, selector: `app=web,${Key.Hash}=${BLUE}` });
    model.edit((each) => (each.spec.replicas = 5));
    model.run();
    expect(sizes(model)).toEqual({ [BLUE]: 5, [GREEN]: 5 });
    const split = canary({ steps: [{ setWeight: 25 }, { pause: {} }] });
    update(split, "web:2");
    split.run();
    split.edit((each) => (each.spec.replicas = 8));
    split.run();
    expect(sizes(split)).toEqual({ [BLUE]: 6, [GREEN]: 2 });
    expect(split.rollout.status).toMatchObject({ HPAReplicas: 8, selector: "app=web" });
  });

  it("50. names the first thing that is wrong, does nothing else, and looks again", () => {
    const model = new Model();
    model.put(rollout({ blueGreen: { previewService: "preview" } }));
    model.run(1000);
    expect(phase(model)).toBe('Degraded: InvalidSpec: The Rollout "r" is invalid: spec.strategy.blueGreen.activeService: Invalid value: "active": service "active" not found');
    expect(model.sets).toEqual([]);
    expect(decide(model.snapshot()).lookAgainAt).toBe(model.now + 20_000);
    for (const name of ["active", "preview"]) model.put(service(name));
    model.run();
    expect(phase(model)).toBe("Healthy");
  });

  it("50. writes nothing when nothing changed", () => {
    const model = blueGreen();
    expect(decide(model.snapshot()).writes).toEqual([]);
    model.now += 3_600_000;
    expect(decide(model.snapshot()).writes).toEqual([]);
  });

  it.each([
    { name: "a traffic router", canary: { stableService: "stable", canaryService: "canary", trafficRouting: { nginx: { stableIngress: "i" } } }, says: "spec.strategy.canary.trafficRouting: Forbidden: traffic routers are not supported yet: nginx" },
    { name: "an experiment", canary: { steps: [{ experiment: { templates: [{ name: "a", specRef: "canary" }] } }] }, says: "spec.strategy.canary.steps[0].experiment: Forbidden: experiments are not supported yet" },
    { name: "a step plugin", canary: { steps: [{ plugin: { name: "a/b" } }] }, says: "spec.strategy.canary.steps[0].plugin: Forbidden: step plugins are not supported yet: a/b" },
  ])("refuses $name with a condition that says so", ({ canary: strategy, says }) => {
    const model = deployed(rollout({ canary: strategy as RolloutCanary }));
    expect(phase(model)).toContain(says);
    expect(model.sets).toEqual([]);
  });
});

describe("blue-green", () => {
  it("24. points the preview at the new set at once, and the active Service once that is whole", () => {
    const model = blueGreen();
    update(model, "web:2");
    model.run(100);
    expect([selected(model, "preview"), selected(model, "active")]).toEqual([GREEN, BLUE]);
    model.run();
    expect(selected(model, "active")).toBe(GREEN);
  });

  it("25. shows a small preview, and makes it whole once approved", () => {
    const model = blueGreen({ previewReplicaCount: 1, autoPromotionEnabled: false });
    update(model, "web:2");
    model.run();
    expect(sizes(model)).toEqual({ [BLUE]: 4, [GREEN]: 1 });
    expect(phase(model)).toBe("Paused: BlueGreenPause");
    model.patchStatus({ pauseConditions: null });
    model.run(100);
    expect(model.rollout.status?.blueGreen?.scaleUpPreviewCheckPoint).toBe(true);
    expect([sizes(model)[GREEN], selected(model, "active")]).toEqual([4, BLUE]);
    model.run();
    expect([phase(model), selected(model, "active")]).toEqual(["Healthy", GREEN]);
    expect(model.rollout.status?.blueGreen?.scaleUpPreviewCheckPoint).toBeUndefined();
  });

  it("promotes with the Service's patch as the first write, and one of the status after it", () => {
    const model = blueGreen({ autoPromotionEnabled: false });
    update(model, "web:2");
    model.run();
    model.writes.length = 0;
    model.patchStatus({ pauseConditions: null });
    model.run(10);
    const made = model.writes.map((write) => (write.verb === "patch" ? `${write.base.kind}${write.subresource === undefined ? "" : `/${write.subresource}`}` : write.verb));
    expect(made).toEqual(["Service", "Rollout/status", "ReplicaSet"]);
    expect(phase(model)).toBe("Healthy");
  });

  it("26. goes back within the delay at once: no start, no pause, no analysis", () => {
    const model = blueGreen({ autoPromotionSeconds: 5, prePromotionAnalysis: analysis("pass"), scaleDownDelaySeconds: 600 });
    update(model, "web:2");
    model.run(60_000);
    expect(model.set(BLUE)?.metadata.annotations?.[Key.ScaleDownDeadline]).toBeDefined();
    const [runs, since] = [model.runs.length, model.now];
    update(model, "web:1");
    model.run(100);
    expect([selected(model, "active"), phase(model), model.runs.length, model.now - since < 1000]).toEqual([BLUE, "Healthy", runs, true]);
  });

  it("26. does not go back at once to what was aborted", () => {
    const model = blueGreen({ prePromotionAnalysis: analysis("fail"), abortScaleDownDelaySeconds: 600 });
    update(model, "web:2");
    model.run(30_000);
    expect(phase(model)).toContain("Degraded: RolloutAborted");
    update(model, "web:3");
    model.run(100);
    update(model, "web:2");
    model.run(500);
    expect(selected(model, "active")).toBe(BLUE);
    expect(model.runs.filter((run) => run.metadata.labels?.[Key.Hash] === GREEN)).toHaveLength(2);
  });

  it("27. counts autoPromotionSeconds from the pause", () => {
    const model = blueGreen({ autoPromotionSeconds: 30 });
    update(model, "web:2");
    const since = model.now;
    model.run(20_000);
    expect(phase(model)).toBe("Paused: BlueGreenPause");
    model.run(20_000);
    expect(phase(model)).toBe("Healthy");
    const switched = model.events.findLastIndex((event) => event.reason === "RolloutCompleted");
    expect([switched > 0, model.now - since]).toEqual([true, expect.any(Number)]);
  });

  it("28. deploys a first revision: stable first, then the switch", () => {
    expect(reasons(blueGreen({ previewService: undefined as never }))).toEqual(["RolloutAddedToInformer", "RolloutUpdated", "NewReplicaSetCreated", "ScalingReplicaSet", "RolloutCompleted", "SwitchService"]);
  });

  it("7. 29. takes a switch back at once when the analysis after it fails, and keeps what serves", () => {
    const model = blueGreen({ postPromotionAnalysis: analysis("fail"), abortScaleDownDelaySeconds: 10 });
    update(model, "web:2");
    model.run(700);
    expect([selected(model, "active"), sizes(model)[BLUE]]).toEqual([GREEN, 4]);
    model.run(2_000);
    expect([selected(model, "active"), phase(model)]).toEqual([BLUE, "Degraded: RolloutAborted: Rollout aborted update to revision 2: Blue/green post-promotion analysis phase error/failed: it failed"]);
    model.run();
    expect(sizes(model)).toEqual({ [BLUE]: 4, [GREEN]: 0 });
  });

  it("7. takes the switch back although the new set has lost its pods", () => {
    const model = blueGreen({ postPromotionAnalysis: analysis("pass") });
    update(model, "web:2");
    model.run(700);
    const set = model.set(GREEN)!;
    model.put({ ...set, status: { replicas: 4, readyReplicas: 0, availableReplicas: 0, observedGeneration: set.metadata.generation! } });
    model.patchStatus({ abort: true });
    model.run(100);
    expect(selected(model, "active")).toBe(BLUE);
  });

  it("45. tells an update in Argo Rollouts' order", () => {
    const model = deployed(rollout({ blueGreen: {} }));
    update(model, "web:2");
    model.run();
    expect(reasons(model)).toEqual([
      "RolloutAddedToInformer", "RolloutUpdated", "NewReplicaSetCreated", "ScalingReplicaSet", "RolloutCompleted", "SwitchService",
      "RolloutUpdated", "NewReplicaSetCreated", "RolloutNotCompleted", "ScalingReplicaSet", "SwitchService", "RolloutCompleted", "ScalingReplicaSet",
    ]);
  });

  it("22. a set that is used again has no deadline any more", () => {
    const model = blueGreen({ scaleDownDelaySeconds: 60 });
    update(model, "web:2");
    model.run(5_000);
    expect(model.set(BLUE)?.metadata.annotations?.[Key.ScaleDownDeadline]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    update(model, "web:1");
    model.run(5_000);
    expect(model.set(BLUE)?.metadata.annotations?.[Key.ScaleDownDeadline]).toBeUndefined();
    expect(model.set(GREEN)?.metadata.annotations?.[Key.ScaleDownDeadline]).toBeDefined();
  });

  it.each([
    { seconds: undefined, after: 29_000, size: 4 }, { seconds: undefined, after: 31_000, size: 0 }, { seconds: 5, after: 6_000, size: 0 }, { seconds: 0, after: 600_000, size: 4 },
  ])("23. keeps an aborted preview for abortScaleDownDelaySeconds $seconds: $size after $after ms", ({ seconds, after, size }) => {
    const model = blueGreen({ autoPromotionEnabled: false, ...(seconds !== undefined && { abortScaleDownDelaySeconds: seconds }) });
    update(model, "web:2");
    model.run();
    model.patchStatus({ abort: true });
    model.run(after);
    expect([sizes(model)[GREEN], selected(model, "preview"), selected(model, "active")]).toEqual([size, GREEN, BLUE]);
  });

  it("22. scales an old set down at its deadline, at once for a delay of 0, and keeps so many", () => {
    const model = blueGreen({ scaleDownDelaySeconds: 60, scaleDownDelayRevisionLimit: 1 });
    update(model, "web:2");
    model.run(5_000);
    update(model, "web:3");
    model.run(5_000);
    expect(sizes(model)).toMatchObject({ [BLUE]: 0, [GREEN]: 4 });
    model.run(60_000);
    expect(sizes(model)[GREEN]).toBe(0);
    const at0 = blueGreen({ scaleDownDelaySeconds: 0 });
    update(at0, "web:2");
    at0.run(2_000);
    expect(sizes(at0)).toEqual({ [BLUE]: 0, [GREEN]: 4 });
  });

  it("6. an abort ends every pause", () => {
    const model = blueGreen({ autoPromotionEnabled: false });
    update(model, "web:2");
    model.run();
    expect(model.rollout.status?.pauseConditions).toHaveLength(1);
    model.patchStatus({ abort: true });
    model.run(100);
    const { pauseConditions, controllerPause, abort, abortedAt } = model.rollout.status!;
    expect([pauseConditions, controllerPause, abort, abortedAt]).toEqual([undefined, undefined, true, expect.any(String)]);
  });

  it("6. a new template clears an abort, and an aborted Rollout that is back at its stable template is healthy at once", () => {
    const model = blueGreen({ prePromotionAnalysis: analysis("fail") });
    update(model, "web:2");
    model.run(10_000);
    expect(model.rollout.status?.abort).toBe(true);
    update(model, "web:1");
    model.run(100);
    expect([model.rollout.status?.abort, phase(model)]).toEqual([undefined, "Healthy"]);
    model.patchStatus({ abort: true });
    model.run(100);
    expect([model.rollout.status?.abort, phase(model)]).toEqual([undefined, "Healthy"]);
  });
});

describe("canary", () => {
  it("4. 32. pauses, for a time or until a person takes the pause away", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { pause: { duration: "1m" } }, { pause: {} }] });
    update(model, "web:2");
    model.run(30_000);
    expect([phase(model), model.rollout.status?.currentStepIndex, model.rollout.status?.controllerPause]).toEqual(["Paused: CanaryPauseStep", 1, true]);
    model.run(60_000);
    expect([phase(model), model.rollout.status?.currentStepIndex]).toEqual(["Paused: CanaryPauseStep", 2]);
    model.run(3_600_000);
    expect(phase(model)).toBe("Paused: CanaryPauseStep");
    model.patchStatus({ pauseConditions: null });
    model.run();
    expect([phase(model), model.rollout.status?.controllerPause]).toEqual(["Healthy", undefined]);
  });

  it.each([
    { duration: 10, before: 9_000, after: 12_000 }, { duration: "10", before: 9_000, after: 12_000 }, { duration: "10s", before: 9_000, after: 12_000 }, { duration: "1m30s", before: 89_000, after: 92_000 }, { duration: "1h", before: 3_599_000, after: 3_602_000 }, { duration: "1500ms", before: 500, after: 3_500 },
  ])("32. a pause of $duration lasts as long", ({ duration, before, after }) => {
    const model = canary({ steps: [{ setWeight: 25 }, { pause: { duration } }, { pause: {} }] });
    const started = () => Date.parse(model.rollout.status?.pauseConditions?.[0]?.startTime ?? "");
    update(model, "web:2");
    for (let waited = 0; model.rollout.status?.currentStepIndex !== 1 || Number.isNaN(started()); waited += 100) model.run(Math.min(100, 60_000 - waited));
    const since = started();
    model.run(since + before - model.now);
    expect(model.rollout.status?.currentStepIndex).toBe(1);
    model.run(since + after - model.now);
    expect(model.rollout.status?.currentStepIndex).toBe(2);
  });

  it.each([{ duration: "soon" }, { duration: -1 }, { duration: "-1s" }])("32. a pause of $duration is refused", ({ duration }) => {
    expect(phase(canary({ steps: [{ pause: { duration } }] }))).toContain("spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0");
  });

  it("5. 34. follows what clients write: a step index, a full promotion, an abort", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] });
    update(model, "web:2");
    model.run();
    model.patchStatus({ pauseConditions: null, currentStepIndex: 2 });
    model.run();
    expect([phase(model), model.rollout.status?.currentStepIndex, sizes(model)]).toEqual(["Paused: CanaryPauseStep", 3, { [BLUE]: 2, [GREEN]: 2 }]);
    model.patchStatus({ promoteFull: true });
    model.run();
    expect([phase(model), model.rollout.status?.promoteFull, model.rollout.status?.stableRS]).toEqual(["Healthy", undefined, GREEN]);
  });

  it("7. 8. 45. aborts to the stable set, and retries from the first step", () => {
    const model = deployed(rollout({ canary: { steps: [{ setWeight: 50 }, { pause: { duration: "3s" } }] } }, { replicas: 1 }));
    update(model, "web:2");
    model.run(1_500);
    model.patchStatus({ abort: true });
    model.run(5_000);
    expect([phase(model), model.rollout.status?.currentStepIndex, sizes(model)]).toEqual(["Degraded: RolloutAborted: Rollout aborted update to revision 2", 0, { [BLUE]: 1, [GREEN]: 0 }]);
    model.patchStatus({ abort: false });
    model.run();
    expect(phase(model)).toBe("Healthy");
    expect(reasons(model)).toEqual([
      "RolloutAddedToInformer", "RolloutUpdated", "NewReplicaSetCreated", "RolloutNotCompleted", "ScalingReplicaSet", "RolloutCompleted",
      "RolloutUpdated", "NewReplicaSetCreated", "RolloutNotCompleted", "ScalingReplicaSet", "RolloutStepCompleted", "RolloutPaused",
      "ScalingReplicaSet", "RolloutAborted", "ScalingReplicaSet", "RolloutStepCompleted", "RolloutPaused", "RolloutStepCompleted", "RolloutResumed", "ScalingReplicaSet", "RolloutCompleted",
    ]);
  });

  it("8. makes fresh runs on a retry", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { analysis: analysis("fail") }] });
    update(model, "web:2");
    model.run();
    expect(phase(model)).toContain("Step-based analysis phase error/failed: it failed");
    model.patchStatus({ abort: false });
    model.run();
    expect(model.runs.map((run) => run.metadata.name)).toEqual([`r-${GREEN}-2-1`, `r-${GREEN}-2-1.1`]);
  });

  it("9. starts over for a new template and for new steps; blue-green only for a template", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { pause: {} }] });
    update(model, "web:2");
    model.run();
    model.edit((each) => (each.spec.strategy.canary.steps = [{ setWeight: 50 }, { pause: {} }]));
    model.run(10);
    expect(model.rollout.status?.currentStepIndex).toBe(0);
    model.run();
    expect([sizes(model), model.rollout.status?.currentStepIndex]).toEqual([{ [BLUE]: 2, [GREEN]: 2 }, 1]);
  });

  it("9. an update forgets what was asked of the one before, and its runs", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { analysis: analysis("pass") }, { pause: {} }] });
    update(model, "web:bad");
    model.run(1_000);
    model.patchStatus({ promoteFull: true });
    model.run(1_000);
    update(model, "web:2");
    model.run(1);
    expect([model.rollout.status?.promoteFull, model.rollout.status?.currentStepIndex, model.rollout.status?.canary?.currentStepAnalysisRunStatus]).toEqual([undefined, 0, undefined]);
    model.run();
    expect([phase(model), model.rollout.status?.currentStepIndex]).toEqual(["Paused: CanaryPauseStep", 2]);
  });

  it.each([
    { replicas: 10, weight: 10, surge: 1, unavailable: 1, split: [1, 9] }, { replicas: 10, weight: 30, surge: 3, unavailable: 0, split: [3, 7] }, { replicas: 10, weight: 5, surge: 0, unavailable: 5, split: [1, 9] }, { replicas: 10, weight: 5, surge: 1, unavailable: 1, split: [1, 10] },
    { replicas: 1, weight: 5, surge: 1, unavailable: 0, split: [1, 1] }, { replicas: 1, weight: 95, surge: 1, unavailable: 0, split: [1, 1] }, { replicas: 3, weight: 50, surge: 0, unavailable: 1, split: [2, 1] }, { replicas: 4, weight: 0, surge: 1, unavailable: 0, split: [0, 4] }, { replicas: 4, weight: 100, surge: 1, unavailable: 0, split: [4, 0] },
    { replicas: 4, weight: 50, surge: "50%", unavailable: "25", split: [2, 2] },
  ])("11. $weight % of $replicas, surge $surge and unavailable $unavailable, is $split", ({ replicas, weight, surge, unavailable, split }) => {
    const model = deployed(rollout({ canary: { maxSurge: surge, maxUnavailable: unavailable, steps: [{ setWeight: weight }, { pause: {} }] } }, { replicas }));
    update(model, "web:2");
    model.run();
    expect([sizes(model)[GREEN], sizes(model)[BLUE]]).toEqual(split);
    expect([phase(model), model.rollout.status?.currentStepIndex]).toEqual(["Paused: CanaryPauseStep", 1]);
  });

  it("11. lets no stable pod go before another serves", () => {
    const model = canary({ maxSurge: 1, maxUnavailable: 0 });
    update(model, "web:bad");
    model.run();
    expect(sizes(model)).toEqual({ [BLUE]: 4, [model.rollout.status!.currentPodHash!]: 1 });
  });

  it.each([
    { threshold: undefined, done: false }, { threshold: { type: "Pods", value: 2 }, done: true }, { threshold: { type: "Pods", value: 3 }, done: false }, { threshold: { type: "Percent", value: 50 }, done: true }, { threshold: { type: "Percent", value: 51 }, done: false }, { threshold: { type: "Percent", value: -1 }, done: false },
  ])("21. with two of four new pods a weight is reached, threshold $threshold: $done", ({ threshold, done }) => {
    let started = 0;
    const model = deployed(rollout({ canary: { maxSurge: "100%", maxUnavailable: 0, steps: [{ setWeight: 100 }, { pause: {} }], ...(threshold !== undefined && { replicaProgressThreshold: threshold as never }) } }), { readyAfterMs: (image) => (image === "web:2" && ++started > 2 ? undefined : 500) });
    update(model, "web:2");
    model.run(30_000);
    expect(model.rollout.status?.currentStepIndex).toBe(done ? 1 : 0);
  });

  it.each([{ seconds: undefined }, { seconds: 0 }, { seconds: 600 }])("23. goes back to stable at once whatever abortScaleDownDelaySeconds says: $seconds", ({ seconds }) => {
    const model = canary({ steps: [{ setWeight: 50 }, { pause: {} }], ...(seconds !== undefined && { abortScaleDownDelaySeconds: seconds }) });
    update(model, "web:2");
    model.run();
    model.patchStatus({ abort: true });
    model.run(5_000);
    expect(sizes(model)).toEqual({ [BLUE]: 4, [GREEN]: 0 });
  });

  it("10. skips every step on the way back to stable", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { pause: {} }] });
    update(model, "web:2");
    model.run();
    model.events.length = 0;
    update(model, "web:1");
    model.run();
    expect([phase(model), sizes(model), reasons(model)[1]]).toEqual(["Healthy", { [BLUE]: 4, [GREEN]: 0 }, "SkipSteps"]);
  });

  it("13. drains what is neither new nor stable first", () => {
    const model = canary({ steps: [{ setWeight: 50 }, { pause: {} }] });
    update(model, "web:2");
    model.run();
    update(model, "web:3");
    model.run();
    expect(sizes(model)).toEqual({ [BLUE]: 2, [GREEN]: 0, "94c988597": 2 });
  });

  it("17. takes a Service over once all pods can serve, and moves it later with one; refuses another Rollout's", () => {
    const model = canary({ stableService: "stable", canaryService: "canary", steps: [{ setWeight: 25 }, { pause: {} }] });
    expect([selected(model, "stable"), model.service("stable")?.metadata.annotations?.[Key.ManagedBy]]).toEqual([BLUE, "r"]);
    update(model, "web:2");
    model.run();
    expect([selected(model, "stable"), selected(model, "canary")]).toEqual([BLUE, GREEN]);
    model.patchStatus({ abort: true });
    model.run();
    expect(selected(model, "canary")).toBe(BLUE);
    const other = canary();
    const taken = service("active");
    other.put({ ...taken, metadata: { ...taken.metadata, annotations: { [Key.ManagedBy]: "somebody" } } });
    other.edit((each) => (each.spec.strategy.canary.canaryService = "active"));
    other.run(100);
    expect(phase(other)).toContain('spec.strategy.canary.canaryService: Invalid value: "active": Service "active" is managed by another Rollout');
  });

  it("30. skips steps and analysis within the rollback window", () => {
    const model = canary({ steps: [{ analysis: analysis("pass") }, { pause: { duration: "1h" } }] }, { rollbackWindow: { revisions: 1 } });
    update(model, "web:2");
    model.run(20_000);
    model.patchStatus({ promoteFull: true });
    model.run(20_000);
    const runs = model.runs.length;
    update(model, "web:1");
    model.run(20_000);
    expect([phase(model), model.rollout.status?.stableRS, model.runs.length]).toEqual(["Healthy", BLUE, runs]);
  });

  it("31. without steps it is done when all are available", () => {
    const model = canary();
    update(model, "web:2");
    model.run();
    expect([phase(model), model.events.at(-1)?.message]).toEqual(["Healthy", `Rollout completed update to revision 2 (${GREEN}): Completed all 0 canary steps`]);
  });

  it("33. gives up after the deadline, recovers, and aborts where asked", () => {
    const model = canary({}, { progressDeadlineSeconds: 60 });
    update(model, "web:bad");
    model.run(50_000);
    expect(phase(model)).toContain("Progressing");
    model.run(600_000);
    expect(phase(model)).toMatch(/^Degraded: ProgressDeadlineExceeded: ReplicaSet "r-[^"]+" has timed out progressing\.$/);
    update(model, "web:2");
    model.run();
    expect(phase(model)).toBe("Healthy");
    const aborting = canary({}, { progressDeadlineSeconds: 60, progressDeadlineAbort: true });
    update(aborting, "web:bad");
    aborting.run();
    expect([phase(aborting), sizes(aborting)[BLUE]]).toEqual([expect.stringContaining("RolloutAborted: Rollout aborted update to revision 2: ReplicaSet"), 4]);
  });

  it("32. does not count a pause, an analysis or a kept set against the deadline", () => {
    const model = canary({ steps: [{ setWeight: 25 }, { pause: {} }] }, { progressDeadlineSeconds: 60 });
    update(model, "web:2");
    model.run(3_600_000);
    expect(phase(model)).toBe("Paused: CanaryPauseStep");
  });

  it("holds everything, its size too, while a person has paused it", () => {
    const model = canary({ steps: [{ setWeight: 25 }] });
    model.edit((each) => (each.spec.paused = true));
    update(model, "web:2");
    model.edit((each) => (each.spec.replicas = 8));
    model.run();
    expect([phase(model), sizes(model)]).toEqual(["Paused: manually paused", { [BLUE]: 4, [GREEN]: 0 }]);
    model.edit((each) => (each.spec.paused = false));
    model.run();
    expect([phase(model), sizes(model)]).toEqual(["Healthy", { [BLUE]: 0, [GREEN]: 8 }]);
  });
});

describe("analysis", () => {
  it("35. names and labels its runs, and takes up an unfinished one that asks the same", () => {
    const model = blueGreen({ prePromotionAnalysis: { ...analysis("pass"), analysisRunMetadata: { labels: { team: "web" } } } });
    update(model, "web:2");
    model.run(700);
    const [run] = model.runs;
    expect(run?.metadata).toMatchObject({ name: `r-${GREEN}-2-pre`, labels: { app: "web", team: "web", [Key.Hash]: GREEN, "rollout-type": "PrePromotion" }, annotations: { [Key.Revision]: "2" }, ownerReferences: [{ kind: "Rollout", name: "r", controller: true }] });
    model.patchStatus({ blueGreen: { prePromotionAnalysisRunStatus: null } });
    model.run(100);
    expect(model.runs).toHaveLength(1);
    expect(model.rollout.status?.blueGreen?.prePromotionAnalysisRunStatus?.name).toBe(`r-${GREEN}-2-pre`);
  });

  it.each([
    { ends: "fail", says: "Degraded: RolloutAborted: Rollout aborted update to revision 2: Blue/green pre-promotion analysis phase error/failed: it failed" },
    { ends: "unclear", says: "Paused: InconclusiveAnalysisRun" },
    { ends: "pass", says: "Healthy" },
  ])("41. $ends means $says", ({ ends, says }) => {
    const model = blueGreen({ prePromotionAnalysis: analysis(ends) });
    update(model, "web:2");
    model.run(5_000);
    expect(phase(model)).toBe(says);
    expect(selected(model, "active")).toBe(ends === "pass" ? GREEN : BLUE);
  });

  it("41. runs anew when a person resumes after an unclear one", () => {
    const model = blueGreen({ prePromotionAnalysis: analysis("unclear") });
    update(model, "web:2");
    model.run(5_000);
    model.patchStatus({ pauseConditions: null });
    model.run(5_000);
    expect(model.runs.map((run) => run.metadata.name)).toEqual([`r-${GREEN}-2-pre`, `r-${GREEN}-2-pre.1`]);
  });

  it.each([
    { kill: "before the run is made", isPoint: (write: Write) => write.verb === "create" && write.object.kind === "AnalysisRun" },
    { kill: "before the write that follows it, and the run ends meanwhile", isPoint: (_: Write, model: Model) => model.runs.length > 0 },
    { kill: "before the status that names it", isPoint: (write: Write) => write.verb === "patch" && write.subresource === "status" && JSON.stringify(write.patch).includes("AnalysisRunStatus") },
  ])("35. makes one run, whose verdict counts, though the controller dies $kill", ({ isPoint }) => {
    const model = deployed(rollout({ canary: { maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 25 }, { analysis: analysis("fail") }, { pause: {} }] } }), { runEnds: () => ({ phase: "Failed", message: "it failed", afterMs: 100 }) });
    let isKilled = false;
    model.beforeWrite = (write) => {
      if (isKilled || !isPoint(write, model)) return;
      isKilled = true;
      throw new Killed("killed");
    };
    update(model, "web:2");
    model.run();
    expect(isKilled).toBe(true);
    expect(model.runs.map((run) => run.metadata.name)).toEqual([`r-${GREEN}-2-1`]);
    expect(phase(model)).toContain("Step-based analysis phase error/failed: it failed");
  });

  it("8. makes the run of a retry although the controller dies when the status names it, and the preview has its full size already", () => {
    const model = blueGreen({ previewReplicaCount: 2, prePromotionAnalysis: analysis("pass"), postPromotionAnalysis: analysis("fail") });
    update(model, "web:2");
    model.run();
    expect(phase(model)).toContain("post-promotion analysis phase error/failed");
    let isKilled = false;
    model.beforeWrite = (write) => {
      if (isKilled || write.verb !== "create" || write.object.kind !== "AnalysisRun") return;
      isKilled = true;
      throw new Killed("killed");
    };
    model.patchStatus({ abort: false });
    model.run();
    expect(isKilled).toBe(true);
    expect(model.runs.map((run) => `${run.metadata.name} ${run.status?.phase}`)).toContain(`r-${GREEN}-2-pre.1 Successful`);
    expect([phase(model), selected(model, "active")]).toEqual([expect.stringContaining("RolloutAborted"), BLUE]);
  });

  it("38. runs in the background from its starting step, ends with the update, and aborts it when it fails", () => {
    const model = canary({ analysis: { ...analysis("fail"), startingStep: 1 }, steps: [{ setWeight: 25 }, { pause: { duration: 60 } }] });
    update(model, "web:2");
    model.run(400);
    expect(model.runs).toEqual([]);
    model.run();
    expect(phase(model)).toContain("Background analysis phase error/failed: it failed");
    const endless = deployed(rollout({ canary: { analysis: analysis("pass"), steps: [{ setWeight: 25 }, { pause: { duration: 5 } }] } }), { runEnds: () => ({ phase: "Successful", afterMs: 3_600_000 }) });
    update(endless, "web:2");
    endless.run(60_000);
    expect([phase(endless), endless.runs.map((run) => [run.metadata.name, run.spec.terminate])]).toEqual(["Healthy", [[`r-${GREEN}-2`, true]]]);
  });
});

describe("pods", () => {
  it("48. restarts pods by evicting as many as may be missing, and is done when none is old", () => {
    const model = canary({ maxUnavailable: 2 });
    const old = new Set(model.all("Pod").map((pod) => pod.metadata.name));
    model.now += 5_000;
    model.edit((each) => (each.spec.restartAt = new Date(model.now).toISOString()));
    model.run(5);
    expect(phase(model)).toBe("Progressing: rollout is restarting");
    expect(model.writes.filter((write) => write.verb === "evict")).toHaveLength(2);
    model.run();
    expect(model.all("Pod").filter((pod) => old.has(pod.metadata.name))).toEqual([]);
    expect([phase(model), model.rollout.status?.restartedAt]).toEqual(["Healthy", model.rollout.spec.restartAt]);
  });

  it.each([
    { replicas: 4, maxUnavailable: undefined, evicted: 1 }, { replicas: 8, maxUnavailable: undefined, evicted: 2 }, { replicas: 4, maxUnavailable: 3, evicted: 3 }, { replicas: 4, maxUnavailable: 0, evicted: 1 }, { replicas: 4, maxUnavailable: "50%", evicted: 2 }, { replicas: 2, maxUnavailable: 9, evicted: 2 },
  ])("48. of $replicas pods with maxUnavailable $maxUnavailable, $evicted restart at a time", ({ replicas, maxUnavailable, evicted }) => {
    const model = deployed(rollout({ canary: { maxSurge: 1, ...(maxUnavailable !== undefined && { maxUnavailable }) } }, { replicas }));
    model.now += 5_000;
    model.edit((each) => (each.spec.restartAt = new Date(model.now).toISOString()));
    model.run(5);
    expect(model.writes.filter((write) => write.verb === "evict")).toHaveLength(evicted);
  });

  it("48. asks again after 30 s for a pod that could not go, and a new template ends it", () => {
    const model = canary();
    model.now += 5_000;
    const restartAt = new Date(model.now).toISOString();
    model.edit((each) => (each.spec.restartAt = restartAt));
    model.now += 1;
    const { writes, lookAgainAt } = decide(model.snapshot());
    expect([writes.filter((write) => write.verb === "evict").length, lookAgainAt]).toEqual([1, model.now + 30_000]);
    update(model, "web:2");
    model.run(1);
    expect(model.rollout.status?.restartedAt).toBe(restartAt);
    expect(model.writes.filter((write) => write.verb === "evict")).toEqual([]);
  });

  it("49. gives pods the metadata of their role, in place, and keeps new pods away from stable ones during an update", () => {
    const model = blueGreen({ autoPromotionEnabled: false, activeMetadata: { labels: { role: "active" } }, previewMetadata: { labels: { role: "preview" } }, antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 5 } } });
    const roles = (hash: string) => [...new Set(model.all("Pod").filter((pod) => pod.metadata.labels?.[Key.Hash] === hash && pod.metadata.deletionTimestamp === undefined).map((pod) => pod.metadata.labels?.["role"]))];
    update(model, "web:2");
    model.run();
    expect([roles(BLUE), roles(GREEN)]).toEqual([["active"], ["preview"]]);
    expect(model.set(GREEN)?.spec.template.spec?.["affinity"].podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchExpressions).toEqual([{ key: Key.Hash, operator: "In", values: [BLUE] }]);
    model.patchStatus({ pauseConditions: null });
    model.run(1_000);
    expect([roles(BLUE), roles(GREEN)]).toEqual([[undefined], ["active"]]);
    model.run();
    expect(model.set(GREEN)?.spec.template.spec?.["affinity"]).toBeUndefined();
  });
});

describe("workloadRef", () => {
  const deployment = (replicas: number) => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas, selector: { matchLabels: { app: "web" } }, template: template("web:1") } });
  const referring = (scaleDown: string) => rollout({ blueGreen: {} }, { template: undefined as never, selector: undefined as never, workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web", scaleDown } });

  it.each([
    { mode: "never", left: 4 }, { mode: "onsuccess", left: 0 }, { mode: "progressively", left: 0 },
  ])("47. takes the template from a Deployment, which is left with $left replicas by $mode", ({ mode, left }) => {
    const model = new Model();
    for (const name of ["active", "preview"]) model.put(service(name));
    model.put(deployment(4));
    model.put(JSON.parse(JSON.stringify(referring(mode))));
    model.run();
    const workload = model.find("Deployment", "web")!;
    const generation = String(workload.metadata.generation);
    expect([phase(model), model.rollout.status?.workloadObservedGeneration, model.rollout.metadata.annotations?.[Key.WorkloadGeneration], model.rollout.spec.template]).toEqual(["Healthy", generation, generation, undefined]);
    expect(workload["spec"].replicas).toBe(left);
  });

  it("47. names what it cannot take over", () => {
    const model = new Model();
    model.put(service("active"));
    model.put(JSON.parse(JSON.stringify(rollout({ blueGreen: {} }, { template: undefined as never, workloadRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "web" } }))));
    model.run(100);
    expect(phase(model)).toContain("spec.workloadRef: Invalid value: \"web\": workload of type apps/StatefulSet is not supported");
  });
});

describe("strategies by annotation", () => {
  const named = (strategy: string, canaryFields: RolloutCanary = {}) => rollout({ canary: canaryFields }, {}, { annotations: { "trireme.dev/strategy": strategy } });

  it("stops every old pod before the first new one starts, in place", () => {
    const model = deployed(named("in-place"));
    expect(model.rollout.spec.strategy?.canary).toEqual({ maxSurge: 0, maxUnavailable: "100%" });
    let together = 0;
    model.observe = () => {
      const hashes = new Set(model.all("Pod").map((pod) => pod.metadata.labels?.[Key.Hash]));
      together = Math.max(together, hashes.size);
    };
    update(model, "web:2");
    model.run();
    expect([phase(model), together, sizes(model)]).toEqual(["Healthy", 1, { [BLUE]: 0, [GREEN]: 4 }]);
  });

  it("goes in equal shares at equal intervals, linearly", () => {
    const model = deployed(named("linear;weight=40;every=10s"));
    expect(model.rollout.spec.strategy?.canary?.steps).toEqual([{ setWeight: 40 }, { pause: { duration: "10s" } }, { setWeight: 80 }, { pause: { duration: "10s" } }]);
    const since = model.now;
    update(model, "web:2");
    model.run();
    expect([phase(model), model.now - since > 19_000]).toEqual(["Healthy", true]);
  });

  it("rolls", () => {
    const model = deployed(named("rolling"));
    update(model, "web:2");
    model.run();
    expect([phase(model), model.rollout.spec.strategy?.canary?.maxSurge]).toEqual(["Healthy", "25%"]);
  });

  it.each([
    { text: "sideways", says: "'sideways' is no strategy: in-place, rolling or linear;weight=20;every=1m" },
    { text: "linear;weight=200;every=1m", says: "weight of linear must be a whole number from 1 to 99, got '200'" },
    { text: "linear;weight=20", says: "every of linear must be a duration such as 30s or 1m, got ''" },
    { text: "rolling;weight=20", says: "'weight' is no option of rolling" },
  ])("says what is wrong with $text", ({ text, says }) => {
    expect(phase(deployed(named(text)))).toContain(says);
  });

  it("refuses what is declared twice", () => {
    const made = named("rolling", { steps: [{ setWeight: 20 }] });
    made.metadata.managedFields = [{ manager: "argocd-controller", operation: "Update", fieldsV1: { "f:spec": { "f:strategy": { "f:canary": { "f:steps": {} } } } } }];
    expect(phase(deployed(made))).toContain("'rolling' and spec.strategy.canary.steps are both declared");
  });
});
