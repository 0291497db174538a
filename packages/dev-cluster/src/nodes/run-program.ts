import type { Step } from "./program.ts";

export interface ProgramIo {
  print(line: string): void;
  /** What the program leaves in its termination log. */
  message(text: string): void;
  signal: AbortSignal;
}

/** Runs the steps in real time; answers the exit code. Rejects with the signal's reason when it is stopped. */
export async function runProgram(steps: readonly Step[], io: ProgramIo): Promise<number> {
  return (await runSteps(steps, io, 0)).code;
}

async function runSteps(steps: readonly Step[], io: ProgramIo, last: number): Promise<{ code: number; exited: boolean }> {
  let code = last;
  for (const step of steps) {
    io.signal.throwIfAborted();
    switch (step.do) {
      case "print":
        for (const line of step.text.split("\n")) io.print(line);
        break;
      case "message":
        io.message(step.text);
        break;
      case "sleep":
        await sleep(step.ms, io.signal);
        break;
      case "run-for-ever":
        await sleep(undefined, io.signal);
        break;
      case "exit":
        return { code: step.code, exited: true };
      case "result":
        code = step.code;
        break;
      case "when":
        if ((code === 0) === (step.last === "ok")) {
          const inner = await runSteps(step.steps, io, code);
          if (inner.exited) return inner;
          code = inner.code;
        }
        break;
      case "repeat":
        for (;;) {
          const inner = await runSteps(step.steps, io, code);
          if (inner.exited) return inner;
        }
    }
  }
  return { code, exited: false };
}

function sleep(ms: number | undefined, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = ms === undefined ? undefined : setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
  const stop = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", stop));
}
