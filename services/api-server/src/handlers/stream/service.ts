import { filter, stream, type Call, type Rpc } from "../rpc.ts";
import { followApplications } from "./applications.ts";
import { createOutbox, type StreamEvent } from "./outbox.ts";
import { topicsOf } from "./topics.ts";
import { followTree } from "./trees.ts";

/** One connection for everything that a browser follows. */
export const streamService: Record<string, Rpc> = {
  Follow: stream(filter("applications"), (request, call) => follow(request.topic ?? [], call)),
};

async function* follow(wanted: readonly string[], call: Call): AsyncIterable<StreamEvent> {
  const topics = topicsOf(wanted, call.ctx.namespace);
  const outbox = createOutbox(call.signal);
  const stops = [followApplications(topics, outbox, call), ...topics.flatMap((topic) => (topic.kind === "tree" ? [followTree(topic, outbox, call)] : []))];
  try {
    yield { topic: "", type: "OPEN", ...(topics.some(({ kind }) => kind === "applications") && { resourceVersion: call.ctx.applications.resourceVersion() }) };
    yield* outbox.events();
  } finally {
    for (const stop of stops) stop();
  }
}
