import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { ClusterKind } from "../../support/stack.ts";
import { cpuSeconds, memoryMB, percentile, type Measurement } from "../measure.ts";
import { startServer, type ServerProcess } from "./start.ts";

const OBJECTS = 10_000;
const STARTS = { dev: 5, real: 2 };

interface Findings {
  created: number;
  changed: number;
  lag: number[];
  memory: number;
  cpuMs: { created: number; changed: number };
}

/** The API server alone, on one core, loaded from another process: what all that is built on it has to live with. */
export async function serverFigures(cluster: ClusterKind): Promise<Measurement[]> {
  const starts: number[] = [];
  const startCpu: number[] = [];
  const whole: number[] = [];
  // The first start on a machine compiles; it is not what people wait for each time.
  for (let index = -1; index < STARTS[cluster]; index++) {
    await using server = await startServer(cluster);
    if (index < 0) continue;
    starts.push(server.startMs);
    startCpu.push(server.startCpuMs);
    if (server.wholeMs !== undefined) whole.push(server.wholeMs);
  }
  await using server = await startServer(cluster);
  const { created, changed, lag, memory, cpuMs } = await loaded(server);
  const goals = cluster === "dev" ? { writes: { goal: 3_000 }, lag: { goal: 2 }, memory: { goal: 150 }, start: { goal: 300 } } : undefined;
  return [
    { scenario: "server: ConfigMaps of 2 kB created, 16 connections", samples: [created], unit: "/s", note: `${cpuMs.created.toFixed(2)} CPU-ms each`, ...goals?.writes },
    { scenario: "server: the same changed", samples: [changed], unit: "/s", note: `${cpuMs.changed.toFixed(2)} CPU-ms each`, ...goals?.writes },
    { scenario: "server: PUT answered → event on another connection", samples: lag, unit: "ms", note: "below zero: the event came first", ...goals?.lag },
    { scenario: `server: memory with ${OBJECTS.toLocaleString("en")} of them`, samples: [memory], unit: "MB", note: "PSS, after creating them", ...goals?.memory },
    { scenario: "server: from its process to its first answer", samples: starts, unit: "ms", note: `${Math.round(percentile(startCpu, 0.5))} CPU-ms each${whole.length > 0 ? `; controllers and nodes after ${Math.round(percentile(whole, 0.5))} ms` : ""}`, ...goals?.start },
  ];
}

async function loaded(server: ServerProcess): Promise<Findings> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "load-main.ts"), server.kubeconfig, String(OBJECTS)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const findings: Partial<Findings> = {};
  let before = await used(server);
  const cpuMs = { created: 0, changed: 0 };
  for await (const line of createInterface(child.stdout)) {
    const found = JSON.parse(line) as Partial<Findings>;
    const now = await used(server);
    if (found.created !== undefined) {
      findings.memory = await memoryMB(server.pids);
      cpuMs.created = ((now - before) * 1000) / OBJECTS;
    } else if (found.changed !== undefined) cpuMs.changed = ((now - before) * 1000) / OBJECTS;
    before = now;
    Object.assign(findings, found);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`the load generator ended with code ${code}`);
  return { ...(findings as Findings), cpuMs };
}

async function used(server: ServerProcess): Promise<number> {
  return Object.values(await cpuSeconds(server.pids)).reduce((sum, seconds) => sum + seconds, 0);
}
