import type { KubeObject, OwnerReference } from "@trireme/api";
import { createLogger } from "@trireme/runtime";
import { LiveCluster, type LiveEvent } from "../src/clusters/live-cluster.ts";
import { treeNodes } from "../src/applications/status.ts";
import { TestCluster } from "./_cluster.ts";

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

describe("what an application's tree shows below a Rollout", () => {
  it("has its sets with their pods and its analysis runs with their jobs, each with Argo CD's health", async () => {
    const { live, rollout } = await givenRollout();
    await live.ensure([{ group: "argoproj.io", kind: "Rollout" }], AbortSignal.timeout(5_000));
    const nodes = treeNodes({ objects: [{ key: { group: "argoproj.io", kind: "Rollout", namespace: "team", name: "web" }, target: rollout, live: rollout, modified: false, predicted: undefined, normalizedLive: undefined, differences: [] }], conditions: [] }, live);
    const shown = Object.fromEntries(nodes.map(({ kind, name, parentRefs, info, health }) => [`${kind} ${name}`, { below: parentRefs?.map((ref) => ref.name), info: info?.filter((item) => item.name === "Revision").map((item) => item.value), health }]));
    expect(shown).toMatchObject({
      "Rollout web": { info: ["Rev:2"], health: { status: "Degraded", message: "RolloutAborted: Rollout aborted update to revision 2" } },
      "ReplicaSet web-a": { below: ["web"], info: ["Rev:1"], health: { status: "Healthy" } },
      "Pod web-a-1": { below: ["web-a"], health: { status: "Healthy" } },
      "AnalysisRun web-b-2-pre": { below: ["web"], info: ["Rev:2"], health: { status: "Degraded", message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' } },
      "Job uid.fail.1": { below: ["web-b-2-pre"], health: { status: "Degraded", message: "too often" } },
    });
  });

  it("hears of what becomes of its analysis", async () => {
    const { live, cluster, run, heard } = await givenRollout();
    await live.ensure([{ group: "argoproj.io", kind: "Rollout" }], AbortSignal.timeout(5_000));
    cluster.put({ ...run, status: { phase: "Successful" } });
    await cluster.until("the run's end", () => heard.some(({ object }) => object.kind === "AnalysisRun" && object["status"]?.phase === "Successful"));
  });
});

async function givenRollout() {
  const cluster = new TestCluster();
  const heard: LiveEvent[] = [];
  const put = (apiVersion: string, kind: string, name: string, owner: KubeObject | undefined, more: object, metadata: object = {}) =>
    cluster.put({ apiVersion, kind, metadata: { name, namespace: "team", generation: 1, ...(owner && { ownerReferences: [ownerOf(owner)] }), ...metadata }, ...more });
  const revision = (number: number) => ({ annotations: { "rollout.argoproj.io/revision": String(number) } });
  const rollout = put("argoproj.io/v1alpha1", "Rollout", "web", undefined, { spec: {}, status: { observedGeneration: "1", phase: "Degraded", message: "RolloutAborted: Rollout aborted update to revision 2" } }, revision(2));
  const set = put("apps/v1", "ReplicaSet", "web-a", rollout, { spec: { replicas: 1 }, status: { observedGeneration: 1, availableReplicas: 1 } }, revision(1));
  put("v1", "Pod", "web-a-1", set, { spec: { restartPolicy: "Always" }, status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } });
  const run = put("argoproj.io/v1alpha1", "AnalysisRun", "web-b-2-pre", rollout, { spec: {}, status: { phase: "Failed", message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' } }, revision(2));
  put("batch/v1", "Job", "uid.fail.1", run, { spec: {}, status: { conditions: [{ type: "Failed", status: "True", message: "too often" }] } });
  const live = new LiveCluster({
    cluster: cluster.cluster,
    client: cluster,
    namespaces: [],
    clusterResources: true,
    tracking: () => ({ method: "annotation", labelKey: "app.kubernetes.io/instance", installationId: "" }),
    redact: () => "",
    onEvent: (event) => heard.push(event),
    onState: () => undefined,
    syncTimeoutMs: 5_000,
    log: createLogger({ service: "test", level: "silent" }),
  });
  open.push(live);
  return { cluster, live, rollout, run, heard };
}

function ownerOf(object: KubeObject): OwnerReference {
  return { apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name ?? "", uid: object.metadata.uid ?? "", controller: true };
}
