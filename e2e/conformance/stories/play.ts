import { until } from "../../support/until.ts";
import { firstDifference } from "../apply/difference.ts";
import { Play } from "../play.ts";
import type { Server } from "../server.ts";
import { frameOf, type Frame } from "./frame.ts";
import { namespaceOf, type Story } from "./story.ts";

const DEADLINE_MS = 120_000;
/** How long nothing may change before a state is written down as the last one. */
const QUIET_MS = 2_500;

/** Plays a story for the record: each step's state once it is what it should be and stays so. */
export async function recordStory(server: Server, story: Story): Promise<Frame[]> {
  const frames: Frame[] = [];
  await play(server, story, async (step) => {
    let last = "";
    let since = Date.now();
    const frame = await until(`${story.name}: ${step.name}`, () => frameOf(server, namespaceOf(story)), (seen) => {
      const text = JSON.stringify(seen);
      if (text !== last) [last, since] = [text, Date.now()];
      if (!step.done(seen)) return { notYet: text.slice(0, 3_000) };
      return Date.now() - since > QUIET_MS || { notYet: "changing" };
    }, DEADLINE_MS);
    frames.push(frame);
  });
  return frames;
}

/** Plays a story and waits after each step for the recorded state. Fails with where the states part. */
export async function replayStory(server: Server, story: Story, recorded: readonly Frame[]): Promise<void> {
  await play(server, story, async (step, index) => {
    await until(`${story.name}: ${step.name}`, () => frameOf(server, namespaceOf(story)), (seen) => {
      const difference = firstDifference(recorded[index], seen);
      return difference === undefined || { notYet: difference };
    }, DEADLINE_MS);
  });
}

async function play(server: Server, story: Story, settled: (step: Story["steps"][number], index: number) => Promise<void>): Promise<void> {
  using hands = new Play(server);
  const NS = namespaceOf(story);
  await server.ask({ method: "POST", path: "/api/v1/namespaces", body: { apiVersion: "v1", kind: "Namespace", metadata: { name: NS } } });
  await until("the namespace's account", () => server.ask({ method: "GET", path: `/api/v1/namespaces/${NS}/serviceaccounts/default` }), ({ code }) => code === 200 || { notYet: `answered ${code}` });
  for (const [index, step] of story.steps.entries()) {
    for (const request of step.requests) {
      const answer = (await hands.answer({ name: step.name, ...request })) as { code: number; body: unknown };
      if (answer.code >= 300) throw new Error(`${story.name}: ${step.name}: ${request.method} ${request.path} was answered ${answer.code}: ${JSON.stringify(answer.body)}`);
    }
    await settled(step, index);
  }
}
