import { rmSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { AppError } from "@trireme/runtime/errors";
import { startDevCluster, type DevCluster, type DevClusterOptions } from "./dev-cluster.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    port: { type: "string", default: "0" },
    kubeconfig: { type: "string" },
    "broken-images": { type: "string", multiple: true, default: [] },
    nodes: { type: "string", default: "1" },
  },
});
const line = (fact: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(fact)}\n`);

const port = wholeNumber("--port", values.port);
const nodes = { brokenImages: values["broken-images"].flatMap((list) => list.split(",")), nodes: wholeNumber("--nodes", values.nodes) };
// Whoever waits for the kubeconfig must not find the one of an earlier run.
if (values.kubeconfig) rmSync(values.kubeconfig, { force: true });
const cluster = await startOrSay({ ...(values.data && { dataDir: values.data }), port, countedRequests: 0 });
const workers = startedWorkers();
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void workers.then((running) => running[Symbol.asyncDispose]()).then(() => cluster.stop()).then(() => process.exit(0));
  });
}
if (values.kubeconfig) cluster.writeKubeconfig(values.kubeconfig);
line({ level: "info", msg: "API server listening", url: cluster.url });
await workers;
line({ level: "info", msg: "cluster ready", url: cluster.url });

/**
 * Controllers and nodes. As on a real control plane the API server serves while they come up: their code is loaded
 * only then, and in pieces, so that whoever asks meanwhile is answered in between.
 */
async function startedWorkers(): Promise<AsyncDisposable> {
  await nextTurn();
  await import("@trireme/kube");
  await nextTurn();
  const { startWorkers } = await import("./whole-cluster.ts");
  await nextTurn();
  return startWorkers(cluster, { nodes, onError: (what, error) => line({ level: "error", msg: what, error: error.message }) });
}

/** What stands in the way of a start is said in one sentence. */
async function startOrSay(options: DevClusterOptions): Promise<DevCluster> {
  try {
    return await startDevCluster(options);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`${name} must be a whole number, got ${JSON.stringify(text)}\n`);
  process.exit(2);
}
