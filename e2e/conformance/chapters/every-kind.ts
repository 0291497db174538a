import { chapter, type Request } from "../call.ts";

/** One object of a kind, in the namespace `c-every-kind` where the kind has namespaces. */
export interface Example {
  /** Collection, with NAMESPACE in it where the kind is namespaced. */
  path: string;
  object: Record<string, any>;
  /** A merge patch that changes it. */
  change: Record<string, unknown>;
}

const NS = "c-every-kind";
const pod = (name: string): any => ({ metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "web:1", ports: [{ containerPort: 80 }], env: [{ name: "A", value: "1" }] }] } });
const selected = (name: string): any => ({ selector: { matchLabels: { app: name } }, template: pod(name) });
const example = (path: string, apiVersion: string, kind: string, rest: Record<string, unknown>, change: Record<string, unknown>): Example => ({ path, object: { apiVersion, kind, metadata: { name: kind.toLowerCase() }, ...rest }, change });
const named = (one: Example, name: string): Example => ({ ...one, object: { ...one.object, metadata: { name } } });

const core = `/api/v1/namespaces/${NS}`;
const group = (name: string): string => `/apis/${name}/namespaces/${NS}`;
const RBAC = "rbac.authorization.k8s.io/v1";

export const examples: readonly Example[] = [
  example(`${core}/configmaps`, "v1", "ConfigMap", { data: { a: "1" }, binaryData: { b: "AQ==" } }, { data: { a: "2" } }),
  example(`${core}/secrets`, "v1", "Secret", { stringData: { a: "1" } }, { stringData: { a: "2", b: "3" } }),
  example(`${core}/serviceaccounts`, "v1", "ServiceAccount", { imagePullSecrets: [{ name: "a" }] }, { automountServiceAccountToken: false }),
  example(`${core}/services`, "v1", "Service", { spec: { selector: { app: "x" }, ports: [{ name: "http", port: 80, targetPort: "http" }, { name: "udp", port: 53, protocol: "UDP" }] } }, { spec: { sessionAffinity: "ClientIP" } }),
  named(example(`${core}/services`, "v1", "Service", { spec: { type: "LoadBalancer", ports: [{ port: 80 }], externalTrafficPolicy: "Local", loadBalancerSourceRanges: ["10.0.0.0/8"] } }, { spec: { externalTrafficPolicy: "Cluster" } }), "balanced"),
  example(`${core}/endpoints`, "v1", "Endpoints", { subsets: [{ addresses: [{ ip: "10.1.1.1" }], ports: [{ port: 80 }] }] }, { subsets: [] }),
  example(`${core}/persistentvolumeclaims`, "v1", "PersistentVolumeClaim", { spec: { accessModes: ["ReadWriteOnce"], storageClassName: "", resources: { requests: { storage: "1Gi" } } } }, { metadata: { labels: { a: "b" } } }),
  example(`${core}/limitranges`, "v1", "LimitRange", { spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "10Gi" } }] } }, { metadata: { labels: { a: "b" } } }),
  example(`${core}/resourcequotas`, "v1", "ResourceQuota", { spec: { hard: { "count/widgets.test.dev": "5" } } }, { spec: { hard: { "count/widgets.test.dev": "6" } } }),
  example(`${core}/replicationcontrollers`, "v1", "ReplicationController", { spec: { selector: { app: "rc" }, template: pod("rc") } }, { spec: { replicas: 2 } }),
  example(`${core}/podtemplates`, "v1", "PodTemplate", { template: pod("pt") }, { metadata: { labels: { a: "b" } } }),
  example(`${group("apps/v1")}/deployments`, "apps/v1", "Deployment", { spec: { replicas: 2, strategy: { type: "Recreate" }, ...selected("d") } }, { spec: { strategy: { type: "RollingUpdate" }, minReadySeconds: 5 } }),
  example(`${group("apps/v1")}/statefulsets`, "apps/v1", "StatefulSet", { spec: { serviceName: "s", ...selected("s"), volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }] } }, { spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } } }),
  example(`${group("apps/v1")}/daemonsets`, "apps/v1", "DaemonSet", { spec: selected("ds") }, { spec: { template: { metadata: { annotations: { a: "b" } } } } }),
  example(`${group("apps/v1")}/replicasets`, "apps/v1", "ReplicaSet", { spec: selected("rs") }, { spec: { replicas: 0 } }),
  example(`${group("apps/v1")}/controllerrevisions`, "apps/v1", "ControllerRevision", { revision: 1, data: { spec: { a: 1 } } }, { revision: 2 }),
  example(`${group("batch/v1")}/jobs`, "batch/v1", "Job", { spec: { backoffLimit: 2, ttlSecondsAfterFinished: 10, template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } } }, { spec: { suspend: true } }),
  example(`${group("batch/v1")}/cronjobs`, "batch/v1", "CronJob", { spec: { schedule: "0 * * * *", timeZone: "Etc/UTC", jobTemplate: { spec: { template: { spec: { restartPolicy: "OnFailure", containers: [{ name: "c", image: "i:1" }] } } } } } }, { spec: { suspend: true } }),
  example(`${group("networking.k8s.io/v1")}/ingresses`, "networking.k8s.io/v1", "Ingress", { spec: { ingressClassName: "x", tls: [{ hosts: ["a.test"], secretName: "s" }], defaultBackend: { service: { name: "s", port: { name: "http" } } }, rules: [{ host: "*.test", http: { paths: [{ pathType: "Exact", path: "/a", backend: { service: { name: "s", port: { number: 80 } } } }] } }] } }, { metadata: { annotations: { a: "b" } } }),
  example("/apis/networking.k8s.io/v1/ingressclasses", "networking.k8s.io/v1", "IngressClass", { metadata: { name: `${NS}-class` }, spec: { controller: "test.dev/c" } }, { metadata: { labels: { a: "b" } } }),
  example(`${group("networking.k8s.io/v1")}/networkpolicies`, "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: { matchLabels: { a: "b" } }, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 53, protocol: "UDP" }] }] } }, { spec: { policyTypes: ["Egress"] } }),
  example(`${group("discovery.k8s.io/v1")}/endpointslices`, "discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", endpoints: [{ addresses: ["10.1.1.1"], conditions: { ready: true } }], ports: [{ port: 80 }] }, { endpoints: [] }),
  example(`${group("autoscaling/v2")}/horizontalpodautoscalers`, "autoscaling/v2", "HorizontalPodAutoscaler", { spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" }, minReplicas: 2, maxReplicas: 5, metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } }], behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } } }, { spec: { maxReplicas: 6 } }),
  example(`${group("policy/v1")}/poddisruptionbudgets`, "policy/v1", "PodDisruptionBudget", { spec: { maxUnavailable: "50%", selector: { matchLabels: { a: "b" } } } }, { spec: { maxUnavailable: 1 } }),
  example(`${group("coordination.k8s.io/v1")}/leases`, "coordination.k8s.io/v1", "Lease", { spec: { holderIdentity: "me", leaseDurationSeconds: 10 } }, { spec: { holderIdentity: "you", leaseTransitions: 1 } }),
  example(`${group(RBAC)}/roles`, RBAC, "Role", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }, { rules: [] }),
  example(`${group(RBAC)}/rolebindings`, RBAC, "RoleBinding", { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" }, subjects: [{ kind: "Group", name: "g", apiGroup: "rbac.authorization.k8s.io" }] }, { subjects: null }),
  example(`/apis/${RBAC}/clusterroles`, RBAC, "ClusterRole", { metadata: { name: `${NS}-role` }, rules: [{ nonResourceURLs: ["/x"], verbs: ["get"] }] }, { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }),
  example(`/apis/${RBAC}/clusterrolebindings`, RBAC, "ClusterRoleBinding", { metadata: { name: `${NS}-binding` }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" }, subjects: [{ kind: "ServiceAccount", name: "s", namespace: NS }] }, { metadata: { labels: { a: "b" } } }),
  example("/api/v1/namespaces", "v1", "Namespace", { metadata: { name: `${NS}-second`, labels: { a: "b" } } }, { metadata: { annotations: { c: "d" } } }),
  example("/api/v1/persistentvolumes", "v1", "PersistentVolume", { metadata: { name: `${NS}-pv` }, spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/tmp/x" } } }, { spec: { persistentVolumeReclaimPolicy: "Delete" } }),
  example("/api/v1/nodes", "v1", "Node", { metadata: { name: `${NS}-node` } }, { spec: { unschedulable: true } }),
  example("/apis/storage.k8s.io/v1/storageclasses", "storage.k8s.io/v1", "StorageClass", { metadata: { name: `${NS}-class` }, provisioner: "test.dev/p", parameters: { a: "b" } }, { metadata: { labels: { a: "b" } } }),
  example("/apis/scheduling.k8s.io/v1/priorityclasses", "scheduling.k8s.io/v1", "PriorityClass", { metadata: { name: `${NS}-class` }, value: 7, description: "seven" }, { description: "still seven" }),
  example("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", { metadata: { name: `${NS}-hooks` }, webhooks: [{ name: "a.test.dev", clientConfig: { service: { name: "s", namespace: NS } }, rules: [{ apiGroups: ["none.dev"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["nothings"] }], sideEffects: "None", admissionReviewVersions: ["v1"] }] }, { metadata: { labels: { a: "b" } } }),
  example(`${core}/pods`, "v1", "Pod", { spec: { containers: [{ name: "c", image: "i" }, { name: "d", image: "i@sha256:0000000000000000000000000000000000000000000000000000000000000000", resources: { requests: { cpu: "1" } } }], initContainers: [{ name: "i", image: "i:1", restartPolicy: "Always" }], nodeSelector: { a: "b" }, hostAliases: [{ ip: "1.2.3.4", hostnames: ["h"] }] } }, { metadata: { labels: { a: "b" } } }),
];

/** Each kind made, applied, changed, replaced, shown and deleted. */
export const everyKind = chapter("every kind", () => examples.flatMap(({ path, object, change }): Request[] => {
  const at = `${path}/${object.metadata.name}`;
  const what = `${object.kind} ${object.metadata.name}`;
  const apply = "application/apply-patch+yaml";
  const merge = "application/merge-patch+json";
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, data, ...rest } = object;
  // Go refuses to merge into the raw data of a ControllerRevision.
  const parts = object.kind === "ControllerRevision" ? rest : { ...rest, ...(data && { data }) };
  return [
    { name: `${what} tried`, method: "POST", path: `${path}?dryRun=All&fieldManager=me`, body: object },
    { name: `${what} applied`, method: "PATCH", path: `${at}?fieldManager=applier`, type: apply, body: object },
    { name: `${what} applied again`, method: "PATCH", path: `${at}?fieldManager=applier`, type: apply, body: object },
    { name: `${what} patched`, method: "PATCH", path: `${at}?fieldManager=patcher`, type: merge, body: change },
    { name: `${what} applied over the patch`, method: "PATCH", path: `${at}?fieldManager=applier`, type: apply, body: object },
    { name: `${what} applied by force`, method: "PATCH", path: `${at}?fieldManager=applier&force=true`, type: apply, body: object },
    { name: `${what} applied by another`, method: "PATCH", path: `${at}?fieldManager=another`, type: apply, body: { ...object, metadata: { ...object.metadata, annotations: { "test.dev/note": "x" } } } },
    { name: `${what} applied with less`, method: "PATCH", path: `${at}?fieldManager=another`, type: apply, body: { apiVersion: object.apiVersion, kind: object.kind, metadata: { name: object.metadata.name, labels: { less: "more" } } } },
    { name: `${what} with a strategic patch`, method: "PATCH", path: `${at}?fieldManager=patcher`, type: "application/strategic-merge-patch+json", body: { metadata: { labels: { s: "t" } }, ...parts } },
    { name: `${what} misspelt`, method: "PATCH", path: `${at}?fieldValidation=Strict`, type: merge, body: { metadata: { lables: {} } } },
    { name: `${what} in a list`, method: "GET", path: `${path}?fieldSelector=metadata.name%3D${object.metadata.name}` },
    { name: `${what} in a table`, method: "GET", path: at, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" },
    { name: `${what} deleted`, method: "DELETE", path: at },
  ];
}));
