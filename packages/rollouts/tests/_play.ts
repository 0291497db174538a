import { heldBack, letGoPatches } from "./_end.ts";
import { Killed, Model } from "./_model.ts";
import { promises } from "./_promises.ts";
import { analysisTemplate, service } from "./_rollout.ts";
import { patchFor, type InputPatch, type Random, type Scenario } from "./_scenario.ts";

export interface Disturbance {
  random: Random;
  /** How likely the controller dies before a write. */
  kill: number;
  /** How likely it does not hear of a change. */
  deaf: number;
  /** Between inputs: at rest, or whenever it happens to be. */
  waitForRest: boolean;
}

/** Plays a scenario to its end. Throws where a promise is broken on the way. `atRest` sees each rest but the last. */
export function play({ rollout: made, inputs }: Scenario, disturbance?: Disturbance, atRest: (model: Model) => void = () => undefined): Model {
  const random = disturbance?.random ?? (() => 0.5);
  let kills = 0;
  const model = new Model({
    lagMs: () => 5 + Math.floor(random() * (disturbance === undefined ? 1 : 400)),
    goneAfterMs: () => 100 + Math.floor(random() * 300),
    readyAfterMs: (image) => (image.includes("broken") ? undefined : 300 + Math.floor(random() * 500)),
    runEnds: (run) => {
      const name = run.spec.metrics[0]?.name;
      return name === "fail" ? { phase: "Failed", message: 'Metric "fail" assessed Failed due to failed (1) > failureLimit (0)', afterMs: 2000 } : name === "unclear" ? { phase: "Inconclusive", message: "it was unclear", afterMs: 2000 } : { phase: "Successful", afterMs: 2000 };
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
    atRest(model);
    write(model, patchFor(model.rollout, input));
    check();
    if (disturbance === undefined || disturbance.waitForRest) model.run(2_000_000);
    else model.run(Math.floor(random() * 5000));
  }
  model.run(4_000_000);
  model.beforeWrite = () => undefined;
  model.hears = () => true;
  return model;
}

/**
 * Whether somebody returns to a set that an unclear analysis had held back: within its scale-down delay it serves at once,
 * afterwards it is an update like any other, so that the end depends on when they return.
 */
export function isDecidedByTime(scenario: Scenario): boolean {
  const held = new Set<string>();
  let returned = false;
  const look = (model: Model): void => {
    returned ||= held.has(model.rollout.status?.currentPodHash ?? "");
    for (const hash of heldBack(model)) held.add(hash);
  };
  look(play(scenario, undefined, look));
  return returned;
}

/** Goes on with what is held (see `letGoPatches`). `atRest` sees each rest. */
export function letGo(model: Model, atRest: (model: Model) => void = () => undefined): void {
  for (let patches = letGoPatches(model.rollout); patches.length > 0; patches = letGoPatches(model.rollout)) {
    for (const patch of patches) write(model, patch);
    model.run(4_000_000);
    atRest(model);
  }
}

function write(model: Model, patch: InputPatch | undefined): void {
  if (patch === undefined) return;
  if ("status" in patch) model.patchStatus(patch.status);
  else model.edit((each) => Object.assign(each.spec, patch.spec));
}
