import { keyOf, type KubeObject } from "@trireme/api";

export interface Warning {
  object: KubeObject;
  /** Dotted path of the field that is wrong. */
  field: string;
  message: string;
  /** What would probably help. */
  cure?: string;
  /** The cluster would surely refuse it. */
  fatal?: boolean;
}

/**
 * What objects say of each other and cannot mean: an Ingress whose Service or port is not there, a Service that
 * selects none of the pods, a name left as `${VARIABLE}`. Only what the application itself brings is judged.
 */
export function referenceWarnings(objects: readonly KubeObject[]): Warning[] {
  return [...objects.flatMap((object) => [...ingressWarnings(object, objects), ...serviceWarnings(object, objects)]), ...objects.flatMap(placeholderWarnings)];
}

function ingressWarnings(ingress: KubeObject, objects: readonly KubeObject[]): Warning[] {
  if (ingress.kind !== "Ingress" || !ingress.apiVersion.startsWith("networking.k8s.io/")) return [];
  const warnings: Warning[] = [];
  const check = (backend: any, field: string) => {
    const name = backend?.service?.name;
    if (typeof name !== "string") return;
    const services = objects.filter((object) => object.kind === "Service" && object.apiVersion === "v1" && (object.metadata.namespace ?? "") === (ingress.metadata.namespace ?? ""));
    const service = services.find((object) => object.metadata.name === name);
    if (service === undefined) {
      if (services.length === 0) return;
      warnings.push({ object: ingress, field: `${field}.service.name`, message: `no Service ${name} among this application's objects`, cure: `its Services are ${services.map((object) => object.metadata.name).join(", ")}` });
      return;
    }
    const ports: any[] = service.spec?.ports ?? [];
    const { number, name: portName } = backend.service.port ?? {};
    if (number === undefined && portName === undefined) return;
    if (ports.some((port) => (number !== undefined ? port.port === number : port.name === portName))) return;
    const byTarget = ports.find((port) => number !== undefined && port.targetPort === number);
    warnings.push({
      object: ingress,
      field: `${field}.service.port.${number !== undefined ? "number" : "name"}`,
      message: `Service ${name} has no port ${number ?? `"${portName}"`}`,
      cure: byTarget !== undefined ? `${number} is its targetPort; did you mean ${byTarget.port}?` : `its ports are ${ports.map((port) => (port.name ? `${port.port} (${port.name})` : port.port)).join(", ") || "none"}`,
    });
  };
  check(ingress.spec?.defaultBackend, "spec.defaultBackend");
  for (const [r, rule] of listOf(ingress.spec?.rules).entries()) {
    for (const [p, path] of listOf(rule?.http?.paths).entries()) check(path?.backend, `spec.rules[${r}].http.paths[${p}].backend`);
  }
  return warnings;
}

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout"];

function serviceWarnings(service: KubeObject, objects: readonly KubeObject[]): Warning[] {
  const selector = service.spec?.selector;
  if (service.kind !== "Service" || service.apiVersion !== "v1" || typeof selector !== "object" || selector === null || Object.keys(selector).length === 0) return [];
  const workloads = objects.filter((object) => WORKLOADS.includes(object.kind) && (object.metadata.namespace ?? "") === (service.metadata.namespace ?? "") && object.spec?.template !== undefined);
  if (workloads.length === 0) return [];
  const selected = workloads.filter((object) => Object.entries(selector).every(([key, value]) => object.spec.template.metadata?.labels?.[key] === value));
  if (selected.length === 0) {
    const text = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`).join(",");
    return [{ object: service, field: "spec.selector", message: `selects no pod of this application (${text})`, cure: `pod labels here are ${workloads.map((object) => Object.entries(object.spec.template.metadata?.labels ?? {}).map(([key, value]) => `${key}=${String(value)}`).join(",")).join("; ")}` }];
  }
  return listOf(service.spec?.ports).flatMap((port, index): Warning[] => {
    const target = port?.targetPort;
    if (typeof target !== "string") return [];
    const names = selected.flatMap((object) => listOf(object.spec.template.spec?.containers)).flatMap((container) => listOf(container?.ports)).map((each) => each?.name);
    if (names.includes(target)) return [];
    return [{ object: service, field: `spec.ports[${index}].targetPort`, message: `no container has a port named "${target}"`, cure: `named ports are ${names.filter((name) => name !== undefined).join(", ") || "none"}` }];
  });
}

const PLACEHOLDER = /\$\{[A-Za-z_][A-Za-z0-9_]{0,63}\}/;
/** Fields that never hold shell text: a `${…}` in one of them was meant to be replaced before. */
const NAME_FIELDS = ["name", "namespace", "generateName", "host", "hosts", "image", "serviceName", "secretName", "serviceAccountName", "ingressClassName", "storageClassName"];

function placeholderWarnings(object: KubeObject): Warning[] {
  const warnings: Warning[] = [];
  const visit = (value: unknown, path: string, key: string, depth: number) => {
    if (depth > 32 || warnings.length >= 20) return;
    if (typeof value === "string") {
      const inName = NAME_FIELDS.includes(key) || path.startsWith("metadata.labels") || path.includes("selector") || path.includes("matchLabels") || path.endsWith(`labels.${key}`);
      const found = inName ? PLACEHOLDER.exec(value) : null;
      if (found !== null) warnings.push({ object, field: path, message: `${found[0]} was not replaced`, cure: "write the value, or let kustomize or helm fill it in before it is committed", fatal: true });
    } else if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${path}[${index}]`, key, depth + 1));
    else if (typeof value === "object" && value !== null) for (const [name, item] of Object.entries(value)) visit(item, path === "" ? name : `${path}.${name}`, name, depth + 1);
  };
  visit(object, "", "", 0);
  return warnings;
}

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}

/** `Ingress web/hello: spec.rules[0]…: Service hello has no port 8080; 8080 is its targetPort; did you mean 80?` */
export function warningText(warning: Warning, place?: string): string {
  const { kind, namespace, name } = keyOf(warning.object);
  return `${place !== undefined && place !== "" ? `${place}: ` : ""}${kind} ${namespace !== "" ? `${namespace}/` : ""}${name}: ${warning.field}: ${warning.message}${warning.cure !== undefined ? `; ${warning.cure}` : ""}`;
}
