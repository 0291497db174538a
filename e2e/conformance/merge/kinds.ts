import { podParts } from "./pod-parts.ts";
import type { Random } from "./random.ts";

/** Changes one part of an object. */
export type Part = (object: any, random: Random) => void;

/** A kind to play with: its least object, and what may be changed in it. */
export interface PlayedKind {
  apiVersion: string;
  kind: string;
  resource: string;
  least: () => Record<string, any>;
  parts: readonly Part[];
  statusParts?: readonly Part[];
}

const metadataParts: readonly Part[] = [
  (o, r) => void (o.metadata.labels = { ...o.metadata.labels, [r.pick(["a", "b", "app.kubernetes.io/name"])]: r.pick(["x", "y"]) }),
  (o, r) => void (o.metadata.annotations = { ...o.metadata.annotations, [r.pick(["n1", "example.com/n2"])]: r.pick(["x", "y"]) }),
  (o, r) => void (o.metadata.finalizers = r.pick([["example.com/a"], ["example.com/a", "example.com/b"], ["example.com/b"]])),
  (o, r) => void (o.metadata.ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: r.pick(["p", "q"]), uid: r.pick(["u-1", "u-2"]) }]),
];

const conditions: Part = (o, r) => {
  const found = ["A", "B"].filter(() => r.chance(0.7));
  o.status = { ...o.status, conditions: found.map((type) => ({ type, status: r.pick(["True", "False"]), lastTransitionTime: "2026-01-01T00:00:00Z", ...(r.chance(0.5) && { reason: "R", message: "m" }) })) };
};

const template = () => ({ metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "web", image: "img:1" }] } });

