import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { CLUSTER_MEMORY } from "@trireme/launcher";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { cacheFolder } from "@trireme/launcher/folders";
import { startControlPlane } from "../../control-plane/control-plane.ts";
import { cpuSeconds } from "../measure.ts";
import type { ClusterKind } from "../../support/stack.ts";

export interface ServerProcess extends AsyncDisposable {
  kubeconfig: string;
  /** Processes that make up the API server and its storage. */
  pids: Record<string, number>;
  /** From its first process to the first answer. */
  startMs: number;
  /** Processor time that it took. */
  startCpuMs: number;
  /** From its first process until its controllers and nodes, where it brings them, know all objects. */
  wholeMs?: number;
}

/** The core that servers have for themselves; who loads them has the others. */
const CORE = "0";
const hasTaskset = existsSync("/usr/bin/taskset");

/** An API server with its storage on disk and no controllers beside it where that can be had, held to one core. */
export async function startServer(cluster: ClusterKind): Promise<ServerProcess> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "trireme-bench-server-"));
  return cluster === "dev" ? startDev(dir) : startReal(dir);
}

async function startDev(dir: string): Promise<ServerProcess> {
  const main = path.resolve(import.meta.dirname, "../../../packages/dev-cluster/src/main.ts");
  const kubeconfig = path.join(dir, "kubeconfig");
  const node = [process.execPath, ...CLUSTER_MEMORY.flags, main, "--data", path.join(dir, "data"), "--kubeconfig", kubeconfig];
  const [command, ...args] = hasTaskset ? ["taskset", "-c", CORE, ...node] : node;
  const env = { ...process.env, ...CLUSTER_MEMORY.environment, NODE_COMPILE_CACHE: path.join(cacheFolder(), "compiled"), NODE_OPTIONS: "" };
  const started = performance.now();
  const child = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"], env });
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
    await rm(dir, { recursive: true, force: true });
  };
  const pids = { cluster: child.pid! };
  let first: Promise<{ ms: number; cpu: number }> | undefined;
  for await (const line of createInterface(child.stdout)) {
    if (line.includes("API server listening")) first = firstAnswer(kubeconfig).then(async () => ({ ms: performance.now() - started, cpu: await cpuMs(pids) }));
    if (!line.includes("cluster ready") || first === undefined) continue;
    const wholeMs = performance.now() - started;
    const { ms, cpu } = await first;
    return { kubeconfig, pids, startMs: ms, startCpuMs: cpu, wholeMs, [Symbol.asyncDispose]: stop };
  }
  await stop();
  throw new Error("the embedded cluster ended before it was ready");
}

/** What a client sees: a connection of its own, TLS and all. */
async function firstAnswer(kubeconfig: string): Promise<void> {
  const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
  const { status, text } = await client.raw({ method: "GET", path: "/readyz" });
  await text();
  await client.close();
  if (status !== 200) throw new Error(`/readyz of the embedded cluster answered ${status}`);
}

async function cpuMs(pids: Record<string, number>): Promise<number> {
  return Object.values(await cpuSeconds(pids)).reduce((sum, seconds) => sum + seconds * 1000, 0);
}

async function startReal(dir: string): Promise<ServerProcess> {
  const started = performance.now();
  const controlPlane = await startControlPlane({ dir: path.join(dir, "control-plane"), controllers: false });
  const startMs = performance.now() - started;
  const pids = { ...controlPlane.pids };
  const startCpuMs = await cpuMs(pids);
  if (hasTaskset) for (const pid of Object.values(pids)) await promisify(execFile)("taskset", ["-apc", CORE, String(pid)]);
  return {
    kubeconfig: controlPlane.kubeconfig,
    pids,
    startMs,
    startCpuMs,
    async [Symbol.asyncDispose]() {
      await controlPlane.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
