import type { Rollout, RolloutSpec } from "@trireme/api/argo";
import { createMetrics } from "@trireme/runtime";
import { rolloutMetrics } from "./metrics.ts";

const rollout = (name: string, spec: Partial<RolloutSpec>, conditions: { type: string; reason: string }[]): Rollout => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name, namespace: "default" },
  spec: { replicas: 2, ...spec },
  status: { replicas: 3, availableReplicas: 1, updatedReplicas: 2, conditions: conditions.map((condition) => ({ ...condition, status: "True", message: "", lastTransitionTime: "", lastUpdateTime: "" })) },
});

describe("rolloutMetrics", () => {
  it("tells Rollouts under Argo Rollouts' names", async () => {
    const metrics = createMetrics();
    const blueGreen = rollout("web", { strategy: { blueGreen: { activeService: "web" } } }, [{ type: "Progressing", reason: "NewReplicaSetAvailable" }]);
    const canary = rollout("api", { strategy: { canary: { trafficRouting: { nginx: {} } as never } } }, [{ type: "Progressing", reason: "RolloutAborted" }]);
    const wrong = rollout("odd", {}, [{ type: "InvalidSpec", reason: "InvalidSpec" }]);
    const told = rolloutMetrics(metrics, () => [blueGreen, canary, wrong]);
    told.visited({ namespace: "default", name: "web" }, 20);
    told.failed({ namespace: "default", name: "web" });
    told.told(blueGreen, { type: "Normal", reason: "SwitchService" });
    const text = await metrics.registry.metrics();
    for (const line of [
      'rollout_info{namespace="default",name="web",strategy="blueGreen",traffic_router="",phase="Completed"} 1',
      'rollout_info{namespace="default",name="api",strategy="canary",traffic_router="Nginx",phase="Abort"} 1',
      'rollout_info{namespace="default",name="odd",strategy="none",traffic_router="",phase="InvalidSpec"} 1',
      'rollout_info_replicas_available{namespace="default",name="web"} 1',
      'rollout_info_replicas_unavailable{namespace="default",name="web"} 2',
      'rollout_info_replicas_desired{namespace="default",name="web"} 2',
      'rollout_info_replicas_updated{namespace="default",name="web"} 2',
      'rollout_phase{namespace="default",name="web",strategy="blueGreen",phase="Completed"} 1',
      'rollout_phase{namespace="default",name="web",strategy="blueGreen",phase="Paused"} 0',
      'rollout_reconcile_bucket{le="0.15",namespace="default",name="web"} 1',
      'rollout_reconcile_error{namespace="default",name="web"} 1',
      'rollout_events_total{namespace="default",name="web",type="Normal",reason="SwitchService"} 1',
    ])
      expect(text).toContain(line);
    told.forget({ namespace: "default", name: "web" });
    const after = await metrics.registry.metrics();
    expect(after).not.toContain("rollout_events_total{");
    expect(after).not.toContain("rollout_reconcile_error{");
  });
});
