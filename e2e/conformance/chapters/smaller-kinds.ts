import { chapter } from "../call.ts";
import { TABLE, post, get } from "../words.ts";

export const small = chapter("smaller kinds", ({ NS, core, of }) => [
  post("an autoscaler", of("autoscaling/v2", "horizontalpodautoscalers"), { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { name: "hpa" }, spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3 } }),
  get("in the older version", of("autoscaling/v1", "horizontalpodautoscalers/hpa")),
  get("as a table", of("autoscaling/v2", "horizontalpodautoscalers"), { accept: TABLE }),
  post("a budget", of("policy/v1", "poddisruptionbudgets"), { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "pdb" }, spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } } }),
  get("as a table", of("policy/v1", "poddisruptionbudgets"), { accept: TABLE }),
  post("a lease", of("coordination.k8s.io/v1", "leases"), { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "lease" }, spec: { holderIdentity: "me", leaseDurationSeconds: 15, renewTime: "2026-01-01T00:00:00.123456Z" } }),
  get("as a table", of("coordination.k8s.io/v1", "leases"), { accept: TABLE }),
  post("an event", core("events"), { apiVersion: "v1", kind: "Event", metadata: { name: "ev" }, involvedObject: { kind: "Pod", name: "pod", namespace: NS }, reason: "Tested", message: "it was", type: "Normal", firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:00Z", count: 2, source: { component: "test" } }),
  get("as the newer kind", of("events.k8s.io/v1", "events/ev")),
  post("an event elsewhere", core("events"), { apiVersion: "v1", kind: "Event", metadata: { name: "bad" }, involvedObject: { kind: "Pod", name: "pod", namespace: "other" } }),
]);
