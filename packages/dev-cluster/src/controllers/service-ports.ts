import type { KubeObject } from "@trireme/api";
import type { Pod } from "../loop/pods.ts";

export const SERVICE = { group: "", version: "v1", kind: "Service" };

export interface ServicePort {
  name?: string;
  port: number;
  protocol?: string;
  targetPort?: number | string;
  appProtocol?: string;
}

export interface Service extends KubeObject {
  spec: { selector?: Record<string, string>; ports?: ServicePort[]; type?: string; clusterIP?: string; publishNotReadyAddresses?: boolean; ipFamilies?: string[] };
}

/** The number that a service port has in this pod; named ones differ from pod to pod. `undefined` where the pod has no such name. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  for (const container of [...(pod.spec["containers"] ?? []), ...((pod.spec["initContainers"] ?? []) as any[]).filter(({ restartPolicy }) => restartPolicy === "Always")]) {
    for (const declared of container.ports ?? []) if (declared.name === target && (declared.protocol ?? "TCP") === (port.protocol ?? "TCP")) return declared.containerPort as number;
  }
  return undefined;
}

export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === "None";
}
