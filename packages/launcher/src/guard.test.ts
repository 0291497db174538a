import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A process that guards two sleepers, told of the end of the first, and waits. */
const guarding = (a: number, b: number) => `
  import { guard } from ${JSON.stringify(path.resolve(import.meta.dirname, "guard.ts"))};
  const guarded = guard("/tmp/guard-test");
  guarded.started(${a});
  guarded.started(${b});
  guarded.ended(${a});
  setInterval(() => {}, 1000);
  process.send("ready");
`;

describe("guard", () => {
  const all: ChildProcess[] = [];
  const sleeper = (): ChildProcess => {
    const child = spawn("sleep", ["600"], { stdio: "ignore" });
    all.push(child);
    return child;
  };
  const guardian = async (a: ChildProcess, b: ChildProcess): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", guarding(a.pid!, b.pid!)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    all.push(child);
    await once(child, "message");
    return child;
  };
  afterAll(() => {
    for (const child of all) child.kill("SIGKILL");
  });

  it("ends what still runs when its process is killed, and nothing that was said to have ended", async () => {
    const [ended, running] = [sleeper(), sleeper()];
    const child = await guardian(ended, running);
    const gone = once(running, "exit");
    child.kill("SIGKILL");
    expect((await gone)[1]).toBe("SIGTERM");
    expect(isRunning(ended.pid!)).toBe(true);
  });
});
