import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { generateKeysText, writeFileAtomically } from "@trireme/runtime";
import { setUpControlPlane } from "./cluster-setup.ts";
import { cacheFolder } from "./folders.ts";
import { guard } from "./guard.ts";
import { PROCESSES_FILE } from "./leftovers.ts";
import { allocatePorts } from "./ports.ts";
import { ensurePage } from "./page.ts";
import { ensureRedis, redisCommand } from "./redis.ts";
import { ensureRepository } from "./sample-repository.ts";
import { redisReady, serviceSpecs, type ServiceName } from "./processes.ts";
import { answers, supervise, type ProcessSpec, type Supervised } from "./supervisor.ts";
import { ensureTools, type Tools } from "./tools.ts";

export const SAMPLE_REPOSITORY = "hello-world";
export const GIT_USER = "trireme";

/**
 * The embedded cluster keeps much and makes little of lasting worth: small nurseries and a single heap of the C library
 * cost it nothing and save a third of its memory.
 */
export const CLUSTER_MEMORY = { flags: ["--max-semi-space-size=4"], environment: { MALLOC_ARENA_MAX: "1" } } as const;

export interface TrioOptions {
  /** Where everything that must survive a restart is kept. */
  data: string;
  /** The user's own cluster; absent: the embedded one. */
  kubeconfig?: string;
  /** Image tags or names that the embedded cluster's nodes cannot run. */
  brokenImages?: readonly string[];
  /** How many nodes the embedded cluster has. Default 1. */
  nodes?: number;
  /** Lowest port to try; each further one is the next that is free. */
  nearPort?: number;
  /** The Git server tells the product of each push, as a Git host does. Default false: a push is found when somebody looks. */
  tellsOfPushes?: boolean;
  /** Extra environment for a process, by its name. */
  environment?: Partial<Record<ProcessName, Record<string, string>>>;
  /** Gives up starting; what was started is stopped again. */
  signal?: AbortSignal;
  /** What happens, in the user's words. */
  say: (line: string) => void;
}

export type ProcessName = ServiceName | "redis" | "git-server" | "cluster";

export interface Trio extends AsyncDisposable {
  url: string;
  kubeconfig: string;
  client: KubeClient;
  git: { url: string; root: string; user: string; token: string; sample: string };
  redis: { port: number; password: string };
  processes: Record<ServiceName, Supervised> & Partial<Record<"redis" | "git-server" | "cluster", Supervised>>;
  /** Where each service answers /healthz, /readyz and /metrics. */
  probes: Record<ServiceName, string>;
  tools: Tools;
  adminPassword(): Promise<string | undefined>;
}

/**
 * Starts the whole product, each part a process of its own, and returns once every door answers.
 * On failure what was started is stopped again and the error names the part, with the end of its log.
 */
