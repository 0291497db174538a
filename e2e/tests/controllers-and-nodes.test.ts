import { spawn } from "node:child_process";
import path from "node:path";
import { startControlPlane } from "../control-plane/control-plane.ts";
import { controlPlaneObstacle } from "../support/control-plane.ts";
import { describeUnless, full } from "../support/sample.ts";
import { clusterKind } from "../support/stack.ts";

const root = path.resolve(import.meta.dirname, "../..");
const FILES = ["controllers/deployment", "controllers/workloads", "controllers/garbage", "nodes/nodes"];

/** Why the dev cluster's own tests are not played on the judge now. */
const obstacle = controlPlaneObstacle() ?? (full ? (clusterKind === "real" ? undefined : "they are played once, with the real control plane") : "they take two minutes; npm run e2e:full plays them");

describeUnless(obstacle, "the dev cluster's tests of controllers and nodes, on a real control plane", () => {
  test.each(FILES)(
    "%s says the same of kube-controller-manager",
    async (file) => {
      await using controlPlane = await startControlPlane();
      const { code, output } = await jest(`packages/dev-cluster/tests/${file}`, { TRIREME_TEST_KUBECONFIG: controlPlane.kubeconfig });
      if (code !== 0) throw new Error(output);
    },
    240_000,
  );
});

function jest(pattern: string, environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const args = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", path.join(root, "node_modules/jest/bin/jest.js"), "--testTimeout=90000", "--runInBand", pattern];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment, NODE_OPTIONS: "" }, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-20_000)));
  return new Promise((resolve, reject) => child.on("error", reject).on("close", (code) => resolve({ code, output })));
}
