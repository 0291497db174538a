import { milli, podRequest, type ResourceNode } from "@trireme/gitops";
import type { LiveCluster } from "../clusters/live-cluster.ts";

const RESOURCES = ["cpu", "memory", "storage"] as const;

/** The nodes that an application's pods run on, where nodes are watched, with what is asked of them. Amounts are thousandths. */
export function hostsOf(nodes: readonly ResourceNode[], live: LiveCluster, allowedLabels: readonly string[]): unknown[] {
  const machines = live.list({ group: "", kind: "Node" });
  if (machines.length === 0) return [];
  const own = new Set(nodes.filter((node) => node.kind === "Pod" && (node.group ?? "") === "").map((node) => node.uid));
  const pods = live.list({ group: "", kind: "Pod" }).filter((pod) => pod["status"]?.phase !== "Succeeded" && pod["status"]?.phase !== "Failed");
  return machines
    .filter((machine) => pods.some((pod) => own.has(pod.metadata.uid) && pod["spec"]?.nodeName === machine.metadata.name))
    .map((machine) => {
      const here = pods.filter((pod) => pod["spec"]?.nodeName === machine.metadata.name);
      const asked = (resource: "cpu" | "memory", mine: boolean) => here.filter((pod) => own.has(pod.metadata.uid) === mine).reduce((sum, pod) => sum + podRequest(pod, resource), 0);
      const resourcesInfo = RESOURCES.flatMap((resource) => {
        const capacity = milli(machine["status"]?.capacity?.[resource]);
        if (capacity <= 0) return [];
        const [mine, theirs] = resource === "storage" ? [0, 0] : [asked(resource, true), asked(resource, false)];
        return [{ resourceName: resource, ...(mine > 0 && { requestedByApp: mine }), ...(theirs > 0 && { requestedByNeighbors: theirs }), capacity }];
      });
      const labels = Object.fromEntries(allowedLabels.flatMap((label) => (machine.metadata.labels?.[label] === undefined ? [] : [[label, machine.metadata.labels[label]]])));
      return { name: machine.metadata.name, ...(resourcesInfo.length > 0 && { resourcesInfo }), systemInfo: machine["status"]?.nodeInfo ?? {}, ...(Object.keys(labels).length > 0 && { labels }) };
    })
    .sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
}
