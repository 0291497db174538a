import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { startWholeCluster } from "./whole-cluster.ts";

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
// Whoever waits for the kubeconfig must not find the one of an earlier run.
if (values.kubeconfig) rmSync(values.kubeconfig, { force: true });
const cluster = await startWholeCluster({
  ...(values.data && { dataDir: values.data }),
  port,
  nodes: { brokenImages: values["broken-images"].flatMap((list) => list.split(",")), nodes: wholeNumber("--nodes", values.nodes) },
  onError: (what, error) => line({ level: "error", msg: what, error: error.message }),
});
if (values.kubeconfig) cluster.writeKubeconfig(values.kubeconfig);
line({ level: "info", msg: "cluster ready", url: cluster.url });

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void cluster.stop().then(() => process.exit(0));
  });
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`${name} must be a whole number, got ${JSON.stringify(text)}\n`);
  process.exit(2);
}
