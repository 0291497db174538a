import { decide } from "../src/decide.ts";
import type { Model } from "./_model.ts";
import { endOf, isDecidedByTime, letGo, play, randomOf, scenarioOf } from "./_testing.ts";

/** The first of them is in the name of every test: TRIREME_TEST_SEED repeats it. */
const FIRST = Number(process.env["TRIREME_TEST_SEED"] ?? Math.ceil(Math.random() * 1_000_000));
const COUNT = Number(process.env["TRIREME_ROLLOUTS"] ?? (process.env["TRIREME_TEST_FULL"] === "1" ? 5000 : 500));
const CHUNK = 50;
const chunks = Array.from({ length: Math.ceil(COUNT / CHUNK) }, (_, chunk) => ({ from: FIRST + chunk * CHUNK, count: Math.min(CHUNK, COUNT - chunk * CHUNK) }));

/**
 * Random Rollouts on a cluster in memory with a virtual clock. On the way available pods never fall below what the
 * strategy promises, there are never more than its surge allows, and Services select sets that exist; everything ends,
 * and the end is that of an undisturbed controller, where it does not depend on when somebody acts.
 */
describe("random rollouts", () => {
  it.each(chunks)("keep every promise and end as if undisturbed: $count from seed $from", ({ from, count }) => {
    for (let seed = from; seed < from + count; seed++) {
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
  const disturbed = play(scenario(), { random: randomOf(seed + 1_000_000), kill: 0.15, deaf: 0.2, waitForRest: true });
  const hurried = play(scenario(), { random: randomOf(seed + 2_000_000), kill: 0.05, deaf: 0.1, waitForRest: false });
  const isComparable = !isDecidedByTime(scenario());
  for (const model of [undisturbed, disturbed, hurried]) hasEnded(model);
  if (isComparable) expect(endOf(disturbed)).toEqual(endOf(undisturbed));
  for (const model of [undisturbed, disturbed, hurried]) {
    letGo(model);
    hasEnded(model);
  }
  if (isComparable) expect(endOf(disturbed)).toEqual(endOf(undisturbed));
}

/** At rest: nothing is left to write, every run is over, and the Rollout says what it is. */
function hasEnded(model: Model): void {
  expect(["Healthy", "Degraded", "Paused"]).toContain(model.rollout.status?.phase);
  expect(model.runs.filter((run) => !["Successful", "Failed", "Error", "Inconclusive"].includes(run.status?.phase ?? "")).map((run) => run.metadata.name)).toEqual([]);
  expect(decide(model.snapshot()).writes).toEqual([]);
}