export const playedKinds: readonly PlayedKind[] = [
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    resource: "configmaps",
    least: () => ({ data: { k: "v" } }),
    parts: [
      ...metadataParts,
      (o, r) => void (o.data = { ...o.data, [r.pick(["k", "l", "m.n"])]: r.pick(["1", "2"]) }),
      (o) => void (o.data = {}),
      (o) => void (o.binaryData = { b: "AAEC" }),
      (o) => void delete o.data,
    ],
  },
  {
    apiVersion: "v1",
    kind: "Service",
    resource: "services",
    least: () => ({ spec: { ports: [{ port: 80 }], selector: { app: "x" } } }),
    parts: [
      ...metadataParts,
      (o, r) =>
        void (o.spec.ports = r.pick<any>([
          [{ port: 80, name: "http" }],
          [{ name: "a", port: 80, targetPort: "http" }, { name: "b", port: 443, protocol: "TCP" }],
          [{ name: "b", port: 53, protocol: "UDP" }, { name: "a", port: 53 }],
        ])),
      (o, r) => void (o.spec.selector = { app: r.pick(["x", "y"]), t: "u" }),
      (o) => void (o.spec.externalIPs = ["10.1.1.1"]),
    ],
    statusParts: [conditions, (o, r) => void (o.status = { ...o.status, loadBalancer: { ingress: [{ ip: r.pick(["1.1.1.1", "2.2.2.2"]), ports: [{ port: 80, protocol: "TCP" }] }] } })],
  },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    resource: "serviceaccounts",
    least: () => ({}),
    parts: [
      ...metadataParts,
      (o, r) => void (o.secrets = [{ name: r.pick(["s1", "s2"]) }]),
      (o, r) => void (o.imagePullSecrets = r.pick<any>([[{ name: "a" }], [{ name: "b" }, { name: "a" }]])),
      (o, r) => void (o.automountServiceAccountToken = r.chance(0.5)),
    ],
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    resource: "deployments",
    least: () => ({ spec: { selector: { matchLabels: { app: "x" } }, template: template() } }),
    parts: [
      ...metadataParts,
      ...podParts((o) => o.spec.template.spec),
      (o, r) => void (o.spec.replicas = r.below(4)),
      (o, r) => void (o.spec.strategy = r.pick<any>([{ type: "Recreate" }, { type: "RollingUpdate" }, { rollingUpdate: { maxSurge: r.pick<any>([1, "25%"]) } }, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } }])),
      (o, r) => void (o.spec.template.metadata.annotations = { a: r.pick(["1", "2"]) }),
      (o) => void (o.spec.template.metadata.creationTimestamp = null),
      (o) => void (o.spec.paused = true),
    ],
    statusParts: [conditions, (o, r) => void (o.status = { ...o.status, replicas: r.below(3), observedGeneration: 1 })],
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    resource: "statefulsets",
    least: () => ({
      spec: { serviceName: "s", selector: { matchLabels: { app: "x" } }, template: template(), volumeClaimTemplates: [{ metadata: { name: "d" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }] },
    }),
    parts: [...metadataParts, (o, r) => void (o.spec.replicas = r.below(3)), (o, r) => void (o.spec.updateStrategy = r.pick<any>([{ type: "OnDelete" }, { rollingUpdate: { partition: r.below(2) } }]))],
    statusParts: [conditions, (o, r) => void (o.status = { ...o.status, replicas: r.below(3) })],
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    resource: "ingresses",
    least: () => ({ spec: { rules: [{ host: "h", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } }] } }] } }),
    parts: [
      ...metadataParts,
      (o, r) => void (o.spec.rules[0].host = r.pick(["h", "i"])),
      (o, r) => void (o.spec.tls = [{ hosts: ["h"], secretName: r.pick(["a", "b"]) }]),
      (o) => void (o.spec.ingressClassName = "nginx"),
      (o) => void (o.spec.defaultBackend = { service: { name: "d", port: { name: "http" } } }),
    ],
    statusParts: [(o, r) => void (o.status = { loadBalancer: { ingress: [{ ip: r.pick(["1.1.1.1", "2.2.2.2"]) }] } })],
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    resource: "networkpolicies",
    least: () => ({ spec: { podSelector: {} } }),
    parts: [
      ...metadataParts,
      (o, r) => void (o.spec.podSelector = { matchLabels: { a: r.pick(["1", "2"]) } }),
      (o, r) => void (o.spec.ingress = [{ ports: [{ port: r.pick<any>([80, "http"]) }], from: [{ podSelector: { matchLabels: { a: "b" } } }] }]),
      (o) => void (o.spec.policyTypes = ["Ingress"]),
    ],
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    resource: "horizontalpodautoscalers",
    least: () => ({ spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" }, maxReplicas: 3 } }),
    parts: [
      ...metadataParts,
      (o, r) => void (o.spec.minReplicas = 1 + r.below(2)),
      (o, r) => void (o.spec.metrics = [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: r.pick([50, 60]) } } }]),
      (o) => void (o.spec.behavior = { scaleDown: { stabilizationWindowSeconds: 10 } }),
    ],
    statusParts: [conditions, (o, r) => void (o.status = { ...o.status, desiredReplicas: r.below(3), currentReplicas: 1 })],
  },
  {
    apiVersion: "test.example/v1",
    kind: "Widget",
    resource: "widgets",
    least: () => ({ spec: { name: "w" } }),
    parts: [
      ...metadataParts,
      (o, r) => void (o.spec.tags = r.pick<any>([["a"], ["a", "b"], ["b", "c"], []])),
      (o, r) => void (o.spec.items = r.pick<any>([[{ id: "1", v: 1 }], [{ id: "2", v: 1 }, { id: "1", w: "x" }], [{ id: "1" }]])),
      (o, r) => void (o.spec.free = { a: { b: r.below(2) }, ...(r.chance(0.5) && { l: [1, 2] }) }),
      (o, r) => void (o.spec.atomic = { x: r.below(2), ...(r.chance(0.5) && { y: "z" }) }),
      (o, r) => void (o.spec.port = r.pick<any>([80, "http"])),
      (o, r) => void (o.spec.nested = { on: r.chance(0.5), ...(r.chance(0.5) && { inner: { a: "1" } }) }),
      (o, r) => void (o.spec.map = { [r.pick(["a", "b"])]: "x" }),
      (o) => void (o.spec.nested = {}),
      (o) => void (o.spec.embedded = { apiVersion: "v1", kind: "X", metadata: { name: "e", labels: { q: "r" } }, data: { z: "1" } }),
    ],
    statusParts: [(o, r) => void (o.status = { phase: r.pick(["A", "B"]), conditions: [{ type: "R", status: r.pick(["True", "False"]) }] })],
  },
];
