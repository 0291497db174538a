/**
 * Plays the kept sequences on a new dev cluster and prints the kinds of differences, the most frequent first:
 *   node e2e/conformance/apply/compare.ts [NAME]
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startDevCluster } from "@trireme/dev-cluster";
import { serverOf } from "../server.ts";
import { recordedSequences } from "./corpus.ts";
import { firstDifference } from "./difference.ts";
import { prepareForApply, repeatSequence } from "./sequence.ts";

const [only] = process.argv.slice(2);
const folder = mkdtempSync(path.join(os.tmpdir(), "trireme-compare-"));
await using dev = await startDevCluster({ countedRequests: 0 });
dev.writeKubeconfig(path.join(folder, "kubeconfig"));
using server = await serverOf(path.join(folder, "kubeconfig"));
await prepareForApply(server);

const found = new Map<string, string[]>();
let equal = 0;
const sequences = recordedSequences().filter(({ name }) => only === undefined || name === only);
for (const sequence of sequences) {
  const answers = await repeatSequence(server, sequence);
  const at = answers.findIndex((answer, index) => firstDifference(sequence.moves[index]!.answer, answer) !== undefined);
  if (at < 0) {
    equal++;
    continue;
  }
  const move = sequence.moves[at]!;
  const text = `${sequence.kind} ${move.method} ${move.type}${move.status ? " status" : ""}: ${firstDifference(move.answer, answers[at])}`;
  found.set(text, [...(found.get(text) ?? []), `${sequence.name}/${at}`]);
  if (only !== undefined) console.log(JSON.stringify({ before: sequence.moves[at - 1]?.answer, move, got: answers[at] }, null, 1));
}
rmSync(folder, { recursive: true });
for (const [text, where] of [...found].sort(([, a], [, b]) => b.length - a.length)) console.log(`${where.length} x ${text} (${where.slice(0, 3).join(" ")})`);
console.log(`${equal} of ${sequences.length} sequences equal`);
