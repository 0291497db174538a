import type { Context } from "../context.ts";

/** Changes that come together are judged together. */
const SETTLE_MS = 100;

/**
 * Asks for a stream's permission again whenever accounts, policies or projects change. `ended` aborts
 * with the refusal.
 */
export function standingPermission(admit: () => Promise<unknown>, ctx: Context): { ended: AbortSignal } & Disposable {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ask = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      admit().catch((refusal: unknown) => ending.abort(refusal));
    }, SETTLE_MS).unref();
  };
  const stops = [ctx.plane.secrets.on(ask), ctx.plane.configMaps.on(ask), ctx.plane.projects.on(ask)];
  return {
    ended: ending.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}
