import { connect } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answers, type ProcessSpec } from "./supervisor.ts";
import type { Tools } from "./tools.ts";

export type ServiceName = "repo-server" | "application-controller" | "api-server";

export interface ServiceSettings {
  kubeconfig: string;
  ports: { api: number; repoServer: number; controller: number; redis: number; apiProbes: number; repoProbes: number; controllerProbes: number };
  redisPassword: string;
  keysFile: string;
  /** The repo-server's disk. */
  repositories: string;
  tools: Tools;
  /** The built page's folder. */
  page: string | undefined;
  environment: Partial<Record<string, Record<string, string>>>;
}

/** The three services as processes, each told by its environment where the others are; as in production, but on loopback. */
export function serviceSpecs(settings: ServiceSettings): (ProcessSpec & { name: ServiceName })[] {
  const { ports } = settings;
  const repoServer = `127.0.0.1:${ports.repoServer}`;
  const controller = `127.0.0.1:${ports.controller}`;
  const common = {
    REDIS_SERVER: `127.0.0.1:${ports.redis}`,
    REDIS_PASSWORD: settings.redisPassword,
    TRIREME_KEYS_FILE: settings.keysFile,
  };
  const spec = (name: ServiceName, probes: number, env: Record<string, string>): ProcessSpec & { name: ServiceName } => ({
    name,
    command: process.execPath,
    args: [path.resolve(import.meta.dirname, `../../../services/${name}/src/main.ts`)],
    env: { ...common, ...env, ...settings.environment[name] },
    ready: (signal) => answers(`http://127.0.0.1:${probes}/readyz`, signal),
  });
  return [
    spec("repo-server", ports.repoProbes, {
      TRIREME_REPO_SERVER_DATA: settings.repositories,
      TRIREME_REPO_SERVER_LISTEN_ADDRESS: repoServer,
      TRIREME_PROBES_ADDRESS: `127.0.0.1:${ports.repoProbes}`,
      TRIREME_HELM_BINARY: settings.tools.helm,
      TRIREME_KUSTOMIZE_BINARY: settings.tools.kubectl,
      TRIREME_HELM3_BINARY: settings.tools.helm3,
    }),
    spec("application-controller", ports.controllerProbes, {
      KUBECONFIG: settings.kubeconfig,
      ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER: repoServer,
      TRIREME_CONTROLLER_LISTEN_ADDRESS: controller,
      TRIREME_PROBES_ADDRESS: `127.0.0.1:${ports.controllerProbes}`,
    }),
    spec("api-server", ports.apiProbes, {
      KUBECONFIG: settings.kubeconfig,
      ARGOCD_SERVER_REPO_SERVER: repoServer,
      TRIREME_CONTROLLER_ADDRESS: controller,
      TRIREME_API_SERVER_LISTEN_ADDRESS: `127.0.0.1:${ports.api}`,
      TRIREME_PROBES_ADDRESS: `127.0.0.1:${ports.apiProbes}`,
      ARGOCD_SERVER_INSECURE: "true",
      ...(settings.page !== undefined && { ARGOCD_SERVER_STATIC_ASSETS: settings.page }),
    }),
  ];
}

/** Resolves once Redis answers PING under its password. */
export async function redisReady(port: number, password: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const ok = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
      let answer = "";
      socket.setTimeout(1000, () => socket.destroy());
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString();
        if (answer.includes("+PONG")) socket.destroy();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer.includes("+PONG")));
    });
    if (ok) return;
    await pause(20, undefined, { signal });
  }
}
