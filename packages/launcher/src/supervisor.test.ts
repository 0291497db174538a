import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { answers, supervise, type ProcessSpec, type Supervised } from "./supervisor.ts";
import { allocatePorts, freePort } from "./ports.ts";

const server = (port: number) => `require("http").createServer((q, s) => s.end("ok")).listen(${port}, "127.0.0.1"); console.log("up " + process.env.COLOR)`;

describe(supervise, () => {
  let logs: string;
  const all: Supervised[] = [];
  const started = (spec: ProcessSpec, onExit?: (name: string, why: string) => void): Supervised => {
    const running = supervise(spec, { logs, ...(onExit && { onExit }) });
    all.push(running);
    return running;
  };
  beforeEach(() => {
    logs = mkdtempSync(path.join(os.tmpdir(), "trireme-supervisor-"));
  });
  afterEach(async () => {
    await Promise.all(all.splice(0).map((running) => running.stop()));
    rmSync(logs, { recursive: true, force: true });
  });

  it("starts again what dies, and is ready again", async () => {
    const port = await freePort(30_000, new Set());
    const exits: string[] = [];
    const running = started({ name: "web", command: process.execPath, args: ["-e", server(port)], ready: (signal) => answers(`http://127.0.0.1:${port}/`, signal) }, (name, why) => exits.push(`${name} ${why}`));
    await running.waitReady();
    const first = running.pid;
    running.kill("SIGKILL");
    while (running.starts < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await running.waitReady();
    expect(running.pid).not.toBe(first);
    expect(exits).toEqual(["web SIGKILL"]);
    await running.stop();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(running.starts).toBe(2);
  });

  it("adds environment on a restart and keeps the rest", async () => {
    const running = started({ name: "env", command: process.execPath, args: ["-e", 'console.log(process.env.COLOR, process.env.SIZE); setInterval(() => {}, 1000)'], env: { COLOR: "red", SIZE: "big" } });
    const logged = async (text: string) => {
      while (!existsSync(path.join(logs, "env.log")) || !readFileSync(path.join(logs, "env.log"), "utf8").includes(text)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await running.waitReady();
    await logged("red big");
    await running.restart({ env: { COLOR: "blue" } });
    await logged("blue big");
  });

  it("leaves no timer behind once it is ready", async () => {
    const running = started({ name: "quick", command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] });
    const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    await running.waitReady();
    expect(timers()).toBe(before);
  });

  it("leaves nothing running when it is stopped in the middle of a restart", async () => {
    const pids: number[] = [];
    const running = supervise({ name: "race", command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] }, { logs, onStart: (pid) => pids.push(pid) });
    const restarting = running.restart();
    await running.stop();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}/exe`))).toEqual([]);
    await restarting;
    expect(pids).toHaveLength(1);
  });

  it("names the process that is not ready in time, with the end of its log", async () => {
    const running = started({ name: "broken", command: process.execPath, args: ["-e", 'console.error("PORT must be a number"); process.exit(1)'], ready: (signal) => answers("http://127.0.0.1:9/", signal) });
    await expect(running.waitReady(600)).rejects.toThrow(/broken was not ready after 0\.6 s; the end of .*broken\.log:\n(.*\n)*.*PORT must be a number/);
  });
});

describe(allocatePorts, () => {
  it("gives the same ports again, and moves only those that may move", async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), "trireme-ports-"));
    const file = path.join(dir, "ports.json");
    const wanted = { api: { near: 31_000 }, git: { near: 31_001, sticky: "repository URLs carry it" } };
    const first = await allocatePorts(file, wanted);
    expect(await allocatePorts(file, wanted)).toEqual(first);
    const occupied = createServer().listen(first.api, "127.0.0.1");
    await once(occupied, "listening");
    const moved = await allocatePorts(file, wanted);
    expect([moved.api === first.api, moved.git]).toEqual([false, first.git]);
    occupied.close();
    const other = createServer().listen(first.git, "127.0.0.1");
    await once(other, "listening");
    await expect(allocatePorts(file, wanted)).rejects.toThrow(`port ${first.git} is in use by another program, and repository URLs carry it`);
    other.close();
    rmSync(dir, { recursive: true });
  });
});
