import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startTrio, type Trio, type TrioOptions } from "@trireme/launcher";
import { startNodes } from "@trireme/dev-cluster/nodes";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { until } from "./until.ts";
import { startControlPlane, type ControlPlane, type Part } from "../control-plane/control-plane.ts";

export type ClusterKind = "dev" | "real";

/** What a test needs to know of a running product, wherever it was started. */
export interface Stack {
  cluster: ClusterKind;
  url: string;
  adminPassword: string;
  kubeconfig: string;
  git: { url: string; root: string; user: string; token: string; sample: string };
  redis: { port: number; password: string };
  kubectl: string;
  helm: string;
  /** Logs of every process. */
  logs: string;
}

export interface OwnStack extends Stack, AsyncDisposable {
  trio: Trio;
  kubernetes: Kubernetes;
}

/** The cluster's own processes, for tests that take them away. Whatever is killed loses nothing that it had promised. */
export interface Kubernetes {
  parts: readonly string[];
  /** SIGKILL; resolves when they are gone. The embedded cluster is started again at once by its supervisor. */
  kill(...parts: readonly string[]): Promise<void>;
  /** Resolves when the API server is ready again. */
  revive(...parts: readonly string[]): Promise<void>;
}

/** The kind that this run was asked for: `npm run e2e -- --cluster real`. */
export const clusterKind: ClusterKind = process.env["TRIREME_E2E_CLUSTER"] === "real" ? "real" : "dev";

/**
 * Starts the whole product for one test file, with a data folder of its own that goes with it.
 * On the real control plane the plain-client nodes supply kubelet, scheduling and addresses.
 */
export async function startStack(options: Partial<Omit<TrioOptions, "data" | "kubeconfig">> & { cluster?: ClusterKind } = {}): Promise<OwnStack> {
  const cluster = options.cluster ?? clusterKind;
  const data = await mkdtemp(path.join(os.tmpdir(), "trireme-e2e-"));
  const disposers: (() => Promise<unknown>)[] = [() => rm(data, { recursive: true, force: true, maxRetries: 3 })];
  const dispose = async (): Promise<void> => {
    for (const step of disposers.reverse()) await step();
  };
  try {
    let kubeconfig: string | undefined;
    let controlPlane: ControlPlane | undefined;
    if (cluster === "real") {
      controlPlane = await startControlPlane({ dir: path.join(data, "control-plane") });
      disposers.push(controlPlane.stop);
      kubeconfig = controlPlane.kubeconfig;
      const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
      disposers.push(() => client.close());
      const nodes = await startNodes(client, { brokenImages: options.brokenImages ?? ["broken"], ...(options.nodes !== undefined && { nodes: options.nodes }), serveKubelet: true });
      disposers.push(async () => nodes[Symbol.asyncDispose]());
    }
    const trio = await startTrio({
      brokenImages: ["broken"],
      nearPort: nearPort(),
      say: () => undefined,
      ...options,
      data,
      ...(kubeconfig !== undefined && { kubeconfig }),
    });
    disposers.push(async () => trio[Symbol.asyncDispose]());
    return {
      cluster,
      trio,
      kubernetes: controlPlane === undefined ? embedded(trio) : separate(controlPlane),
      url: trio.url,
      adminPassword: (await trio.adminPassword())!,
      kubeconfig: trio.kubeconfig,
      git: trio.git,
      redis: trio.redis,
      kubectl: trio.tools.kubectl,
      helm: trio.tools.helm,
      logs: path.join(data, "logs"),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Of a range for each process that starts products: two that look for free ports at the same time would find the same. */
function nearPort(): number {
  const worker = Number(process.env["JEST_WORKER_ID"] ?? 0) % 3;
  return 20_000 + worker * 3_000 + Math.floor(Math.random() * 2_900);
}

function separate(controlPlane: ControlPlane): Kubernetes {
  return {
    parts: ["kube-apiserver", "etcd"],
    kill: (...parts) => controlPlane.kill(...(parts as Part[])),
    revive: (...parts) => controlPlane.revive(...(parts as Part[])),
  };
}

function embedded(trio: Trio): Kubernetes {
  const process_ = trio.processes.cluster!;
  let starts = process_.starts;
  return {
    parts: ["cluster"],
    async kill() {
      starts = process_.starts;
      process_.kill("SIGKILL");
    },
    async revive() {
      await until("the cluster to be started again", async () => process_.starts, (now) => now > starts || { notYet: `started ${now} times` });
      await process_.waitReady();
    },
  };
}

/** The stack that the whole run shares, written down by `run.ts`; tests keep apart by names of their own. */
export async function sharedStack(): Promise<Stack> {
  const file = process.env["TRIREME_E2E_STACK"];
  if (file === undefined) throw new Error("no shared stack: run these tests with `npm run e2e` (a single file: npm run e2e -- tests/main-job)");
  return JSON.parse(await readFile(file, "utf8")) as Stack;
}

export async function describeStack(stack: OwnStack, file: string): Promise<void> {
  const { trio: _, kubernetes: __, ...plain } = stack;
  await writeFile(file, JSON.stringify(plain));
}
