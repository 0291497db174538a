import type { Writable } from "node:stream";

/** The shared promise as one caller waits for it: that caller's cancellation ends the waiting, not the work of the others. */
export function waited<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise<T>((resolve, reject) => {
    const cancel = () => reject(signal.reason);
    signal.addEventListener("abort", cancel, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
  });
}

/** Resolves after `ms`, or rejects with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted) return Promise.reject(signal.reason);
  const cancel = () => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener("abort", cancel);
    resolve();
  }, ms);
  signal?.addEventListener("abort", cancel, { once: true });
  return promise;
}

/** Until the reader has taken what was written, or has gone. No listener stays: a slow reader of a long stream is waited for without end. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
    if (stream.destroyed) done();
  });
}
