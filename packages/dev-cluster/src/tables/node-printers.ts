import type { KubeObject } from "@trireme/api";
import { AGE, column, NAME, wide, type Column } from "./column.ts";

const ROLE = "node-role.kubernetes.io/";

export function nodePrinters(): Record<string, readonly Column[]> {
  const info = (field: string) => ({ status }: KubeObject): string => status?.nodeInfo?.[field] || "<unknown>";
  const address = (type: string) => ({ status }: KubeObject): string => (status?.addresses ?? []).find((one: any) => one.type === type)?.address ?? "<none>";
  return {
    nodes: [
      NAME,
      column("Status", readiness),
      column("Roles", ({ metadata }) => Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith(ROLE) && key.length > ROLE.length).map((key) => key.slice(ROLE.length)).sort().join(",") || "<none>"),
      AGE,
      column("Version", ({ status }) => status?.nodeInfo?.kubeletVersion ?? ""),
      wide("Internal-IP", address("InternalIP")),
      wide("External-IP", address("ExternalIP")),
      wide("OS-Image", info("osImage")),
      wide("Kernel-Version", (object) => info("kernelVersion")(object) + (object.status?.nodeInfo?.architecture ? ` (${object.status.nodeInfo.architecture})` : "")),
      wide("Container-Runtime", info("containerRuntimeVersion")),
    ],
  };
}

function readiness({ spec, status }: KubeObject): string {
  const ready = (status?.conditions ?? []).find((one: any) => one.type === "Ready");
  const text = !ready ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec?.unschedulable ? `${text},SchedulingDisabled` : text;
}
