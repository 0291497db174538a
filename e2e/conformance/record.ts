/**
 * Writes down what a real Kubernetes answers, for the runs that have none:
 *   node e2e/conformance/record.ts calls [CHAPTER…]
 */
import { startControlPlane } from "../control-plane/control-plane.ts";
import { chapters } from "./chapters/index.ts";
import { Play } from "./play.ts";
import { keepAnswers, RECORDED_MINOR } from "./record-of-calls.ts";
import { serverOf } from "./server.ts";

const [what, ...names] = process.argv.slice(2);
if (what !== "calls") throw new Error("usage: node e2e/conformance/record.ts calls [CHAPTER…]");

await using controlPlane = await startControlPlane({ controllers: false, version: RECORDED_MINOR, log: console.error });
using server = await serverOf(controlPlane.kubeconfig);
for (const chapter of chapters.filter(({ name }) => names.length === 0 || names.includes(name))) {
  using play = new Play(server);
  const answers: unknown[] = [];
  for (const call of chapter.calls) answers.push(await play.answer(call));
  keepAnswers(chapter, answers);
  console.log(`${chapter.name}: ${answers.length} calls`);
}
