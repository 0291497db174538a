import { createToolRunner, type ToolCall, type ToolLimits } from "./run-tool.ts";

const call = (script: string, more: Partial<ToolCall> = {}): ToolCall => ({ binary: "/bin/sh", args: ["-c", script], shown: "tool run", cwd: "/tmp", env: {}, ...more });
const runner = (limits: Partial<ToolLimits> = {}, forks: string[] = []) => createToolRunner({ timeoutMs: 5000, fatalTimeoutMs: 200, maxOutputBytes: 1000, parallelism: 2, ...limits }, (command) => forks.push(command));

describe(createToolRunner, () => {
  it("gives what the program printed, from a clean environment", async () => {
    process.env["SECRET_OF_THE_SERVER"] = "x";
    const forks: string[] = [];
    const out = await runner({}, forks)(call("env", { env: { OWN: "1" } }));
    expect(out).toContain("OWN=1");
    expect(out).not.toContain("SECRET_OF_THE_SERVER");
    expect(forks).toEqual(["sh -c"]);
  });

  it("fails with the program's own last words, secrets left out", async () => {
    await expect(runner()(call("echo 'bad pa55 in /private/x' >&2; exit 3", { hide: [["pa55", "******"], ["/private/", ""]] }))).rejects.toMatchObject({ reason: "ToolFailed", message: "`tool run` failed exit status 3: bad ****** in x" });
  });

  it("ends a program that takes too long, and the ones that it started, though they will not listen", async () => {
    const started = performance.now();
    await expect(runner({ timeoutMs: 200 })(call("trap '' TERM; sleep 60 & sleep 60; sleep 60"))).rejects.toMatchObject({ reason: "ToolTimeout", message: "`tool run` failed timeout after 200ms" });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("ends a program that prints too much", async () => {
    await expect(runner()(call("yes"))).rejects.toMatchObject({ reason: "ToolOutputTooLarge", message: "`tool run` failed printing more than 1000 bytes" });
  });

  it("names a program that there is not", async () => {
    await expect(runner()(call("", { binary: "no-such-helm" }))).rejects.toMatchObject({ reason: "ToolMissing", message: "no-such-helm is not on this machine; `tool run` needs it" });
  });

  it("ends everything at once when the server stops", async () => {
    const closing = new AbortController();
    const run = createToolRunner({ timeoutMs: 5000, fatalTimeoutMs: 5000, maxOutputBytes: 1000, parallelism: 2 }, () => undefined, closing.signal);
    const running = run(call("trap '' TERM; sleep 60; sleep 60"));
    const started = performance.now();
    setImmediate(() => closing.abort(new Error("stop")));
    await expect(running).rejects.toMatchObject({ reason: "Canceled" });
    expect(performance.now() - started).toBeLessThan(3000);
    await expect(run(call("echo never"))).rejects.toMatchObject({ reason: "Canceled" });
  });

  it("ends with its caller, and runs so many at a time", async () => {
    const run = runner({ parallelism: 1 });
    const leaving = new AbortController();
    const gone = AbortSignal.abort(new Error("gone before"));
    await expect(run(call("echo never"), gone)).rejects.toThrow("gone before");
    const first = run(call("sleep 60"), leaving.signal);
    const waiting = run(call("echo second"));
    leaving.abort(new Error("gone"));
    await expect(first).rejects.toMatchObject({ reason: "Canceled" });
    expect(await waiting).toBe("second\n");
  });
});
