import { describeUnless, full, sample, seed } from "../../support/sample.ts";
import { clusterKind } from "../../support/stack.ts";
import { conformanceObstacle } from "../obstacle.ts";
import { serverAlone } from "../server-alone.ts";
import type { Server } from "../server.ts";
import { recordedSequences } from "./corpus.ts";
import { firstDifference } from "./difference.ts";
import { appliedKinds } from "./kinds.ts";
import { inventSequence, prepareForApply, repeatSequence, type Sequence } from "./sequence.ts";

const SAMPLE = 200;
const FRESH = full ? 400 : 60;

// What a real server made of each write is in the corpus: the embedded cluster must make the same of it, in every run.
describeUnless(conformanceObstacle(), "apply, updates and patches by several managers", () => {
  const stops: (() => Promise<unknown>)[] = [];
  let server: Server;

  beforeAll(async () => {
    server = await serverAlone(clusterKind, stops);
    await prepareForApply(server);
  }, 600_000);

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  it(`give the recorded objects, managedFields and conflicts (${full ? "all sequences" : `${SAMPLE} sequences, seed ${seed}`})`, async () => {
    const sequences = recordedSequences();
    expect(sequences.length).toBeGreaterThanOrEqual(2_000);
    const wrong: string[] = [];
    for (const sequence of sample(sequences, SAMPLE, "apply")) wrong.push(...(await differences(server, sequence)));
    expect(wrong).toEqual([]);
  }, 900_000);
});

// New games on both servers, so that the corpus does not become what the embedded cluster is tailored to.
describeUnless(clusterKind === "real" ? conformanceObstacle() : "new sequences need the real control plane: npm run e2e -- --cluster real", "sequences that were never played before", () => {
  const stops: (() => Promise<unknown>)[] = [];
  let servers: { real: Server; dev: Server };

  beforeAll(async () => {
    servers = { real: await serverAlone("real", stops), dev: await serverAlone("dev", stops) };
    await prepareForApply(servers.real);
    await prepareForApply(servers.dev);
  }, 600_000);

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  it(`end alike on both servers (${FRESH}, seed ${seed})`, async () => {
    const wrong: string[] = [];
    for (let index = 0; index < FRESH; index++) {
      const sequence = await inventSequence(servers.real, appliedKinds[(seed + index) % appliedKinds.length]!, `fresh-${index}`, seed * 7919 + index, 6);
      wrong.push(...(await differences(servers.dev, sequence)));
    }
    expect(wrong).toEqual([]);
  }, 900_000);
});

/** The first write whose outcome differs; those after it start from different objects. */
async function differences(server: Server, sequence: Sequence): Promise<string[]> {
  const answers = await repeatSequence(server, sequence);
  for (const [index, { answer, ...move }] of sequence.moves.entries()) {
    const difference = firstDifference(answer, answers[index]);
    if (difference !== undefined) return [`${sequence.kind} ${sequence.name}, write ${index} (${move.method} ${move.type} by ${move.manager}): ${difference}\n  sent ${JSON.stringify(move.sent)}`];
  }
  return [];
}
