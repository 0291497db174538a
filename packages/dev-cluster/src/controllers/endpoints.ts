import type { KubeObject } from "@trireme/api";
import { isNotFound, type WatchCache } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import { indexBy, namespaceOf } from "../loop/index-by.ts";
import { matchesLabels } from "../loop/selector.ts";
import { isOver, isReady, isTerminating, type Pod } from "../loop/pods.ts";
import { controllerOfKind, POD, type Controller, type ControllerContext } from "./context.ts";
import { isHeadless, SERVICE, targetPort, type Service } from "./service-ports.ts";

export const ENDPOINTS = { group: "", version: "v1", kind: "Endpoints" };

interface Address {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef?: Record<string, unknown>;
}

interface Subset {
  addresses?: Address[];
  notReadyAddresses?: Address[];
  ports?: { name?: string; port: number; protocol: string; appProtocol?: string }[];
}

interface EndpointsObject extends KubeObject {
  subsets?: Subset[];
}

const MANAGED_BY = "endpoints.kubernetes.io/managed-by";

/** Writes the addresses of each service's pods into its Endpoints of the same name. */
export function startEndpoints(ctx: ControllerContext): Controller {
  const endpoints = ctx.informers.of<EndpointsObject>(ENDPOINTS);
  const controller = controllerOfKind<Service>(ctx, { name: "endpoint-controller", kind: SERVICE, visit });
  enqueueServicesOfPods(ctx, controller);
  controller.cache.on(({ type, object }) => void (type === "deleted" && remove(object).catch((error: Error) => ctx.onError?.("endpoint-controller", error))));
  return controller;

  async function visit(service: Service, signal: AbortSignal): Promise<void> {
    if (!service.spec.selector || service.metadata.deletionTimestamp) return;
    const { namespace = "", name = "" } = service.metadata;
    const labels = { ...service.metadata.labels, [MANAGED_BY]: "endpoint-controller", ...(isHeadless(service) && { "service.kubernetes.io/headless": "" }) };
    const subsets = subsetsOf(service, ctx.podsByNamespace.get(namespace));
    const found = endpoints.get(namespace, name);
    if (found && isDeepStrictEqual(found.subsets ?? [], subsets) && isDeepStrictEqual(found.metadata.labels, labels)) return;
    const { subsets: _, ...rest } = found ?? { apiVersion: "v1", kind: "Endpoints", metadata: { namespace, name } };
    const wanted: EndpointsObject = { ...rest, metadata: { ...rest.metadata, labels }, ...(subsets.length > 0 && { subsets }) };
    endpoints.observe(found ? await ctx.client.update(wanted, { signal }) : await ctx.client.create(wanted, { signal }));
  }

  async function remove(service: KubeObject): Promise<void> {
    const found = endpoints.get(service.metadata.namespace!, service.metadata.name!);
    if (!found) return;
    try {
      await ctx.client.delete({ ...ENDPOINTS, namespace: service.metadata.namespace!, name: service.metadata.name! });
      endpoints.observeDeleted(found);
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }
}

/** A service is looked at again when a pod that it selects, or did select, changes. */
export function enqueueServicesOfPods(ctx: ControllerContext, controller: { queue: { add(key: string): void }; cache: WatchCache<Service> }): void {
  const services = indexBy(controller.cache, namespaceOf);
  ctx.informers.of<Pod>(POD).on(({ object, old }) => {
    for (const service of services.get(object.metadata.namespace ?? "")) {
      if (!service.spec.selector) continue;
      if (matchesLabels(service.spec.selector, object.metadata.labels) || (old && matchesLabels(service.spec.selector, old.metadata.labels))) controller.queue.add(`${service.metadata.namespace}/${service.metadata.name}`);
    }
  });
}

function subsetsOf(service: Service, pods: readonly Pod[]): Subset[] {
  const subsets = new Map<string, { ports: NonNullable<Subset["ports"]>; ready: Address[]; unready: Address[] }>();
  for (const pod of pods) {
    if (!matchesLabels(service.spec.selector, pod.metadata.labels) || !pod.status?.["podIP"] || isOver(pod) || isTerminating(pod)) continue;
    const ports = (service.spec.ports ?? []).flatMap((port) => {
      const number = targetPort(pod, port);
      return number === undefined ? [] : [{ ...(port.name && { name: port.name }), port: number, protocol: port.protocol ?? "TCP", ...(port.appProtocol && { appProtocol: port.appProtocol }) }];
    });
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? { ports, ready: [], unready: [] };
    subsets.set(key, subset);
    (isReady(pod) || service.spec.publishNotReadyAddresses ? subset.ready : subset.unready).push(addressOf(service, pod));
  }
  const byIp = (a: Address, b: Address) => (a.ip < b.ip ? -1 : 1);
  return [...subsets.values()].map(({ ports, ready, unready }) => ({ ...(ready.length > 0 && { addresses: ready.sort(byIp) }), ...(unready.length > 0 && { notReadyAddresses: unready.sort(byIp) }), ...(ports.length > 0 && { ports }) }));
}

function addressOf(service: Service, pod: Pod): Address {
  return {
    ip: pod.status!["podIP"] as string,
    ...(pod.spec["hostname"] && pod.spec["subdomain"] === service.metadata.name && { hostname: pod.spec["hostname"] as string }),
    ...(pod.spec["nodeName"] && { nodeName: pod.spec["nodeName"] as string }),
    targetRef: { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  };
}
