import type { ApiContext } from "../server/context.ts";

const TTL_MS = 3600_000;

/** Events are forgotten an hour after their last change, as a server's etcd leases do. Answers the way to stop. */
export function expireEvents(ctx: ApiContext): () => void {
  /** Keys with their last change, oldest first. */
  const changed = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    const [first] = changed.values();
    if (timer || first === undefined) return;
    timer = setTimeout(sweep, Math.max(first + TTL_MS - ctx.now(), 1000)).unref();
  };
  const sweep = (): void => {
    timer = undefined;
    for (const [key, at] of [...changed]) {
      if (at + TTL_MS > ctx.now()) break;
      changed.delete(key);
      ctx.store.remove("events", key);
    }
    plan();
  };
  const note = (key: string, at: number): void => {
    changed.delete(key);
    changed.set(key, at);
  };
  const stored = ctx.store.list("events").map(({ key, object }) => ({ key, at: Date.parse(object["lastTimestamp"] ?? object.metadata.creationTimestamp ?? "") || 0 }));
  for (const { key, at } of stored.sort((a, b) => a.at - b.at)) note(key, at);
  const stop = ctx.store.onWrite("events", ({ type, stored: { key } }) => {
    if (type === "DELETED") changed.delete(key);
    else note(key, ctx.now());
    plan();
  });
  plan();
  return () => {
    stop();
    clearTimeout(timer);
  };
}
