import type { Context } from "../context.ts";

/** Changes that come together are judged together. */
const SETTLE_MS = 100;

/**
 * Asks for a stream's permission again whenever accounts, policies or projects change, and when its token ends.
 * `ended` aborts with the refusal.
 * @param expiresAt seconds since 1970; undefined: never.
 */
export function standingPermission(admit: () => Promise<unknown>, expiresAt: number | undefined, ctx: Context): { ended: AbortSignal } & Disposable {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ask = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      admit().catch((refusal: unknown) => ending.abort(refusal));
    }, SETTLE_MS).unref();
  };
  const stops = [ctx.plane.secrets.on(ask), ctx.plane.configMaps.on(ask), ctx.plane.projects.on(ask)];
  if (expiresAt !== undefined) stops.push(ctx.clock.at(expiresAt * 1000, ask));
  return {
    ended: ending.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}
