import { describeUnless, full } from "../../support/sample.ts";
import { clusterKind } from "../../support/stack.ts";
import { conformanceObstacle } from "../obstacle.ts";
import { stories } from "./all.ts";
import { replayStory } from "./play.ts";
import { recordedFrames } from "./record-of-stories.ts";
import { wholeServer } from "./whole-server.ts";

// The states that a real cluster's controllers came to rest in are data; every cluster must come to the same.
describeUnless(conformanceObstacle(), "what controllers and kubelets make of", () => {
  const stops: (() => Promise<unknown>)[] = [];
  const played = stories.filter(({ slow }) => full || !slow);
  let ends: Map<string, Promise<PromiseSettledResult<void>>>;

  // Stories live in namespaces of their own: all are played at once.
  beforeAll(async () => {
    const server = await wholeServer(clusterKind, stops);
    ends = new Map(played.map((story) => [story.name, Promise.allSettled([replayStory(server, story, recordedFrames(story))]).then(([end]) => end)]));
  }, 600_000);

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  it.each(played.map(({ name }) => name))("%s", async (name) => {
    const end = await ends.get(name)!;
    if (end.status === "rejected") throw end.reason;
  }, 600_000);
});
