import { setTimeout as pause } from "node:timers/promises";
import type { Application } from "@trireme/api/argo";
import { asAppError } from "@trireme/runtime";
import { appRequest, ownerOf } from "../application/resources/tree.ts";
import type { Call } from "../rpc.ts";
import type { Outbox } from "./outbox.ts";
import { mayGet, type NamedTopic } from "./topics.ts";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/**
 * The tree of one application, and again whenever it changed, for as long as the caller may see the application. While
 * its controller does not answer the topic is said to be stale, and it is tried again. Returns the way to stop.
 */
export function followTree(topic: NamedTopic & { text: string }, outbox: Outbox, call: Call): () => void {
  const ending = new AbortController();
  const signal = AbortSignal.any([call.signal, ending.signal]);
  void (async () => {
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const app = call.ctx.applications.get(topic.namespace, topic.name);
      if (app === undefined || !mayGet(app, call)) {
        await changed(topic, call, signal);
        wait = FIRST_WAIT_MS;
        continue;
      }
      try {
        for await (const chunk of ownerOf(app, call.ctx).watchTree(appRequest(app), { signal, deadlineMs: Infinity })) {
          wait = FIRST_WAIT_MS;
          const object: unknown = JSON.parse(String(chunk.json));
          if (isShown(app, call)) outbox.put(topic.text, () => ({ topic: topic.text, type: "TREE", object }));
        }
      } catch (thrown) {
        if (signal.aborted) return;
        const { message } = asAppError(thrown);
        if (isShown(app, call)) outbox.put(`${topic.text} stale`, () => ({ topic: topic.text, type: "STALE", message }));
      }
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  })();
  return () => ending.abort();
}

/** The same application, still to be seen. */
function isShown({ metadata }: Application, call: Call): boolean {
  const now = call.ctx.applications.get(metadata.namespace ?? "", metadata.name ?? "");
  return now !== undefined && now.metadata.uid === metadata.uid && mayGet(now, call);
}

/** Resolves at the next change of the application, or when the signal aborts. */
function changed(topic: { namespace: string; name: string }, { ctx }: Call, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const stop = ctx.applications.on(({ object }) => {
      if (object.metadata.namespace === topic.namespace && object.metadata.name === topic.name) done();
    });
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
