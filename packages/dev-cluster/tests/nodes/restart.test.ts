import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aDeployment, conditionIs, givenCluster, isRolledOut, KINDS } from "../given-cluster.ts";

describe("a cluster that starts again with its data", () => {
  it("goes on with the pods that ran, without restarting them, and finishes what was begun", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "restart-test-"));
    try {
      const before = await givenCluster({ dataDir });
      await before.create(aDeployment("web"));
      await before.becomes(KINDS.Deployment, "web", isRolledOut);
      const pods = (await before.list(KINDS.Pod, { app: "web" })).map((pod) => [pod.metadata.uid, pod["status"].containerStatuses[0].containerID]);
      // Begun, but with nobody there to finish it:
      await before.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owner", namespace: "default" } });
      const { metadata } = (await before.find(KINDS.ConfigMap, "owner"))!;
      await before[Symbol.asyncDispose]();

      await using after = await givenCluster({ dataDir });
      await after.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owned", namespace: "default", ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: metadata.uid }] } });
      await after.delete(KINDS.ConfigMap, "owner");
      await after.isGone(KINDS.ConfigMap, "owned");
      const kept = (await after.list(KINDS.Pod, { app: "web" })).map((pod) => [pod.metadata.uid, pod["status"].containerStatuses[0].containerID]);
      expect(kept.sort()).toEqual(pods.sort());
      await after.patch(KINDS.Deployment, "web", { spec: { replicas: 3 } });
      await after.becomes(KINDS.Deployment, "web", (deployment) => deployment.status.availableReplicas === 3);
      const ips = (await after.list(KINDS.Pod, { app: "web" })).map((pod) => pod["status"].podIP);
      expect(new Set(ips).size).toBe(3);
      await after.becomes(KINDS.Node, "node-1", conditionIs("Ready", "True"), "");
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
