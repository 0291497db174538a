import type { KubeObject } from "@trireme/api";
import { plus } from "./amounts.ts";
import { podResources } from "./pod-resources.ts";

/** Kinds that count under a name of their own too. */
const NAMED = new Set(["pods", "services", "configmaps", "secrets", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas"]);
const COMPUTE = ["cpu", "memory", "ephemeral-storage"];

/** What one object takes of a quota; `resource` is `pods` or `deployments.apps`. */
export function usageOf(resource: string, object: KubeObject): Record<string, string> {
  const count = `count/${resource}`;
  switch (resource) {
    case "pods":
      return podUsage(object, count);
    case "services":
      return serviceUsage(object.spec ?? {}, count);
    case "persistentvolumeclaims":
      return claimUsage(object.spec ?? {}, count);
    default:
      return { [count]: "1", ...(NAMED.has(resource) && { [resource]: "1" }) };
  }
}

/** Resources that quotas name and that have to do with this kind. */
export function concerns(resource: string, name: string): boolean {
  if (name === `count/${resource}` || name === resource) return true;
  switch (resource) {
    case "pods":
      return COMPUTE.includes(name) || /^(requests|limits)\.(?!storage$)/.test(name) || name.startsWith("hugepages-");
    case "services":
      return name === "services.loadbalancers" || name === "services.nodeports";
    case "persistentvolumeclaims":
      return name === "requests.storage" || name.includes(".storageclass.storage.k8s.io/");
    default:
      return false;
  }
}

/** Which kind a quota's resource is counted over. */
export function countedOver(name: string): string {
  if (name.startsWith("count/")) return name.slice("count/".length);
  if (NAMED.has(name)) return name;
  if (name.startsWith("services.")) return "services";
  return name === "requests.storage" || name.includes(".storageclass.storage.k8s.io/") ? "persistentvolumeclaims" : "pods";
}

/** By the container's own resources: what it takes of a quota, without the pod that counts as one. */
export function computeUsage(requests: Readonly<Record<string, string>>, limits: Readonly<Record<string, string>>): Record<string, string> {
  const usage: Record<string, string> = {};
  for (const [name, value] of Object.entries(requests)) {
    if (COMPUTE.includes(name) || name.startsWith("hugepages-")) usage[name] = value;
    if (COMPUTE.includes(name) || name.startsWith("hugepages-") || name.includes("/")) usage[`requests.${name}`] = value;
  }
  for (const [name, value] of Object.entries(limits)) if (COMPUTE.includes(name)) usage[`limits.${name}`] = value;
  return usage;
}

/** Pods in all of a quota's scopes are counted; a scope says of a pod yes or no. */
export function inScopes(quota: KubeObject, resource: string, object: KubeObject): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  const wanted: any[] = [...scopes.map((scopeName: string) => ({ scopeName, operator: "Exists" })), ...(scopeSelector?.matchExpressions ?? [])];
  return wanted.every(({ scopeName, operator, values = [] }) => {
    if (resource !== "pods") return false;
    switch (scopeName) {
      case "Terminating":
        return typeof object.spec.activeDeadlineSeconds === "number";
      case "NotTerminating":
        return typeof object.spec.activeDeadlineSeconds !== "number";
      case "BestEffort":
        return isBestEffort(object.spec);
      case "NotBestEffort":
        return !isBestEffort(object.spec);
      case "PriorityClass": {
        const name: string = object.spec.priorityClassName ?? "";
        return operator === "Exists" ? name !== "" : operator === "DoesNotExist" ? name === "" : operator === "In" ? values.includes(name) : !values.includes(name);
      }
      default:
        return false;
    }
  });
}

function isBestEffort(spec: Record<string, any>): boolean {
  return [...(spec["containers"] ?? []), ...(spec["initContainers"] ?? [])].every(({ resources }: any) => ["cpu", "memory"].every((name) => !resources?.requests?.[name] && !resources?.limits?.[name]));
}

function podUsage({ spec = {}, status, metadata }: KubeObject, count: string): Record<string, string> {
  // One that is over, or that was to be gone by now, is still an object and nothing else.
  if (status?.phase === "Failed" || status?.phase === "Succeeded") return { [count]: "1" };
  if (metadata.deletionTimestamp && metadata.deletionGracePeriodSeconds !== undefined && Date.parse(metadata.deletionTimestamp) < Date.now()) return { [count]: "1" };
  return { [count]: "1", pods: "1", ...computeUsage(podResources(spec, "requests"), podResources(spec, "limits")) };
}

function serviceUsage(spec: Record<string, any>, count: string): Record<string, string> {
  const ports: any[] = spec["ports"] ?? [];
  const balanced = spec["type"] === "LoadBalancer";
  const opened = spec["type"] === "NodePort" || (balanced && spec["allocateLoadBalancerNodePorts"] !== false) ? ports.length : balanced ? ports.filter(({ nodePort }) => nodePort).length : 0;
  return { [count]: "1", services: "1", "services.loadbalancers": balanced ? "1" : "0", "services.nodeports": String(opened) };
}

function claimUsage(spec: Record<string, any>, count: string): Record<string, string> {
  const storage: string | undefined = spec["resources"]?.requests?.storage;
  const className: string | undefined = spec["storageClassName"] || undefined;
  const counted = { persistentvolumeclaims: "1", ...(storage !== undefined && { "requests.storage": storage }) };
  const ofClass = className === undefined ? {} : Object.fromEntries(Object.entries(counted).map(([name, value]) => [`${className}.storageclass.storage.k8s.io/${name}`, value]));
  return plus({ [count]: "1" }, { ...counted, ...ofClass });
}
