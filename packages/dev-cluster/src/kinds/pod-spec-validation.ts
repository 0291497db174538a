import { duplicate, invalidValue, notSupported, required } from "../rest/metadata.ts";
import { labelProblems, subdomainProblems } from "../rest/names.ts";
import { parseQuantity } from "../schema/quantity.ts";
import type { Cause } from "../server/status-error.ts";

type Spec = Record<string, any>;

/** What is wrong with a pod spec, with the server's fields and sentences. */
export function podSpecCauses(spec: Spec, path: string): Cause[] {
  const causes: Cause[] = [];
  const volumes = new Set<string>();
  for (const [index, volume] of (spec.volumes ?? []).entries()) causes.push(...volumeCauses(volume, `${path}.volumes[${index}]`, volumes));
  if ((spec.containers ?? []).length === 0) causes.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const [index, container] of (spec.containers ?? []).entries()) causes.push(...containerCauses(container, `${path}.containers[${index}]`, names, volumes));
  for (const [index, container] of (spec.initContainers ?? []).entries()) causes.push(...containerCauses(container, `${path}.initContainers[${index}]`, names, volumes));
  if (spec.restartPolicy && !["Always", "OnFailure", "Never"].includes(spec.restartPolicy)) causes.push(notSupported(`${path}.restartPolicy`, spec.restartPolicy, ["Always", "Never", "OnFailure"]));
  if (spec.dnsPolicy && !["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"].includes(spec.dnsPolicy)) causes.push(notSupported(`${path}.dnsPolicy`, spec.dnsPolicy, ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]));
  if (spec.serviceAccountName) for (const problem of subdomainProblems(spec.serviceAccountName)) causes.push(invalidValue(`${path}.serviceAccountName`, spec.serviceAccountName, problem));
  if (spec.nodeName) for (const problem of subdomainProblems(spec.nodeName)) causes.push(invalidValue(`${path}.nodeName`, spec.nodeName, problem));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) causes.push(invalidValue(`${path}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds, "must be greater than or equal to 0"));
  if (spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds < 1) causes.push(invalidValue(`${path}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, "must be between 1 and 2147483647, inclusive"));
  return causes;
}

function volumeCauses(volume: Spec, path: string, seen: Set<string>): Cause[] {
  const causes: Cause[] = [];
  if (!volume.name) causes.push(required(`${path}.name`));
  else {
    for (const problem of labelProblems(volume.name)) causes.push(invalidValue(`${path}.name`, volume.name, problem));
    if (seen.has(volume.name)) causes.push(duplicate(`${path}.name`, volume.name));
    seen.add(volume.name);
  }
  if (volume.secret && !volume.secret.secretName) causes.push(required(`${path}.secret.secretName`));
  if (volume.configMap && !volume.configMap.name) causes.push(required(`${path}.configMap.name`));
  if (volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName) causes.push(required(`${path}.persistentVolumeClaim.claimName`));
  if (volume.hostPath && !volume.hostPath.path) causes.push(required(`${path}.hostPath.path`));
  return causes;
}

