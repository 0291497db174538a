import { unfitReason } from "./node-fit.ts";

const aNode = (spec: Record<string, unknown> = {}, labels: Record<string, string> = {}) => ({ apiVersion: "v1", kind: "Node", metadata: { name: "n1", labels }, spec, status: { allocatable: { pods: "2" } } });
const aPod = (spec: Record<string, unknown> = {}) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec });
const required = (term: Record<string, unknown>) => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } } });
const taint = { key: "dedicated", value: "db", effect: "NoSchedule" };

describe(unfitReason, () => {
  test.each([
    { name: "anything fits an empty node", pod: aPod(), node: aNode(), want: undefined },
    { name: "a full node", pod: aPod(), node: aNode(), there: 2, want: "Too many pods" },
    { name: "a selector", pod: aPod({ nodeSelector: { disk: "fast" } }), node: aNode(), want: "node(s) didn't match Pod's node affinity/selector" },
    { name: "a selector that fits", pod: aPod({ nodeSelector: { disk: "fast" } }), node: aNode({}, { disk: "fast" }), want: undefined },
    { name: "affinity by field", pod: aPod(required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] })), node: aNode(), want: undefined },
    { name: "affinity to another", pod: aPod(required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["n2"] }] })), node: aNode(), want: "node(s) didn't match Pod's node affinity/selector" },
    { name: "affinity by number", pod: aPod(required({ matchExpressions: [{ key: "cores", operator: "Gt", values: ["4"] }] })), node: aNode({}, { cores: "16" }), want: undefined },
    { name: "a taint", pod: aPod(), node: aNode({ taints: [taint] }), want: "node(s) had untolerated taint {dedicated: db}" },
    { name: "a taint that is borne", pod: aPod({ tolerations: [{ key: "dedicated", value: "db", effect: "NoSchedule" }] }), node: aNode({ taints: [taint] }), want: undefined },
    { name: "a taint that is only preferred", pod: aPod(), node: aNode({ taints: [{ ...taint, effect: "PreferNoSchedule" }] }), want: undefined },
    { name: "a cordoned node", pod: aPod(), node: aNode({ unschedulable: true }), want: "node(s) were unschedulable" },
  ])("$name", ({ pod, node, there, want }) => expect(unfitReason(pod, node, () => there ?? 0)).toBe(want));
});
