import type { Rollout, RolloutBlueGreen, RolloutCanary, RolloutSteps } from "@trireme/api/argo";
import { maxSurge, maxUnavailable } from "../src/rollout/defaults.ts";
import { hashOf, wanted } from "./_imports.ts";
import { Killed, Model } from "./_model.ts";
import { ServingPromise } from "./_promise.ts";
import { analysisTemplate, rollout, service, template } from "./_rollout.ts";

export type Random = () => number;

/** The same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Input = { do: "image"; image: string } | { do: "scale"; replicas: number } | { do: "promote" | "full" | "abort" | "retry" | "pause" | "resume" };

export interface Scenario {
  rollout: Rollout;
  inputs: Input[];
}

/** A Rollout of random size and strategy, and what people do with it. */
export function scenarioOf(random: Random): Scenario {
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)]!;
  const maybe = <T>(value: () => T): T | undefined => (random() < 0.5 ? value() : undefined);
  const analysis = () => ({ templates: [{ templateName: pick("pass", "pass", "pass", "fail", "unclear") }] });
  const clean = (object: object): any => JSON.parse(JSON.stringify(object));
  const share = () => pick<number | string>(0, 1, 2, "10%", "25%", "50%", "100%");
  const step = (): RolloutSteps => pick<RolloutSteps>({ setWeight: pick(0, 5, 10, 20, 33, 50, 66, 90, 100) }, { setWeight: pick(1, 25, 50, 75) }, { pause: { duration: pick<number | string>(1, "5", "10s") } }, { pause: {} }, { analysis: analysis() });
  const canary = (): RolloutCanary => {
    const made: RolloutCanary = clean({ maxSurge: maybe(share), maxUnavailable: maybe(share), steps: maybe(() => Array.from({ length: 1 + Math.floor(random() * 5) }, step)), canaryService: maybe(() => "canary"), stableService: maybe(() => "stable"), analysis: random() < 0.2 ? { templates: [{ templateName: "pass" }] } : undefined });
    const isZero = (value: unknown) => Number.parseInt(String(value ?? "25"), 10) === 0;
    if (isZero(made.maxSurge) && isZero(made.maxUnavailable)) made.maxSurge = 1;
    return made;
  };
  const blueGreen = (): Partial<RolloutBlueGreen> =>
    clean({
      previewService: maybe(() => "preview"),
      previewReplicaCount: random() < 0.3 ? pick(1, 2) : undefined,
      autoPromotionEnabled: random() < 0.3 ? false : undefined,
      autoPromotionSeconds: random() < 0.3 ? pick(1, 5) : undefined,
      scaleDownDelaySeconds: maybe(() => pick(0, 1, 10)),
      scaleDownDelayRevisionLimit: random() < 0.2 ? pick(0, 1) : undefined,
      abortScaleDownDelaySeconds: maybe(() => pick(0, 1, 10)),
      prePromotionAnalysis: random() < 0.4 ? analysis() : undefined,
      postPromotionAnalysis: random() < 0.4 ? analysis() : undefined,
    });
  const replicas = 1 + Math.floor(random() * 9);
  const spec = clean({ replicas, progressDeadlineSeconds: 60, progressDeadlineAbort: maybe(() => true), rollbackWindow: random() < 0.2 ? { revisions: pick(1, 2) } : undefined, revisionHistoryLimit: random() < 0.3 ? pick(2, 3) : undefined });
  const made = rollout(random() < 0.5 ? { canary: canary() } : { blueGreen: blueGreen() }, spec);
  const input = (): Input => pick<Input>({ do: "image", image: pick("web:1", "web:2", "web:3", "web:bad") }, { do: "image", image: pick("web:2", "web:3") }, { do: "scale", replicas: 1 + Math.floor(random() * 9) }, { do: "promote" }, { do: "full" }, { do: "abort" }, { do: "retry" }, { do: "pause" }, { do: "resume" });
  return { rollout: made, inputs: [{ do: "image", image: "web:2" }, ...Array.from({ length: 1 + Math.floor(random() * 5) }, input)] };
}

