import { describeUnless } from "../support/sample.ts";
import { clusterKind } from "../support/stack.ts";
import { acceptedDifferences, outlineOf } from "./accepted-differences.ts";
import { chapters } from "./chapters/index.ts";
import { conformanceObstacle } from "./obstacle.ts";
import { keysOf, Play } from "./play.ts";
import { recordedAnswers } from "./record-of-calls.ts";
import { serverAlone } from "./server-alone.ts";
import type { Server } from "./server.ts";

// The real server's answers are a file. The embedded cluster is held to it in every run; the file is held to the real
// server where that one is asked for.
describeUnless(conformanceObstacle(), "calls", () => {
  const stops: (() => Promise<unknown>)[] = [];
  let server: Server;

  beforeAll(async () => {
    server = await serverAlone(clusterKind, stops);
  }, 600_000);

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  describe.each(chapters)("$name", (chapter) => {
    let play: Play;
    const expected = recordedAnswers(chapter);
    beforeAll(() => {
      play = new Play(server);
    });
    afterAll(() => play[Symbol.dispose]());

    it.each(keysOf(chapter).map((key, index) => [key, index] as const))("%s", async (_, index) => {
      const call = chapter.calls[index]!;
      const answer = await play.answer(call);
      if (acceptedDifferences.some((one) => one.call === `${chapter.name}: ${call.name}`)) expect(outlineOf(answer)).toEqual(outlineOf(expected[index]));
      else expect(answer).toEqual(expected[index]);
    });
  });
});
