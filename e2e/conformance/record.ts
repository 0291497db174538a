/**
 * Writes down what a real Kubernetes answers, for the runs that have none:
 *   node e2e/conformance/record.ts calls [CHAPTER…]
 *   node e2e/conformance/record.ts apply [SEED]
 */
import { startControlPlane } from "../control-plane/control-plane.ts";
import { keepSequences } from "./apply/corpus.ts";
import { appliedKinds } from "./apply/kinds.ts";
import { inventSequence, prepareForApply, type Sequence } from "./apply/sequence.ts";
import { chapters } from "./chapters/index.ts";
import { Play } from "./play.ts";
import { keepAnswers, RECORDED_MINOR } from "./record-of-calls.ts";
import { serverOf } from "./server.ts";

const SEQUENCES = 2_100;
const LENGTH = 6;

const [what, ...rest] = process.argv.slice(2);
if (what !== "calls" && what !== "apply") throw new Error("usage: node e2e/conformance/record.ts calls [CHAPTER…] | apply [SEED]");
await using controlPlane = await startControlPlane({ controllers: false, version: RECORDED_MINOR, log: console.error });
await (what === "calls" ? recordCalls(rest) : recordApply(Number(rest[0] ?? 1)));

async function recordCalls(names: readonly string[]): Promise<void> {
  using server = await serverOf(controlPlane.kubeconfig);
  for (const chapter of chapters.filter(({ name }) => names.length === 0 || names.includes(name))) {
    using play = new Play(server);
    const answers: unknown[] = [];
    for (const call of chapter.calls) answers.push(await play.answer(call));
    keepAnswers(chapter, answers);
    console.log(`${chapter.name}: ${answers.length} calls`);
  }
}

async function recordApply(seed: number): Promise<void> {
  const sequences: Sequence[] = new Array(SEQUENCES);
  using first = await serverOf(controlPlane.kubeconfig);
  await prepareForApply(first);
  let next = 0;
  const worker = async (): Promise<void> => {
    using server = await serverOf(controlPlane.kubeconfig);
    for (let index = next++; index < SEQUENCES; index = next++) sequences[index] = await inventSequence(server, appliedKinds[index % appliedKinds.length]!, `s${index}`, seed * 1_000_003 + index, LENGTH);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  const full = sequences.filter(({ moves }) => moves.length > 1);
  keepSequences(full);
  const moves = full.flatMap((one) => one.moves);
  console.log(`${full.length} sequences, ${moves.length} writes, ${moves.filter(({ answer }) => (answer as any).code === 409).length} conflicts, ${moves.filter(({ answer }) => (answer as any).code >= 400 && (answer as any).code !== 409).length} errors of the merge`);
}
