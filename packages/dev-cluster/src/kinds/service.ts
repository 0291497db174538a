import { randomInt } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { duplicate, forbiddenField, invalidValue, notSupported, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import { labelProblems, labelValueProblem, qualifiedNameProblem } from "../rest/names.ts";
import type { ApiContext } from "../server/context.ts";
import { invalid, type Cause } from "../server/status-error.ts";
import { isPort, PORT_RANGE, portNameProblems } from "./pod-spec-validation.ts";
import type { Strategy } from "./strategy.ts";

/** Cluster addresses are 10.96.0.0/12, node ports 30000-32767: Kubernetes' own defaults. */
const FIRST_IP = (10 << 24) | (96 << 16);
const IP_COUNT = 2 ** 20;
const NODE_PORTS = { first: 30_000, last: 32_767 };
const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const SERVICE = { group: "", kind: "Service" };

export const serviceStrategy: Strategy = {
  returnsDeleted: true,
  createsOnUpdate: true,
  nameProblems: labelProblems,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.sessionAffinity ||= "None";
    if (spec.sessionAffinity === "None") delete spec.sessionAffinityConfig;
    else if (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800 } };
    spec.type ||= "ClusterIP";
    for (const port of spec.ports ?? []) {
      port.protocol ||= "TCP";
      if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === "") port.targetPort = port.port;
    }
    if (isReachedFromOutside(spec)) spec.externalTrafficPolicy ||= "Cluster";
    if (spec.type !== "ExternalName") spec.internalTrafficPolicy ||= "Cluster";
    if (spec.type === "LoadBalancer") {
      spec.allocateLoadBalancerNodePorts ??= true;
      for (const entry of object.status?.loadBalancer?.ingress ?? []) if (entry.ip) entry.ipMode ??= "VIP";
    }
  },
  prepareCreate(object, ctx) {
    object.status = { loadBalancer: {} };
    if (causes(object, undefined).length === 0) allocate(object, undefined, ctx);
  },
  prepareUpdate(object, old, ctx) {
    const { spec } = object;
    if (spec.type !== "ExternalName" && old.spec.type !== "ExternalName") {
      // Without the one address, the list that came along from before says nothing.
      if (!spec.clusterIP && old.spec.clusterIP && sameJson(spec.clusterIPs, old.spec.clusterIPs)) delete spec.clusterIPs;
      if (!spec.clusterIP && (spec.clusterIPs ?? []).length === 0 && old.spec.clusterIP) {
        spec.clusterIP = old.spec.clusterIP;
        spec.clusterIPs = old.spec.clusterIPs;
      }
      spec.ipFamilies ??= old.spec.ipFamilies;
      spec.ipFamilyPolicy ??= old.spec.ipFamilyPolicy;
    }
    if (needsNodePorts(spec)) for (const port of spec.ports ?? []) {
      port.nodePort ||= (old.spec.ports ?? []).find((one: any) => one.port === port.port && one.protocol === port.protocol)?.nodePort;
      if (!port.nodePort) delete port.nodePort;
    }
    if (spec.type === "ClusterIP" && old.spec.type !== "ClusterIP") {
      for (const port of spec.ports ?? []) if ((old.spec.ports ?? []).some((one: any) => one.nodePort === port.nodePort)) delete port.nodePort;
      if (spec.healthCheckNodePort === old.spec.healthCheckNodePort) delete spec.healthCheckNodePort;
    }
    if (old.spec.type === "LoadBalancer" && spec.type !== "LoadBalancer") for (const field of ["allocateLoadBalancerNodePorts", "loadBalancerClass"]) if (spec[field] === old.spec[field]) delete spec[field];
    if (isReachedFromOutside(old.spec) && !isReachedFromOutside(spec) && spec.externalTrafficPolicy === old.spec.externalTrafficPolicy) delete spec.externalTrafficPolicy;
    // A balancer that is no longer wanted is as good as gone.
    if (spec.type !== "LoadBalancer") object.status = { ...object.status, loadBalancer: {} };
    // Nothing is allocated for a service that is refused anyway.
    if (causes(object, old).length === 0) allocate(object, old, ctx);
  },
  validate: (object, old) => causes(object, old),
};

