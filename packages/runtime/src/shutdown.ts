import { once } from "node:events";
import type { Logger } from "./logger.ts";

/** Longest that a process takes to end once told to. */
export const SHUTDOWN_MS = 10_000;

/** A second signal this soon is the same one that came by two ways (a process group and a parent). */
const SAME_SIGNAL_MS = 1000;

/** Aborts on SIGTERM or SIGINT; a second signal, a second later, ends the process at once. */
export function stopSignal(log?: Logger): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1);
        return;
      }
      first = performance.now();
      log?.info({ signal: name }, "stopping");
      controller.abort(new Error(name));
    });
  }
  return controller.signal;
}

/**
 * A service's whole life: start, wait for the signal, close within ten seconds.
 * What start returns is closed; a start that fails ends the process with its message and code 1.
 */
export async function runService(log: Logger, start: (signal: AbortSignal) => Promise<AsyncDisposable>): Promise<void> {
  const signal = stopSignal(log);
  process.on("unhandledRejection", (error) => log.error({ error }, "unhandled rejection"));
  try {
    const running = await start(signal);
    if (!signal.aborted) await once(signal, "abort");
    const forced = setTimeout(() => {
      log.warn("not everything closed in time");
      process.exit(1);
    }, SHUTDOWN_MS);
    forced.unref();
    await running[Symbol.asyncDispose]();
    log.info("stopped");
    process.exit(0);
  } catch (error) {
    log.fatal({ error }, "could not start");
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
