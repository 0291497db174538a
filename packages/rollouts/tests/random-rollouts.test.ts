import { decide } from "../src/decide.ts";
import type { Model } from "./_model.ts";
import { endOf, play, randomOf, scenarioOf } from "./_random.ts";

const FULL = process.env["TRIREME_TEST_FULL"] === "1";
// A full run goes where its seed says; the sample is the same each time, so that a change is told by it and not by chance.
const FIRST = FULL || process.env["TRIREME_ROLLOUTS"] !== undefined ? Number(process.env["TRIREME_TEST_SEED"] ?? "1") : 500_000;
const COUNT = Number(process.env["TRIREME_ROLLOUTS"] ?? (FULL ? 5000 : 500));
const CHUNK = 50;

/**
 * Random Rollouts on a cluster in memory with a virtual clock. On the way available pods never fall below what the
 * strategy promises, there are never more than its surge allows, and Services select sets that exist; everything ends,
 * and the end is that of an undisturbed controller.
 */
describe("random rollouts", () => {
  it.each(Array.from({ length: Math.ceil(COUNT / CHUNK) }, (_, chunk) => chunk * CHUNK))("keep every promise and end as if undisturbed, from seed %i", (offset) => {
    for (let index = 0; index < CHUNK; index++) {
      const seed = FIRST + offset + index;
      try {
        playSeed(seed);
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}\n${JSON.stringify(scenarioOf(randomOf(seed)))}`, { cause: error });
      }
    }
  }, 120_000);
});

function playSeed(seed: number): void {
  const scenario = () => scenarioOf(randomOf(seed));
  const undisturbed = play(scenario());
  hasEnded(undisturbed);
  const disturbed = play(scenario(), { random: randomOf(seed + 1_000_000), kill: 0.15, deaf: 0.2, waitForRest: true });
  hasEnded(disturbed);
  expect(endOf(disturbed)).toEqual(endOf(undisturbed));
  hasEnded(play(scenario(), { random: randomOf(seed + 2_000_000), kill: 0.05, deaf: 0.1, waitForRest: false }));
}

/** At rest: nothing is left to write, every run is over, and the Rollout says what it is. */
function hasEnded(model: Model): void {
  expect(["Healthy", "Degraded", "Paused"]).toContain(model.rollout.status?.phase);
  expect(model.runs.filter((run) => !["Successful", "Failed", "Error", "Inconclusive"].includes(run.status?.phase ?? "")).map((run) => run.metadata.name)).toEqual([]);
  expect(decide(model.snapshot()).writes).toEqual([]);
}
