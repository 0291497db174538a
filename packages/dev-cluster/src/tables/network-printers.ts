import type { KubeObject } from "@trireme/api";
import { AGE, column, labelsText, NAME, wide, type Column } from "./column.ts";

const MAX_ENDPOINTS = 3;

/** Services, ingresses, endpoints. */
export function networkPrinters(): Record<string, readonly Column[]> {
  return {
    services: [
      NAME,
      column("Type", ({ spec }) => spec?.type ?? ""),
      column("Cluster-IP", ({ spec }) => spec?.clusterIPs?.[0] ?? spec?.clusterIP ?? "<none>"),
      column("External-IP", externalAddress),
      column("Port(s)", ({ spec }) => (spec?.ports ?? []).map((port: any) => (port.nodePort > 0 ? `${port.port}:${port.nodePort}/${port.protocol}` : `${port.port}/${port.protocol}`)).join(",") || "<none>"),
      AGE,
      wide("Selector", ({ spec }) => labelsText(spec?.selector)),
    ],
    "ingresses.networking.k8s.io": [
      NAME,
      column("Class", ({ spec }) => spec?.ingressClassName ?? "<none>"),
      column("Hosts", hosts),
      column("Address", ({ status }) => addresses(status)),
      column("Ports", ({ spec }) => ((spec?.tls ?? []).length > 0 ? "80, 443" : "80")),
      AGE,
    ],
    "ingressclasses.networking.k8s.io": [
      NAME,
      column("Controller", ({ spec }) => spec?.controller ?? ""),
      column("Parameters", ({ spec }) => (spec?.parameters ? `${spec.parameters.kind}${spec.parameters.apiGroup ? `.${spec.parameters.apiGroup}` : ""}/${spec.parameters.name}` : "<none>")),
      AGE,
    ],
    endpoints: [NAME, column("Endpoints", endpoints), AGE],
    "endpointslices.discovery.k8s.io": [
      NAME,
      column("AddressType", ({ addressType }) => addressType),
      column("Ports", ({ ports }) => limited((ports ?? []).map((port: any) => (port.port === undefined ? "*" : String(port.port))), "<unset>")),
      column("Endpoints", ({ endpoints: list }) => limited((list ?? []).flatMap((one: any) => one.addresses ?? []), "<unset>")),
      AGE,
    ],
  };
}

function externalAddress({ spec, status }: KubeObject): string {
  const given: string[] = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case "ClusterIP":
    case "NodePort":
      return given.join(",") || "<none>";
    case "LoadBalancer":
      return [...addresses(status).split(",").filter(Boolean), ...given].join(",") || "<pending>";
    case "ExternalName":
      return spec.externalName ?? "";
    default:
      return "<unknown>";
  }
}

function addresses(status: any): string {
  const list: string[] = (status?.loadBalancer?.ingress ?? []).map((one: any) => one.ip || one.hostname).filter(Boolean);
  return [...new Set(list)].sort().join(",");
}

function hosts({ spec }: KubeObject): string {
  const list: string[] = (spec?.rules ?? []).map((rule: any) => rule.host).filter(Boolean);
  if (list.length === 0) return "*";
  return list.length > MAX_ENDPOINTS ? `${list.slice(0, MAX_ENDPOINTS).join(",")} + ${list.length - MAX_ENDPOINTS} more...` : list.join(",");
}

function endpoints({ subsets }: KubeObject): string {
  if ((subsets ?? []).length === 0) return "<none>";
  const all: string[] = subsets.flatMap((subset: any) => {
    const found: string[] = (subset.addresses ?? []).map((one: any) => one.ip);
    if ((subset.ports ?? []).length === 0) return found;
    return subset.ports.flatMap((port: any) => found.map((ip) => (ip.includes(":") ? `[${ip}]:${port.port}` : `${ip}:${port.port}`)));
  });
  return limited(all, "");
}

function limited(list: readonly string[], empty: string): string {
  if (list.length === 0) return empty;
  return list.length > MAX_ENDPOINTS ? `${list.slice(0, MAX_ENDPOINTS).join(",")} + ${list.length - MAX_ENDPOINTS} more...` : list.join(",");
}