/** What a person does through the plugin, as patches. */
export function act(model: Model, input: Input): void {
  const { status, spec } = model.rollout;
  const steps = spec.strategy?.canary?.steps ?? [];
  switch (input.do) {
    case "image":
      return model.edit((each) => (each.spec.template = template(input.image)));
    case "scale":
      return model.edit((each) => (each.spec.replicas = input.replicas));
    case "promote":
      if ((status?.pauseConditions ?? []).length > 0) model.patchStatus({ pauseConditions: null });
      else if (steps.length > 0 && status?.currentPodHash !== status?.stableRS) model.patchStatus({ pauseConditions: null, currentStepIndex: Math.min((status?.currentStepIndex ?? 0) + 1, steps.length) });
      return;
    case "full":
      if (status?.currentPodHash !== status?.stableRS) model.patchStatus({ promoteFull: true });
      return;
    case "abort":
      return model.patchStatus({ abort: true });
    case "retry":
      return model.patchStatus({ abort: false });
    case "pause":
    case "resume":
      return model.edit((each) => (each.spec.paused = input.do === "pause"));
  }
}

export interface Disturbance {
  random: Random;
  /** How likely the controller dies before a write. */
  kill: number;
  /** How likely it does not hear of a change. */
  deaf: number;
  /** Between inputs: at rest, or whenever it happens to be. */
  waitForRest: boolean;
}

/** Plays a scenario to its end. Throws where a promise is broken on the way. */
export function play({ rollout: made, inputs }: Scenario, disturbance?: Disturbance): Model {
  const random = disturbance?.random ?? (() => 0.5);
  let kills = 0;
  const model = new Model({
    lagMs: () => 5 + Math.floor(random() * (disturbance === undefined ? 1 : 400)),
    goneAfterMs: () => 100 + Math.floor(random() * 300),
    readyAfterMs: (image) => (image.includes("bad") ? undefined : 300 + Math.floor(random() * 500)),
    runEnds: (run) => {
      const name = run.spec.metrics[0]?.name;
      return name === "fail" ? { phase: "Failed", message: "it failed", afterMs: 2000 } : name === "unclear" ? { phase: "Inconclusive", message: "it was unclear", afterMs: 2000 } : { phase: "Successful", afterMs: 2000 };
    },
  });
  for (const name of ["active", "preview", "stable", "canary"]) model.put(service(name));
  for (const name of ["pass", "fail", "unclear"]) model.put(analysisTemplate(name));
  if (disturbance !== undefined) {
    model.hears = () => random() >= disturbance.deaf;
    model.beforeWrite = () => {
      if (kills < 30 && random() < disturbance.kill) {
        kills++;
        throw new Killed("killed");
      }
    };
  }
  model.put(made);
  const check = promises(model);
  model.observe = check;
  model.run(2_000_000);
  for (const input of inputs) {
    act(model, input);
    check();
    if (disturbance === undefined || disturbance.waitForRest) model.run(2_000_000);
    else model.run(Math.floor(random() * 5000));
  }
  model.run(4_000_000);
  model.beforeWrite = () => undefined;
  model.hears = () => true;
  return model;
}

/** What must hold at every moment; `observe` of a model. */
function promises(model: Model): () => void {
  const isCanary = model.rollout.spec.strategy?.canary !== undefined;
  const checks = [serviceCheck(model), ...(isCanary ? [canaryServing(model), surgeCheck(model), holdCheck(model)] : [blueGreenServing(model)])];
  return () => {
    for (const check of checks) check();
  };
}

const selectedOf = (model: Model, name: string): string | undefined => model.service(name)?.spec.selector?.["rollouts-pod-template-hash"];
const wantedOf = (model: Model): Record<string, number> => Object.fromEntries(model.sets.filter((set) => wanted(set) > 0).map((set) => [hashOf(set), wanted(set)]));

function serviceCheck(model: Model): () => void {
  return () => {
    for (const name of ["active", "preview", "stable", "canary"]) {
      const hash = selectedOf(model, name);
      if (hash !== undefined && model.set(hash) === undefined) throw new Error(`Service ${name} selects ${hash}, which is no set`);
    }
  };
}