function needsNodePorts(spec: Record<string, any>): boolean {
  return spec.type === "NodePort" || (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
}

function allocate(object: KubeObject, old: KubeObject | undefined, ctx: ApiContext): void {
  const { spec } = object;
  const name = object.metadata.name ?? "";
  const others = ctx.store.list("services").map((stored) => stored.object).filter((other) => other.metadata.uid !== object.metadata.uid);

  if (spec.type === "ExternalName") {
    for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"]) delete spec[field];
  } else {
    spec.ipFamilies ??= ["IPv4"];
    spec.ipFamilyPolicy ??= "SingleStack";
    if (spec.clusterIP !== "None") {
      const taken = new Set(others.flatMap((other) => other.spec?.clusterIPs ?? []));
      if (!spec.clusterIP) spec.clusterIP = freeAddress(taken);
      else if (spec.clusterIP !== old?.spec.clusterIP && taken.has(spec.clusterIP)) throw invalid(SERVICE, name, [invalidValue("spec.clusterIPs", [spec.clusterIP], `failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`)]);
      else if (!inRange(spec.clusterIP)) throw invalid(SERVICE, name, [invalidValue("spec.clusterIPs", [spec.clusterIP], `failed to allocate IP ${spec.clusterIP}: the provided IP (${spec.clusterIP}) is not in the valid range. The range of valid IPs is 10.96.0.0/12`)]);
    }
    spec.clusterIPs = [spec.clusterIP];
  }

  if (spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local") spec.healthCheckNodePort ||= old?.spec.healthCheckNodePort ?? freePort(portsTaken(others), "TCP", []);
  else if (old?.spec.healthCheckNodePort === spec.healthCheckNodePort) delete spec.healthCheckNodePort;
  if (!needsNodePorts(spec)) return;
  const taken = portsTaken(others);
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (port.nodePort) {
      const mine = (old?.spec.ports ?? []).some((one: any) => one.nodePort === port.nodePort);
      if (!mine && taken.has(`${port.nodePort}/${port.protocol}`)) throw invalid(SERVICE, name, [invalidValue(`spec.ports[${index}].nodePort`, port.nodePort, "provided port is already allocated")]);
      if (port.nodePort < NODE_PORTS.first || port.nodePort > NODE_PORTS.last) throw invalid(SERVICE, name, [invalidValue(`spec.ports[${index}].nodePort`, port.nodePort, `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.first}-${NODE_PORTS.last}`)]);
    } else port.nodePort = freePort(taken, port.protocol, spec.ports);
    taken.set(`${port.nodePort}/${port.protocol}`, true);
  }
}

function portsTaken(services: readonly KubeObject[]): Map<string, true> {
  const taken = services.flatMap(({ spec }) => [...(spec?.ports ?? []).map((port: any) => `${port.nodePort}/${port.protocol}`), `${spec?.healthCheckNodePort}/TCP`]);
  return new Map(taken.map((one) => [one, true] as const));
}

function freeAddress(taken: ReadonlySet<string>): string {
  // The first 4096 addresses are kept for those asked for by name, as the server does where it can.
  for (let attempt = 0; attempt < IP_COUNT; attempt++) {
    const address = textOf(FIRST_IP + 4096 + randomInt(IP_COUNT - 4098));
    if (!taken.has(address)) return address;
  }
  throw new Error("no free cluster address");
}

function freePort(taken: ReadonlyMap<string, true>, protocol: string, ports: readonly any[]): number {
  // One port with two protocols shares its number.
  const twin = ports.find((one) => one.nodePort && one.protocol !== protocol && !taken.has(`${one.nodePort}/${protocol}`) && ports.some((other) => other.port === one.port && other.protocol === protocol && !other.nodePort));
  if (twin) return twin.nodePort;
  for (let attempt = 0; attempt < 100_000; attempt++) {
    const port = NODE_PORTS.first + randomInt(NODE_PORTS.last - NODE_PORTS.first + 1);
    if (!taken.has(`${port}/${protocol}`)) return port;
  }
  throw new Error("no free node port");
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

function inRange(text: string): boolean {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4) return false;
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  return value > FIRST_IP && value < FIRST_IP + IP_COUNT - 1;
}

function isReachedFromOutside(spec: Record<string, any>): boolean {
  return spec["type"] === "NodePort" || spec["type"] === "LoadBalancer" || (spec["type"] === "ClusterIP" && spec["externalIPs"]?.length > 0);
}

function causes(object: KubeObject, old: KubeObject | undefined): Cause[] {
  const { spec } = object;
  const found: Cause[] = [];
  if (!TYPES.includes(spec.type)) found.push(notSupported("spec.type", spec.type, TYPES));
  if (spec.type === "ExternalName" && !spec.externalName) found.push(required("spec.externalName"));
  const headless = spec.clusterIP === "None";
  if ((spec.ports ?? []).length === 0 && !headless && spec.type !== "ExternalName") found.push(required("spec.ports"));
  if (headless && (spec.type === "LoadBalancer" || spec.type === "NodePort")) found.push(invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`));
  if (!["None", "ClientIP"].includes(spec.sessionAffinity)) found.push(notSupported("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]));
  for (const [key, value] of Object.entries<string>(spec.selector ?? {})) {
    const problem = qualifiedNameProblem(key) ?? labelValueProblem(value);
    if (problem) found.push(invalidValue("spec.selector", qualifiedNameProblem(key) ? key : value, problem));
  }
  if (old && old.spec.clusterIP && old.spec.type !== "ExternalName" && spec.type !== "ExternalName" && spec.clusterIP !== old.spec.clusterIP) found.push(invalidValue("spec.clusterIPs[0]", spec.clusterIPs ?? [spec.clusterIP ?? ""], "may not change once set"));
  found.push(...portCauses(spec));
  const ingress = object.status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0 && spec.type !== "LoadBalancer" && !sameJson(ingress, old?.status?.loadBalancer?.ingress ?? [])) found.push(forbiddenField("status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'"));
  return found;
}

function portCauses(spec: Record<string, any>): Cause[] {
  const found: Cause[] = [];
  const ports: any[] = spec.ports ?? [];
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    if (!port.name) {
      if (ports.length > 1) found.push(required(`${path}.name`));
    } else {
      const problem = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(port.name) && port.name.length <= 63 ? undefined : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
      if (problem) found.push(invalidValue(`${path}.name`, port.name, problem));
      if (names.has(port.name)) found.push(duplicate(`${path}.name`, port.name));
      names.add(port.name);
    }
    if (!isPort(port.port)) found.push(invalidValue(`${path}.port`, port.port ?? 0, PORT_RANGE));
    if (!["TCP", "UDP", "SCTP"].includes(port.protocol)) found.push(notSupported(`${path}.protocol`, port.protocol, ["SCTP", "TCP", "UDP"]));
    if (typeof port.targetPort === "number" && !isPort(port.targetPort)) found.push(invalidValue(`${path}.targetPort`, port.targetPort, PORT_RANGE));
    if (typeof port.targetPort === "string") {
      for (const problem of portNameProblems(port.targetPort)) found.push(invalidValue(`${path}.targetPort`, port.targetPort, problem));
    }
    const key = `${port.protocol}/${port.port}`;
    if (numbers.has(key)) found.push(duplicate(path, { Name: "", Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 }));
    numbers.add(key);
    if (port.nodePort && spec.type === "ClusterIP") found.push({ reason: "FieldValueForbidden", message: "Forbidden: may not be used when `type` is 'ClusterIP'", field: `${path}.nodePort` });
  }
  return found;
}
