import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import type { Random } from "../merge/random.ts";

export type Schema = Record<string, any>;

const QUANTITIES: readonly unknown[] = ["1", "500m", "0.5", "1Gi", "1024Mi", "2", 1, 0.25];
const WORDS = ["a", "b", "c-1", "web"];
/** What people write where the schema only says "text". */
const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  apiGroup: ["rbac.authorization.k8s.io"], apiVersion: ["v1", "apps/v1"], cidr: ["10.0.0.0/8"], clientIP: ["10.0.0.1"], effect: ["NoSchedule", "PreferNoSchedule"], fieldPath: ["metadata.name", "metadata.namespace"],
  host: ["a.test", "b.test"], hostIP: ["127.0.0.1"], hostname: ["h"], hosts: ["a.test", "b.test"], image: ["web:1", "web:2", "side"], ip: ["10.1.1.1", "10.1.1.2"], ingressClassName: ["x", "y"], kind: ["Deployment", "Pod", "User"],
  labelSelectorPath: [".status.selector"], mountPath: ["/a", "/b"], operator: ["Exists", "In", "Equal"], path: ["/", "/a", "p"], pathType: ["Prefix", "Exact"], policyTypes: ["Ingress", "Egress"], protocol: ["TCP", "UDP", "SCTP"], schedule: ["0 * * * *", "*/5 * * * *"],
  accessModes: ["ReadWriteOnce", "ReadOnlyMany"], verbs: ["get", "list", "*"], resources: ["pods", "configmaps"], apiGroups: ["", "apps"], nonResourceURLs: ["/x"], status: ["True", "False", "Unknown"], type: ["A", "B", "Ready"], topologyKey: ["zone", "host"], whenUnsatisfiable: ["DoNotSchedule", "ScheduleAnyway"],
  imagePullPolicy: ["Always", "IfNotPresent", "Never"], dnsPolicy: ["ClusterFirst", "Default"], scheme: ["HTTP", "HTTPS"], reclaimPolicy: ["Delete", "Retain"], revision: ["1", "main"], repoURL: ["https://git.test/web.git"], server: ["https://kubernetes.default.svc"], metadata: [{}],
};

/** A value that the schema allows, or at times nearly does: null, an empty map, a number for a quantity. */
export function randomValue(schema: Schema, name: string, random: Random, depth = 0): unknown {
  const found = resolved(schema);
  if (random.chance(0.02)) return null;
  if (found.$quantity) return random.pick(QUANTITIES);
  if (found["x-kubernetes-int-or-string"] || found.format === "int-or-string") return random.pick<unknown>([1, 2, 80, "25%", "http"]);
  if (found.enum) return random.pick((found.enum as unknown[]).filter((one) => one !== ""));
  if (BY_NAME[name] !== undefined && (found.type === "string" || found.type === undefined)) return random.pick(BY_NAME[name]);
  switch (found.type) {
    case "string":
      return found.format === "date-time" ? "2026-01-01T00:00:00Z" : found.format === "byte" ? random.pick(["YQ==", "Yg==", ""]) : random.pick(WORDS);
    case "integer":
      return random.pick([0, 1, 2, 3, 80, 443]);
    case "number":
      return random.pick([0, 1, 0.5]);
    case "boolean":
      return random.chance(0.5);
    case "array":
      return randomList(found, name, random, depth);
    case "object":
      return randomObject(found, random, depth);
    default:
      return random.pick<unknown>([{ a: "1" }, { a: { b: 1 }, l: [1, 2] }, {}]);
  }
}

function randomList(schema: Schema, name: string, random: Random, depth: number): unknown[] {
  const keys = schema["x-kubernetes-list-map-keys"] as string[] | undefined;
  const items = Array.from({ length: random.pick([0, 1, 1, 2, 2, 3]) }, () => randomValue(schema.items ?? {}, name, random, depth + 1)).filter((item) => item !== null);
  if (keys === undefined && schema["x-kubernetes-list-type"] !== "set") return items;
  // Twins are refused in a list that has an identity for its items; that is tried, though seldom.
  if (random.chance(0.03)) return items;
  const seen = new Set<string>();
  return items.filter((item) => {
    const identity = keys === undefined ? JSON.stringify(item) : keys.map((key) => JSON.stringify((item as any)[key] ?? resolved(resolved(schema.items).properties?.[key] ?? {}).default)).join();
    return !seen.has(identity) && seen.add(identity);
  });
}

function randomObject(schema: Schema, random: Random, depth: number): Record<string, unknown> {
  const { properties, additionalProperties, required = [] } = schema;
  if (!properties && additionalProperties) return Object.fromEntries(["a", "b", "app.kubernetes.io/name"].filter(() => random.chance(0.45)).map((key) => [key, randomValue(additionalProperties, "value", random, depth + 1)]));
  if (!properties) return random.pick<Record<string, unknown>>([{ a: "1" }, { a: { b: 2 } }, {}]);
  if (random.chance(0.04)) return {};
  const optional = Object.keys(properties).filter((one) => !required.includes(one));
  const chosen = new Set<string>(required as string[]);
  if (depth < 6) for (let left = random.pick([0, 1, 1, 2, 3]); left > 0 && optional.length > 0; left--) chosen.add(random.pick(optional));
  return Object.fromEntries([...chosen].map((name) => [name, randomValue(properties[name], name, random, depth + 1)]));
}

/** A schema with its reference followed; a quantity is marked, since its own schema is two words. */
export function resolved(schema: Schema): Schema {
  const reference: string | undefined = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference === undefined) return schema;
  const name = reference.slice("#/components/schemas/".length);
  if (name.endsWith(".api.resource.Quantity")) return { $quantity: true };
  return { ...resolved(kubernetesSchemas[name] as Schema), ...(schema["default"] !== undefined && { default: schema["default"] }) };
}
