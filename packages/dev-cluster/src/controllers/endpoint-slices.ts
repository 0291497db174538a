import type { KubeObject } from "@trireme/api";
import { isNotFound } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import { controllerUid, indexBy } from "../loop/index-by.ts";
import { matchesLabels } from "../loop/selector.ts";
import { isOver, isReady, isTerminating, type Pod } from "../loop/pods.ts";
import { controllerOfKind, controllerRef, type Controller, type ControllerContext } from "./context.ts";
import { enqueueServicesOfPods } from "./endpoints.ts";
import { isHeadless, SERVICE, targetPort, type Service } from "./service-ports.ts";

export const ENDPOINT_SLICE = { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" };

interface EndpointSlice extends KubeObject {
  addressType: string;
  endpoints: Record<string, unknown>[] | null;
  ports: Record<string, unknown>[] | null;
}

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslice-controller.k8s.io";
/** As many as one slice holds; the rest goes into another. */
const MAX_ENDPOINTS = 100;

/** Writes the addresses of each service's pods into its EndpointSlices. */
export function startEndpointSlices(ctx: ControllerContext): Controller {
  const slices = ctx.informers.of<EndpointSlice>(ENDPOINT_SLICE);
  const byService = indexBy(slices, controllerUid);
  const controller = controllerOfKind<Service>(ctx, { name: MANAGER, kind: SERVICE, owns: [ENDPOINT_SLICE], visit });
  enqueueServicesOfPods(ctx, controller);
  return controller;

  async function visit(service: Service, signal: AbortSignal): Promise<void> {
    if (!service.spec.selector || service.metadata.deletionTimestamp) return;
    const present = byService.get(service.metadata.uid!).filter((slice) => slice.metadata.labels?.[MANAGED_BY] === MANAGER && !slice.metadata.deletionTimestamp);
    const labels = { ...service.metadata.labels, "kubernetes.io/service-name": service.metadata.name!, [MANAGED_BY]: MANAGER, ...(isHeadless(service) && { "service.kubernetes.io/headless": "" }) };
    const wanted = contents(service, ctx.podsByNamespace.get(service.metadata.namespace!));
    for (const { ports, endpoints } of wanted) {
      const slice = take(present, ports);
      if (slice && isDeepStrictEqual(slice.endpoints ?? [], endpoints) && isDeepStrictEqual(slice.ports ?? [], ports) && isDeepStrictEqual(slice.metadata.labels, labels)) continue;
      const { addressType = "IPv4" } = slice ?? {};
      const body: EndpointSlice = slice
        ? { ...slice, metadata: { ...slice.metadata, labels }, endpoints, ports }
        : { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata: { generateName: `${service.metadata.name}-`, namespace: service.metadata.namespace!, labels, ownerReferences: [controllerRef(service, SERVICE)] }, addressType, endpoints, ports };
      slices.observe(slice ? await ctx.client.update(body, { signal }) : await ctx.client.create(body, { signal }));
    }
    for (const slice of present) await remove(slice, signal);
  }

  async function remove(slice: EndpointSlice, signal: AbortSignal): Promise<void> {
    try {
      await ctx.client.delete({ ...ENDPOINT_SLICE, namespace: slice.metadata.namespace!, name: slice.metadata.name! }, { preconditions: { uid: slice.metadata.uid! }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
    slices.observeDeleted(slice);
  }
}

/** Takes a present slice out of the list, one with the same ports first. */
function take(present: EndpointSlice[], ports: unknown): EndpointSlice | undefined {
  const same = present.findIndex((slice) => isDeepStrictEqual(slice.ports ?? [], ports));
  return present.length === 0 ? undefined : present.splice(Math.max(0, same), 1)[0];
}

function contents(service: Service, pods: readonly Pod[]): { ports: Record<string, unknown>[]; endpoints: Record<string, unknown>[] }[] {
  const groups = new Map<string, { ports: Record<string, unknown>[]; endpoints: Record<string, unknown>[] }>();
  for (const pod of pods) {
    if (!matchesLabels(service.spec.selector, pod.metadata.labels) || !pod.status?.["podIP"] || isOver(pod)) continue;
    const ports = (service.spec.ports ?? []).flatMap((port) => {
      const number = targetPort(pod, port);
      return number === undefined ? [] : [{ name: port.name ?? "", protocol: port.protocol ?? "TCP", port: number, ...(port.appProtocol && { appProtocol: port.appProtocol }) }];
    });
    const key = JSON.stringify(ports);
    const group: { ports: Record<string, unknown>[]; endpoints: Record<string, unknown>[] } = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(service, pod));
  }
  const sorted = [...groups.values()].flatMap(({ ports, endpoints }) => {
    endpoints.sort((a, b) => (String(a["addresses"]) < String(b["addresses"]) ? -1 : 1));
    return Array.from({ length: Math.ceil(endpoints.length / MAX_ENDPOINTS) }, (_, index) => ({ ports, endpoints: endpoints.slice(index * MAX_ENDPOINTS, (index + 1) * MAX_ENDPOINTS) }));
  });
  // A service without pods still has one, empty slice.
  return sorted.length > 0 ? sorted : [{ ports: [], endpoints: [] }];
}

function endpointOf(service: Service, pod: Pod): Record<string, unknown> {
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  return {
    addresses: [pod.status!["podIP"]],
    conditions: { ready: Boolean(service.spec.publishNotReadyAddresses) || (serving && !terminating), serving, terminating },
    ...(pod.spec["hostname"] && pod.spec["subdomain"] === service.metadata.name && { hostname: pod.spec["hostname"] }),
    targetRef: { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    ...(pod.spec["nodeName"] && { nodeName: pod.spec["nodeName"] }),
  };
}
