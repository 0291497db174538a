import { parseApiVersion, type KubeObject } from "@trireme/api";
import type { ResourceRef } from "./node.ts";

export interface Networking {
  targetLabels?: Record<string, string>;
  targetRefs?: ResourceRef[];
  labels?: Record<string, string>;
  ingress?: { hostname?: string; ip?: string }[];
  externalURLs?: string[];
}

export function serviceNetworking(object: KubeObject): Networking {
  const addresses = object.spec?.type === "LoadBalancer" ? addressesOf(object) : [];
  return { ...(object.spec?.selector !== undefined && { targetLabels: object.spec.selector }), ...(addresses.length > 0 && { ingress: addresses }) };
}

/** Where an Ingress leads, and under which addresses it is reached. */
export function ingressNetworking(object: KubeObject, group: string): Networking {
  const addresses = addressesOf(object);
  const services = new Set<string>();
  const urls = new Set<string>();
  const { version } = parseApiVersion(object.apiVersion);
  const note = (backend: any) => {
    const name = group === "extensions" || version === "v1beta1" ? backend?.serviceName : backend?.service?.name;
    if (typeof name === "string") services.add(name);
  };
  note(object.spec?.backend ?? object.spec?.defaultBackend);
  for (const rule of listOf(object.spec?.rules)) {
    const host: string | undefined = rule?.host || addresses.map((address) => address.hostname ?? address.ip).find((text) => text !== undefined && text !== "");
    for (const path of listOf(rule?.http?.paths)) {
      note(path?.backend);
      if (host === undefined) continue;
      urls.add(`${isTls(object, host) ? "https" : "http"}://${host}${typeof path?.path === "string" ? path.path.replace(/\*$/, "") : ""}`);
    }
  }
  const namespace = object.metadata.namespace ?? "";
  const refs = [...services].map((name): ResourceRef => ({ kind: "Service", ...(namespace !== "" && { namespace }), name }));
  return { ...(refs.length > 0 && { targetRefs: refs }), ...(addresses.length > 0 && { ingress: addresses }), ...(urls.size > 0 && { externalURLs: [...urls].sort() }) };
}

function isTls(object: KubeObject, host: string): boolean {
  return listOf(object.spec?.tls).some((entry) => entry?.secretName !== undefined || entry?.host === host);
}

function addressesOf(object: KubeObject): { hostname?: string; ip?: string }[] {
  return listOf(object.status?.loadBalancer?.ingress).flatMap((entry): { hostname?: string; ip?: string }[] => (entry?.hostname !== undefined ? [{ hostname: String(entry.hostname) }] : entry?.ip !== undefined ? [{ ip: String(entry.ip) }] : []));
}

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
