import { AppError, Code } from "./errors.ts";
import { retry, withDeadline } from "./retry.ts";

const failure = (retryable: "never" | "now") => new AppError("no", { reason: "No", retry: retryable });
const fast = { initialMs: 1, factor: 1, maxMs: 1, jitter: 0 };

describe(retry, () => {
  it("comes back until it works", async () => {
    expect(await retry((attempt) => (attempt < 3 ? Promise.reject(failure("now")) : Promise.resolve(attempt)), { attempts: 5, backoff: fast })).toBe(3);
  });

  it("does not come back where that cannot help, nor beyond its attempts", async () => {
    let tries = 0;
    await expect(retry(() => (tries++, Promise.reject(failure("never"))), { attempts: 5, backoff: fast })).rejects.toThrow("no");
    expect(tries).toBe(1);
    await expect(retry(() => (tries++, Promise.reject(failure("now"))), { attempts: 2, backoff: fast })).rejects.toThrow("no");
    expect(tries).toBe(3);
  });
});

describe(withDeadline, () => {
  it("names what it waited for and aborts the work", async () => {
    let aborted = false;
    const work = withDeadline("listing pods", 5, (signal) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ message: "listing pods took longer than 0.005 s", code: Code.DeadlineExceeded });
    expect(aborted).toBe(true);
  });

  it("passes on the outer signal's reason", async () => {
    const outer = new AbortController();
    const work = withDeadline("x", 1000, () => new Promise(() => undefined), outer.signal);
    outer.abort(new Error("stopping"));
    await expect(work).rejects.toThrow("stopping");
  });

  it("gives the value back in time", async () => {
    expect(await withDeadline("x", 1000, () => Promise.resolve(1))).toBe(1);
  });
});
