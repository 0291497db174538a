import type { KubeObject } from "@trireme/api";
import { invalidValue, notSupported, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import { subdomainProblems } from "../rest/names.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];

export const ingressStrategy: Strategy = {
  generation: true,
  prepareCreate(object) {
    object.status = { loadBalancer: {} };
  },
  validate(object) {
    const { spec } = object;
    const causes: Cause[] = [];
    if (!spec || ((spec.rules ?? []).length === 0 && !spec.defaultBackend)) causes.push(invalidValue("spec", null, "either `defaultBackend` or `rules` must be specified"));
    if (spec?.defaultBackend) causes.push(...backendCauses(spec.defaultBackend, "spec.defaultBackend"));
    for (const [index, rule] of (spec?.rules ?? []).entries()) causes.push(...ruleCauses(rule, `spec.rules[${index}]`));
    if (spec?.ingressClassName) for (const problem of subdomainProblems(spec.ingressClassName)) causes.push(invalidValue("spec.ingressClassName", spec.ingressClassName, problem));
    return causes;
  },
};

function ruleCauses(rule: any, path: string): Cause[] {
  const causes: Cause[] = [];
  if (rule.host) {
    if (/^\d+\.\d+\.\d+\.\d+$/.test(rule.host)) causes.push(invalidValue(`${path}.host`, rule.host, "must be a DNS name, not an IP address"));
    else for (const problem of subdomainProblems(rule.host.replace(/^\*\./, ""))) causes.push(invalidValue(`${path}.host`, rule.host, problem));
  }
  if (!rule.http) return causes;
  if ((rule.http.paths ?? []).length === 0) causes.push(required(`${path}.http.paths`));
  for (const [index, one] of (rule.http.paths ?? []).entries()) {
    const at = `${path}.http.paths[${index}]`;
    if (!one.pathType) causes.push(required(`${at}.pathType`, "pathType must be specified"));
    else if (!PATH_TYPES.includes(one.pathType)) causes.push(notSupported(`${at}.pathType`, one.pathType, PATH_TYPES));
    else if (one.pathType !== "ImplementationSpecific" && !String(one.path ?? "").startsWith("/")) causes.push(invalidValue(`${at}.path`, one.path ?? "", "must be an absolute path"));
    else if (one.path && !one.path.startsWith("/")) causes.push(invalidValue(`${at}.path`, one.path, "must be an absolute path"));
    causes.push(...backendCauses(one.backend ?? {}, `${at}.backend`));
  }
  return causes;
}

function backendCauses(backend: any, path: string): Cause[] {
  const causes: Cause[] = [];
  if (backend.resource && backend.service) return [invalidValue(path, "", "cannot set both resource and service backends")];
  if (!backend.service) return backend.resource ? [] : [required(path, "resource or service backend is required")];
  if (!backend.service.name) causes.push(required(`${path}.service.name`));
  const { name, number } = backend.service.port ?? {};
  if (name && number) causes.push(invalidValue(path, "", "cannot set both port name & port number"));
  else if (!name && !number) causes.push(required(path, "port name or number is required"));
  else if (number && (number < 1 || number > 65_535)) causes.push(invalidValue(`${path}.service.port.number`, number, "must be between 1 and 65535, inclusive"));
  return causes;
}

export const ingressClassStrategy: Strategy = {
  generation: true,
  defaults(object) {
    if (object.spec?.parameters) object.spec.parameters.scope ??= "Cluster";
  },
};

export const networkPolicyStrategy: Strategy = {
  generation: true,
  countsEmptiness: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.podSelector ??= {};
    if ((spec.policyTypes ?? []).length === 0) spec.policyTypes = ["Ingress", ...((spec.egress ?? []).length > 0 ? ["Egress"] : [])];
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) for (const port of rule.ports ?? []) port.protocol ||= "TCP";
  },
};

export const endpointsStrategy: Strategy = {
  createsOnUpdate: true,
  defaults(object) {
    for (const subset of object.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= "TCP";
  },
};

export const endpointSliceStrategy: Strategy = {
  generation: true,
  defaults(object) {
    for (const port of object.ports ?? []) {
      port.name ??= "";
      port.protocol ??= "TCP";
    }
  },
  prepareCreate: dropTopology,
  afterGeneration(object, old) {
    if (!sameJson(object.endpoints, old.endpoints)) dropTopology(object);
  },
  validate(object: KubeObject) {
    return ["IPv4", "IPv6", "FQDN"].includes(object.addressType) ? [] : [object.addressType ? notSupported("addressType", object.addressType, ["FQDN", "IPv4", "IPv6"]) : required("addressType")];
  },
};

/** Written through the beta version only, which is gone. */
function dropTopology(object: KubeObject): void {
  for (const endpoint of object.endpoints ?? []) delete endpoint.deprecatedTopology;
}
