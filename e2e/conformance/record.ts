/**
 * Writes down what a real Kubernetes answers, for the runs that have none:
 *   node e2e/conformance/record.ts calls [CHAPTER…]
 *   node e2e/conformance/record.ts apply [SEED]
 *   node e2e/conformance/record.ts stories [STORY…]
 *   node e2e/conformance/record.ts merge [SEED]
 */
import { startControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { keepSequences } from "./apply/corpus.ts";
import { appliedKinds } from "./apply/kinds.ts";
import { inventSequence, prepareForApply, type Sequence } from "./apply/sequence.ts";
import { chapters } from "./chapters/index.ts";
import { recordWrites } from "./merge/record-of-writes.ts";
import { Play } from "./play.ts";
import { keepAnswers, RECORDED_MINOR } from "./record-of-calls.ts";
import { serverOf } from "./server.ts";
import { stories } from "./stories/all.ts";
import { recordStory } from "./stories/play.ts";
import { keepFrames } from "./stories/record-of-stories.ts";
import { wholeServer } from "./stories/whole-server.ts";

const SEQUENCES = 2_100;
const LENGTH = 6;

const [what, ...rest] = process.argv.slice(2);
if (what === "stories") await recordStories(rest);
else if (what === "calls" || what === "apply" || what === "merge") {
  await using controlPlane = await startControlPlane({ controllers: false, version: RECORDED_MINOR, log: console.error });
  const seed = Number(rest[0] ?? 1);
  if (what === "calls") await recordCalls(controlPlane, rest);
  else if (what === "apply") await recordApply(controlPlane.kubeconfig, seed);
  else console.log(`${await recordWrites(controlPlane.kubeconfig, seed)} writes`);
} else throw new Error("usage: node e2e/conformance/record.ts calls [CHAPTER…] | apply [SEED] | stories [STORY…] | merge [SEED]");

async function recordStories(names: readonly string[]): Promise<void> {
  const stops: (() => Promise<unknown>)[] = [];
  const server = await wholeServer("real", stops);
  const wanted = stories.filter(({ name }) => names.length === 0 || names.includes(name));
  const failed: unknown[] = [];
  await Promise.all(wanted.map((story) => recordStory(server, story).then((frames) => keepFrames(story, frames), (error: unknown) => failed.push(error))));
  for (const stop of stops.reverse()) await stop();
  console.log(`${wanted.length - failed.length} of ${wanted.length} stories`);
  if (failed.length > 0) throw new AggregateError(failed, failed.map((error) => (error as Error).message).join("\n"));
}

async function recordCalls(controlPlane: ControlPlane, names: readonly string[]): Promise<void> {
  using server = await serverOf(controlPlane.kubeconfig, () => controlPlane.compact());
  for (const chapter of chapters.filter(({ name }) => names.length === 0 || names.includes(name))) {
    using play = new Play(server);
    const answers: unknown[] = [];
    for (const call of chapter.calls) answers.push(await play.answer(call));
    keepAnswers(chapter, answers);
    console.log(`${chapter.name}: ${answers.length} calls`);
  }
}

async function recordApply(kubeconfig: string, seed: number): Promise<void> {
  const sequences: Sequence[] = new Array(SEQUENCES);
  using first = await serverOf(kubeconfig);
  await prepareForApply(first);
  let next = 0;
  const worker = async (): Promise<void> => {
    using server = await serverOf(kubeconfig);
    for (let index = next++; index < SEQUENCES; index = next++) sequences[index] = await inventSequence(server, appliedKinds[index % appliedKinds.length]!, `s${index}`, seed * 1_000_003 + index, LENGTH);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  const full = sequences.filter(({ moves }) => moves.length > 1);
  keepSequences(full);
  const moves = full.flatMap((one) => one.moves);
  console.log(`${full.length} sequences, ${moves.length} writes, ${moves.filter(({ answer }) => (answer as any).code === 409).length} conflicts, ${moves.filter(({ answer }) => (answer as any).code >= 400 && (answer as any).code !== 409).length} errors of the merge`);
}
