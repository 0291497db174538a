/** Random Rollouts and how they end, for tests that play them on a cluster too. */
export { endOf, letGoPatches, type Seen } from "./_end.ts";
export { isDecidedByTime, letGo, play } from "./_play.ts";
export { patchFor, randomOf, scenarioOf, type InputPatch, type Scenario } from "./_scenario.ts";