export async function startTrio(options: TrioOptions): Promise<Trio> {
  const { data, say } = options;
  const folders = { logs: path.join(data, "logs"), git: path.join(data, "git"), cluster: path.join(data, "cluster"), repositories: path.join(data, "repo-server"), redis: path.join(data, "redis") };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));

  const [tools, redisBinary, secrets, page] = await Promise.all([ensureTools(say), ensureRedis(say), installationSecrets(data), ensurePage(say)]);
  const near = options.nearPort ?? 8080;
  const ports = await allocatePorts(path.join(data, "ports.json"), {
    api: { near },
    git: { near: near + 1, sticky: "the URLs of your repositories carry it" },
    cluster: { near: near + 2 },
    repoServer: { near: near + 3 },
    controller: { near: near + 4 },
    redis: { near: near + 5 },
    apiProbes: { near: near + 6 },
    repoProbes: { near: near + 7 },
    controllerProbes: { near: near + 8 },
  });

  // Types are stripped and code is compiled once, not at every start.
  const compiled = process.env["NODE_COMPILE_CACHE"] || path.join(cacheFolder(), "compiled");
  const started: Supervised[] = [];
  const pids: number[] = [];
  const guarded = guard(data);
  const run = (spec: ProcessSpec): Supervised => {
    const onStart = (pid: number): void => {
      guarded.started(pid);
      pids.push(pid);
      writeFileSync(path.join(data, PROCESSES_FILE), JSON.stringify(pids));
    };
    const running = supervise({ ...spec, env: { NODE_COMPILE_CACHE: compiled, ...spec.env } }, { logs: folders.logs, ...(options.signal && { signal: options.signal }), onStart, onEnd: guarded.ended, onExit: (name, why) => say(`${name} ended (${why}); starting it again`) });
    started.push(running);
    return running;
  };
  const stopAll = async (): Promise<void> => {
    // Doors first, what they stand on last.
    for (const group of [started.slice(3).reverse(), started.slice(0, 3)]) await Promise.all(group.map((running) => running.stop()));
    guarded[Symbol.dispose]();
  };

  try {
    const passwordFile = path.join(folders.redis, "redis.conf");
    await writeFileAtomically(passwordFile, `requirepass ${secrets.redisPassword}\n`);
    const redis = run({ name: "redis", ...redisCommand(redisBinary, { port: ports.redis, passwordFile, dir: folders.redis }), ready: (signal) => redisReady(ports.redis, secrets.redisPassword, signal) });

    await ensureRepository(folders.git, SAMPLE_REPOSITORY);
    const gitUrl = `http://127.0.0.1:${ports.git}`;
    const gitServer = run({
      name: "git-server",
      command: process.execPath,
      args: [path.join(import.meta.dirname, "git-server-main.ts")],
      env: { TRIREME_GIT_ROOT: folders.git, TRIREME_GIT_PORT: String(ports.git), TRIREME_GIT_USER: GIT_USER, TRIREME_GIT_TOKEN: secrets.gitToken, ...(options.tellsOfPushes && { TRIREME_GIT_WEBHOOK: `http://127.0.0.1:${ports.api}/api/webhook` }), ...options.environment?.["git-server"] },
      ready: (signal) => answers(`${gitUrl}/healthz`, signal),
    });

    const kubeconfig = options.kubeconfig ?? path.join(data, "kubeconfig");
    // The cluster writes it anew once it listens: until then there is nothing to ask.
    if (options.kubeconfig === undefined) await rm(kubeconfig, { force: true });
    const cluster =
      options.kubeconfig !== undefined
        ? undefined
        : run({
            name: "cluster",
            command: process.execPath,
            args: [
              ...CLUSTER_MEMORY.flags,
              path.resolve(import.meta.dirname, "../../dev-cluster/src/main.ts"),
              ...["--data", folders.cluster, "--port", String(ports.cluster), "--kubeconfig", kubeconfig],
              ...(options.brokenImages ?? []).flatMap((image) => ["--broken-images", image]),
              ...(options.nodes === undefined ? [] : ["--nodes", String(options.nodes)]),
            ],
            env: { ...CLUSTER_MEMORY.environment, ...options.environment?.cluster },
            ready: async (signal) => {
              await waitForFile(kubeconfig, signal);
              await clusterAnswers(kubeconfig, signal);
            },
          });
    await Promise.all([redis, gitServer, cluster].map((running) => running?.waitReady()));

    const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
    await setUpControlPlane(client, say);

    const services = serviceSpecs({
      kubeconfig,
      ports,
      redisPassword: secrets.redisPassword,
      keysFile: secrets.keysFile,
      repositories: folders.repositories,
      tools,
      page,
      environment: options.environment ?? {},
    }).map((spec) => [spec.name, run(spec)] as const);
    await Promise.all(services.map(([, running]) => running.waitReady()));

    return {
      url: `http://127.0.0.1:${ports.api}`,
      kubeconfig,
      client,
      git: { url: gitUrl, root: folders.git, user: GIT_USER, token: secrets.gitToken, sample: `${gitUrl}/${SAMPLE_REPOSITORY}.git` },
      redis: { port: ports.redis, password: secrets.redisPassword },
      processes: { ...(Object.fromEntries(services) as Record<ServiceName, Supervised>), redis, "git-server": gitServer, ...(cluster && { cluster }) },
      probes: { "api-server": `http://127.0.0.1:${ports.apiProbes}`, "repo-server": `http://127.0.0.1:${ports.repoProbes}`, "application-controller": `http://127.0.0.1:${ports.controllerProbes}` },
      tools,
      async adminPassword() {
        const secret = await client.find({ group: "", kind: "Secret", namespace: "argocd", name: "argocd-initial-admin-secret" });
        const encoded = secret?.["data"]?.password as string | undefined;
        return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
      },
      async [Symbol.asyncDispose]() {
        await client.close();
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** Made once per data folder: the keys, Redis's password, the Git server's token. */
async function installationSecrets(data: string): Promise<{ keysFile: string; redisPassword: string; gitToken: string }> {
  const once = async (name: string, make: () => string): Promise<string> => {
    const file = path.join(data, name);
    if (!existsSync(file)) await writeFileAtomically(file, make());
    return file;
  };
  const random = () => randomBytes(18).toString("base64url");
  const keysFile = await once("keys.json", generateKeysText);
  const [redisPassword, gitToken] = await Promise.all([once("redis-password", random), once("git-token", random)].map(async (file) => (await readFile(await file, "utf8")).trim()));
  return { keysFile, redisPassword: redisPassword!, gitToken: gitToken! };
}

async function waitForFile(file: string, signal: AbortSignal): Promise<void> {
  while (!existsSync(file)) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function clusterAnswers(kubeconfig: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await isReady(kubeconfig, signal)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** False too where it is not listening yet, or where a cluster that is starting takes its last kubeconfig away. */
async function isReady(kubeconfig: string, signal: AbortSignal): Promise<boolean> {
  let client: KubeClient | undefined;
  try {
    client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
    return (await client.raw({ method: "GET", path: "/readyz", signal })).status === 200;
  } catch {
    return false;
  } finally {
    // Not waited for: a pool that has never connected may take its time to close.
    void client?.close().catch(() => undefined);
  }
}
