import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ensureProgram, freePort } from "@trireme/launcher";
import { until } from "./until.ts";

export interface Prometheus extends AsyncDisposable {
  url: string;
}

/** Why no Prometheus server can be had here; undefined where one can. */
export function prometheusObstacle(): string | undefined {
  const isOnPath = (name: string) => (process.env["PATH"] ?? "").split(path.delimiter).some((folder) => folder !== "" && existsSync(path.join(folder, name)));
  return isOnPath("prometheus") || isOnPath("apt-get") ? undefined : "there is no prometheus on PATH, and no apt-get to unpack it with";
}

/** A real Prometheus server on loopback that scrapes one address every half second. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const program = await ensureProgram({ name: "prometheus", package: "prometheus", alone: true, folder: "prometheus" }, () => undefined);
  const dir = await mkdtemp(path.join(os.tmpdir(), "trireme-prometheus-"));
  const config = path.join(dir, "prometheus.yml");
  await writeFile(config, JSON.stringify({ global: { scrape_interval: "500ms", scrape_timeout: "500ms" }, scrape_configs: [{ job_name: "service", static_configs: [{ targets: [new URL(target).host] }] }] }));
  const port = await freePort(29_000 + Math.floor(Math.random() * 2000), new Set());
  const child = spawn(program.path, [`--config.file=${config}`, `--storage.tsdb.path=${path.join(dir, "data")}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"], { stdio: "ignore", env: { ...process.env, ...(program.libraries !== undefined && { LD_LIBRARY_PATH: program.libraries }) } });
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await until("Prometheus", async () => (await fetch(`${url}/-/ready`)).status, (status) => status === 200 || { notYet: `answers ${status}` }, 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: stop };
}
