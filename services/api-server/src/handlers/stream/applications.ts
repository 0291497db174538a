import type { Application } from "@trireme/api/argo";
import { preparedApplication } from "../application/prepared.ts";
import { withResourceHealth } from "../application/resources/resource-health.ts";
import type { Call } from "../rpc.ts";
import { listed, type Listed } from "./listed.ts";
import type { Outbox, StreamEvent } from "./outbox.ts";
import { mayGet, type Topic } from "./topics.ts";

const TYPES = { added: "ADDED", modified: "MODIFIED", deleted: "DELETED" } as const;

/** Changes of the applications that the topics name; a named one comes first as it stands. Returns the way to stop. */
export function followApplications(topics: readonly Topic[], outbox: Outbox, call: Call): () => void {
  const { ctx, signal } = call;
  const all = topics.find(({ kind }) => kind === "applications");
  const named = new Map<string, string[]>();
  for (const topic of topics) if (topic.kind === "application") named.set(keyOf(topic), [...(named.get(keyOf(topic)) ?? []), topic.text]);
  /** What the list was told of each application last. */
  const told = new Map<string, Listed>();

  const tell = (app: Application, type: StreamEvent["type"]): void => {
    const key = keyOf({ namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" });
    for (const topic of named.get(key) ?? []) {
      outbox.put(`${topic} ${key}`, async () => ({ topic, type, object: type === "DELETED" ? preparedApplication(app) : await shown(app) }));
    }
    if (all === undefined) return;
    const cut = listed(app);
    if (type === "MODIFIED" && told.get(key)?.text === cut.text) return;
    if (type === "DELETED") told.delete(key);
    else told.set(key, cut);
    outbox.put(`${all.text} ${key}`, () => ({ topic: all.text, type, object: cut.object }));
  };
  const shown = async (app: Application): Promise<unknown> => preparedApplication(await withResourceHealth(app, ctx, signal));

  const stop = ctx.applications.on(({ type, object, old }) => {
    if (!ctx.applications.serves(object.metadata.namespace ?? "")) return;
    if (mayGet(object, call)) tell(object, TYPES[type]);
    // Gone from what the caller may see, as into a project of others.
    else if (old !== undefined && mayGet(old, call)) tell(old, "DELETED");
  });
  for (const topic of topics) {
    const app = topic.kind === "application" ? ctx.applications.get(topic.namespace, topic.name) : undefined;
    if (app !== undefined && mayGet(app, call)) outbox.put(`${topic.text} ${keyOf(app.metadata)}`, async () => ({ topic: topic.text, type: "ADDED", object: await shown(app) }));
  }
  return stop;
}

const keyOf = ({ namespace, name }: { namespace?: string; name?: string }): string => `${namespace ?? ""}/${name ?? ""}`;