/** Pods of every set serve. */
function canaryServing(model: Model): () => void {
  const promise = new ServingPromise();
  return () => {
    const { rollout: made, sets } = model;
    const staying = sets.reduce((sum, set) => sum + Math.min(model.available(hashOf(set)), wanted(set)), 0);
    promise.see({ replicas: made.spec.replicas ?? 1, maxUnavailable: maxUnavailable(made), serving: model.available(), staying });
  };
}

/** Never more pods wanted than `maxSurge` allows, but for what a smaller size leaves. */
function surgeCheck(model: Model): () => void {
  let before = 0;
  return () => {
    const most = (model.rollout.spec.replicas ?? 1) + maxSurge(model.rollout);
    const sum = model.sets.reduce((count, set) => count + wanted(set), 0);
    if (sum > before && sum > most) throw new Error(`${sum} pods wanted, with room for ${most}`);
    before = sum;
  };
}

/** A canary that a person has paused keeps every size. */
function holdCheck(model: Model): () => void {
  let held: string | undefined;
  return () => {
    const now = model.rollout.spec.paused === true ? JSON.stringify(wantedOf(model)) : undefined;
    if (held !== undefined && now !== undefined && now !== held) throw new Error(`paused by a person, it went from ${held} to ${now}`);
    held = now;
  };
}

/**
 * Pods of the active set serve, and the stable set could at any moment. An update that failed gives way to it at once,
 * however far it has come with a size that it was given meanwhile.
 */
function blueGreenServing(model: Model): () => void {
  const [serving, standby] = [new ServingPromise(), new ServingPromise()];
  let [active, stable]: (string | undefined)[] = [];
  return () => {
    const { spec, status } = model.rollout;
    const see = (promise: ServingPromise, hash: string | undefined) => {
      const count = hash === undefined ? 0 : model.available(hash);
      promise.see({ replicas: spec.replicas ?? 1, maxUnavailable: 0, serving: count, staying: Math.min(count, wanted(model.set(hash))) });
    };
    if (status?.stableRS !== stable) standby.take(serving);
    stable = status?.stableRS;
    see(standby, stable);
    const selected = selectedOf(model, "active");
    const isWanted = model.set(selected)?.spec.template.spec?.["containers"][0].image === spec.template?.spec?.containers[0]?.image;
    if (selected !== active && selected === stable && !isWanted) serving.take(standby);
    active = selected;
    see(serving, active);
  };
}

/**
 * Lets go on what a person or an unclear analysis holds: its sets have the sizes that they happened to have on their way,
 * and only where the way leads can be compared. An analysis that is unclear stays so, and its update is aborted.
 */
export function letGo(model: Model): void {
  while (isHalted(model.rollout)) {
    if (isUnclear(model.rollout)) model.patchStatus({ abort: true });
    model.edit((each) => (each.spec.paused = false));
    model.run(4_000_000);
  }
}

const isUnclear = ({ status }: Rollout): boolean => status?.pauseConditions?.some((pause) => pause.reason === "InconclusiveAnalysisRun") === true;
const isHalted = (each: Rollout): boolean => each.spec.paused === true || isUnclear(each);

/** Which sets keep whatever size they have: of a halted canary all, of a blue-green one with an unclear analysis the old ones. */
function isHeld({ rollout: { spec, status } }: Model, hash: string): boolean {
  if (spec.strategy?.canary !== undefined) return isHalted({ spec, status } as Rollout);
  return isUnclear({ status } as Rollout) && hash !== status?.stableRS && hash !== status?.currentPodHash;
}

/** How it all ended, without what depends on times. */
export function endOf(model: Model): unknown {
  const { status } = model.rollout;
  return {
    phase: status?.phase,
    message: status?.message,
    stable: status?.stableRS,
    current: status?.currentPodHash,
    step: status?.currentStepIndex,
    abort: status?.abort,
    pauses: status?.pauseConditions?.map((pause) => pause.reason),
    services: ["active", "preview", "stable", "canary"].map((name) => selectedOf(model, name)),
    sets: Object.fromEntries(model.sets.map((set) => [hashOf(set), isHeld(model, hashOf(set)) ? "held" : [wanted(set), set.status?.availableReplicas ?? 0]]).sort()),
  };
}
