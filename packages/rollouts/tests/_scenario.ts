import type { Rollout, RolloutBlueGreen, RolloutCanary, RolloutSpec, RolloutStatus, RolloutSteps } from "@trireme/api/argo";
import { rollout, template } from "./_rollout.ts";

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
  const input = (): Input => pick<Input>({ do: "image", image: pick("web:1", "web:2", "web:3", "web:broken") }, { do: "image", image: pick("web:2", "web:3") }, { do: "scale", replicas: 1 + Math.floor(random() * 9) }, { do: "promote" }, { do: "full" }, { do: "abort" }, { do: "retry" }, { do: "pause" }, { do: "resume" });
  return { rollout: made, inputs: [{ do: "image", image: "web:2" }, ...Array.from({ length: 1 + Math.floor(random() * 5) }, input)] };
}

/** A merge patch, of the status where it has one. */
export type InputPatch = { spec: Partial<RolloutSpec> } | { status: { [name in keyof RolloutStatus]?: RolloutStatus[name] | null } };

/** What a person does through the plugin; undefined where it has nothing to write. */
export function patchFor({ status, spec }: Pick<Rollout, "spec" | "status">, input: Input): InputPatch | undefined {
  const steps = spec.strategy?.canary?.steps ?? [];
  const isUpdating = status?.currentPodHash !== status?.stableRS;
  switch (input.do) {
    case "image":
      return { spec: { template: template(input.image) } };
    case "scale":
      return { spec: { replicas: input.replicas } };
    case "promote":
      if ((status?.pauseConditions ?? []).length > 0) return { status: { pauseConditions: null } };
      return steps.length > 0 && isUpdating ? { status: { pauseConditions: null, currentStepIndex: Math.min((status?.currentStepIndex ?? 0) + 1, steps.length) } } : undefined;
    case "full":
      return isUpdating ? { status: { promoteFull: true } } : undefined;
    case "abort":
      return { status: { abort: true } };
    case "retry":
      return { status: { abort: false } };
    case "pause":
    case "resume":
      return { spec: { paused: input.do === "pause" } };
  }
}
