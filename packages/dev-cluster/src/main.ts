import { parseArgs } from "node:util";
import { startDevCluster } from "./dev-cluster.ts";

const { values } = parseArgs({ options: { data: { type: "string" }, port: { type: "string" }, kubeconfig: { type: "string" }, "broken-images": { type: "string", multiple: true } } });
const cluster = await startDevCluster({ ...(values.data && { dataDir: values.data }), port: Number(values.port ?? "0") });
if (values.kubeconfig) cluster.writeKubeconfig(values.kubeconfig);
process.stdout.write(`${JSON.stringify({ event: "ready", url: cluster.url })}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void cluster.stop().then(() => process.exit(0)));