function containerCauses(container: Spec, path: string, names: Set<string>, volumes: ReadonlySet<string>): Cause[] {
  const causes: Cause[] = [];
  if (!container.name) causes.push(required(`${path}.name`));
  else {
    for (const problem of labelProblems(container.name)) causes.push(invalidValue(`${path}.name`, container.name, problem));
    if (names.has(container.name)) causes.push(duplicate(`${path}.name`, container.name));
    names.add(container.name);
  }
  if (!container.image) causes.push(required(`${path}.image`));
  else if (container.image !== container.image.trim()) causes.push(invalidValue(`${path}.image`, container.image, "must not have leading or trailing whitespace"));
  if (!["Always", "IfNotPresent", "Never"].includes(container.imagePullPolicy)) causes.push(notSupported(`${path}.imagePullPolicy`, container.imagePullPolicy ?? "", ["Always", "IfNotPresent", "Never"]));
  causes.push(...portCauses(container.ports ?? [], `${path}.ports`), ...envCauses(container.env ?? [], `${path}.env`), ...resourceCauses(container.resources ?? {}, `${path}.resources`));
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const at = `${path}.volumeMounts[${index}]`;
    if (!mount.name) causes.push(required(`${at}.name`));
    else if (!volumes.has(mount.name)) causes.push({ reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(mount.name)}`, field: `${at}.name` });
    if (!mount.mountPath) causes.push(required(`${at}.mountPath`));
  }
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) if (container[name]) causes.push(...probeCauses(container[name], `${path}.${name}`));
  return causes;
}

function portCauses(ports: Spec[], path: string): Cause[] {
  const causes: Cause[] = [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`;
    if (port.name) {
      for (const problem of portNameProblems(port.name)) causes.push(invalidValue(`${at}.name`, port.name, problem));
      if (names.has(port.name)) causes.push(duplicate(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) causes.push(required(`${at}.containerPort`));
    else if (!isPort(port.containerPort)) causes.push(invalidValue(`${at}.containerPort`, port.containerPort, PORT_RANGE));
    if (port.hostPort && !isPort(port.hostPort)) causes.push(invalidValue(`${at}.hostPort`, port.hostPort, PORT_RANGE));
    if (!["TCP", "UDP", "SCTP"].includes(port.protocol)) causes.push(notSupported(`${at}.protocol`, port.protocol, ["SCTP", "TCP", "UDP"]));
  }
  return causes;
}

export const PORT_RANGE = "must be between 1 and 65535, inclusive";

export function isPort(value: unknown): boolean {
  return typeof value === "number" && value >= 1 && value <= 65_535;
}

/** What is wrong with the name of a port; several things can be. */
export function portNameProblems(name: string): string[] {
  return [
    ...(name.length > 15 ? ["must be no more than 15 characters"] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
    ...(/[a-z]/.test(name) ? [] : ["must contain at least one letter (a-z)"]),
    ...(name.includes("--") ? ["must not contain consecutive hyphens"] : []),
    ...(name.startsWith("-") || name.endsWith("-") ? ["must not begin or end with a hyphen"] : []),
  ];
}

function envCauses(env: Spec[], path: string): Cause[] {
  const causes: Cause[] = [];
  for (const [index, variable] of env.entries()) {
    const at = `${path}[${index}]`;
    if (!variable.name) causes.push(required(`${at}.name`));
    else if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(variable.name)) causes.push(invalidValue(`${at}.name`, variable.name, "a valid environment variable name must consist only of printable ASCII characters other than '='"));
    if (variable.value && variable.valueFrom) causes.push(invalidValue(`${at}.valueFrom`, "", "may not be specified when `value` is not empty"));
  }
  return causes;
}

function resourceCauses({ limits = {}, requests = {} }: Spec, path: string): Cause[] {
  const causes: Cause[] = [];
  for (const [name, text] of Object.entries<string>(requests)) {
    const request = parseQuantity(text);
    const limit = limits[name] === undefined ? undefined : parseQuantity(limits[name]);
    if (request && request.nano < 0n) causes.push(invalidValue(`${path}.requests[${name}]`, text, "must be greater than or equal to 0"));
    if (request && limit && request.nano > limit.nano) causes.push(invalidValue(`${path}.requests`, text, `must be less than or equal to ${name} limit of ${limits[name]}`));
  }
  return causes;
}

function probeCauses(probe: Spec, path: string): Cause[] {
  const causes: Cause[] = [];
  const handlers = ["exec", "httpGet", "tcpSocket", "grpc"].filter((name) => probe[name]);
  if (handlers.length === 0) causes.push(required(path, "must specify a handler type"));
  for (const extra of handlers.slice(1)) causes.push({ reason: "FieldValueForbidden", message: "Forbidden: may not specify more than 1 handler type", field: `${path}.${extra}` });
  if (probe.httpGet && !probe.httpGet.port) causes.push(invalidValue(`${path}.httpGet.port`, 0, PORT_RANGE));
  for (const field of ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]) if (probe[field] < 0) causes.push(invalidValue(`${path}.${field}`, probe[field], "must be greater than or equal to 0"));
  return causes;
}
