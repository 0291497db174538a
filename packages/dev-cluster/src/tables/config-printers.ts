import type { KubeObject } from "@trireme/api";
import { age } from "./age.ts";
import { AGE, column, count, labelSelectorText, NAME, wide, type Column } from "./column.ts";

const RBAC = "rbac.authorization.k8s.io";

/** Namespaces, configuration, accounts, roles, storage and the rest of the small kinds. */
export function configPrinters(): Record<string, readonly Column[]> {
  const bindingColumns = [
    NAME,
    column("Role", ({ roleRef }) => `${roleRef?.kind}/${roleRef?.name}`),
    AGE,
    wide("Users", (object) => subjects(object, "User")),
    wide("Groups", (object) => subjects(object, "Group")),
    wide("ServiceAccounts", (object) => subjects(object, "ServiceAccount")),
  ];
  return {
    namespaces: [NAME, column("Status", ({ status }) => status?.phase ?? ""), AGE],
    configmaps: [NAME, column("Data", ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length), AGE],
    secrets: [NAME, column("Type", ({ type }) => type), column("Data", ({ data }) => Object.keys(data ?? {}).length), AGE],
    serviceaccounts: [NAME, AGE],
    resourcequotas: [NAME, column("Request", (object) => quota(object, (key) => !key.startsWith("limits"))), column("Limit", (object) => quota(object, (key) => key.startsWith("limits"))), AGE],
    events: [
      column("Last Seen", lastSeen),
      column("Type", ({ type }) => type ?? ""),
      column("Reason", ({ reason }) => reason ?? ""),
      column("Object", ({ involvedObject, regarding }) => {
        const { kind = "", name = "" } = involvedObject ?? regarding ?? {};
        return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
      }),
      wide("Subobject", ({ involvedObject, regarding }) => (involvedObject ?? regarding)?.fieldPath ?? ""),
      wide("Source", eventSource),
      column("Message", ({ message, note }) => (message ?? note ?? "").trim()),
      wide("First Seen", firstSeen),
      wide("Count", ({ count: times, deprecatedCount, series }) => series?.count ?? (times || deprecatedCount || 1)),
      column("Name", ({ metadata }) => metadata.name, { format: "name", priority: 1 }),
    ],
    [`rolebindings.${RBAC}`]: bindingColumns,
    [`clusterrolebindings.${RBAC}`]: bindingColumns,
    "persistentvolumeclaims": [
      NAME,
      column("Status", ({ metadata, status }) => (metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? ""))),
      column("Volume", ({ spec }) => spec?.volumeName ?? ""),
      column("Capacity", ({ spec, status }) => (spec?.volumeName ? (status?.capacity?.storage ?? "0") : "")),
      column("Access Modes", ({ spec, status }) => (spec?.volumeName ? accessModes(status?.accessModes) : "")),
      column("StorageClass", ({ spec }) => spec?.storageClassName ?? ""),
      column("VolumeAttributesClass", ({ spec }) => spec?.volumeAttributesClassName ?? "<unset>"),
      AGE,
      wide("VolumeMode", ({ spec }) => spec?.volumeMode ?? "<unset>"),
    ],
    persistentvolumes: [
      NAME,
      column("Capacity", ({ spec }) => spec?.capacity?.storage ?? "0"),
      column("Access Modes", ({ spec }) => accessModes(spec?.accessModes)),
      column("Reclaim Policy", ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? ""),
      column("Status", ({ metadata, status }) => (metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? ""))),
      column("Claim", ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : "")),
      column("StorageClass", ({ spec }) => spec?.storageClassName ?? ""),
      column("VolumeAttributesClass", ({ spec }) => spec?.volumeAttributesClassName ?? "<unset>"),
      column("Reason", ({ status }) => status?.reason ?? ""),
      AGE,
      wide("VolumeMode", ({ spec }) => spec?.volumeMode ?? "<unset>"),
    ],
    "storageclasses.storage.k8s.io": [
      column("Name", ({ metadata }) => (metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true" ? `${metadata.name} (default)` : metadata.name), { format: "name" }),
      column("Provisioner", ({ provisioner }) => provisioner),
      column("ReclaimPolicy", ({ reclaimPolicy }) => reclaimPolicy ?? "Delete"),
      column("VolumeBindingMode", ({ volumeBindingMode }) => volumeBindingMode ?? "<unset>"),
      column("AllowVolumeExpansion", ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
      AGE,
    ],
    "leases.coordination.k8s.io": [NAME, column("Holder", ({ spec }) => spec?.holderIdentity ?? ""), AGE],
    "priorityclasses.scheduling.k8s.io": [NAME, count("Value", ({ value }) => value ?? 0), column("Global-Default", ({ globalDefault }) => globalDefault ?? false, { type: "boolean" }), AGE, column("PreemptionPolicy", ({ preemptionPolicy }) => preemptionPolicy ?? "")],
    "runtimeclasses.node.k8s.io": [NAME, column("Handler", ({ handler }) => handler), AGE],
    "poddisruptionbudgets.policy": [
      NAME,
      column("Min Available", ({ spec }) => (spec?.minAvailable === undefined ? "N/A" : String(spec.minAvailable))),
      column("Max Unavailable", ({ spec }) => (spec?.maxUnavailable === undefined ? "N/A" : String(spec.maxUnavailable))),
      count("Allowed Disruptions", ({ status }) => status?.disruptionsAllowed ?? 0),
      AGE,
    ],
    "networkpolicies.networking.k8s.io": [NAME, column("Pod-Selector", ({ spec }) => labelSelectorText(spec?.podSelector)), AGE],
    "horizontalpodautoscalers.autoscaling": [
      NAME,
      column("Reference", ({ spec }) => `${spec?.scaleTargetRef?.kind}/${spec?.scaleTargetRef?.name}`),
      column("Targets", targets),
      column("MinPods", ({ spec }) => (spec?.minReplicas === undefined ? "<unset>" : String(spec.minReplicas))),
      column("MaxPods", ({ spec }) => spec?.maxReplicas ?? 0),
      column("Replicas", ({ status }) => status?.currentReplicas ?? 0),
      AGE,
    ],
    "certificatesigningrequests.certificates.k8s.io": [
      NAME,
      AGE,
      column("SignerName", ({ spec }) => spec?.signerName ?? "<none>"),
      column("Requestor", ({ spec }) => spec?.username ?? ""),
      column("RequestedDuration", ({ spec }) => (spec?.expirationSeconds ? `${spec.expirationSeconds}s` : "<none>")),
      column("Condition", ({ status }) => [...((status?.conditions ?? []).length ? status.conditions.map((one: any) => one.type) : ["Pending"]), ...(status?.certificate ? ["Issued"] : [])].join(",")),
    ],
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": [NAME, count("Webhooks", ({ webhooks }) => webhooks?.length ?? 0), AGE],
    "validatingwebhookconfigurations.admissionregistration.k8s.io": [NAME, count("Webhooks", ({ webhooks }) => webhooks?.length ?? 0), AGE],
    "apiservices.apiregistration.k8s.io": [
      NAME,
      column("Service", ({ spec }) => (spec?.service ? `${spec.service.namespace}/${spec.service.name}` : "Local")),
      column("Available", ({ status }) => (status?.conditions ?? []).find((one: any) => one.type === "Available")?.status ?? "Unknown"),
      AGE,
    ],
  };
}

function subjects(object: KubeObject, kind: string): string {
  return (object.subjects ?? []).filter((one: any) => one.kind === kind).map((one: any) => (kind === "ServiceAccount" ? `${one.namespace}/${one.name}` : one.name)).join(", ");
}

function quota({ status }: KubeObject, chosen: (key: string) => boolean): string {
  return Object.keys(status?.hard ?? {}).filter(chosen).sort().map((key) => `${key}: ${status?.used?.[key] ?? "0"}/${status.hard[key]}`).join(", ");
}

const MODES: Record<string, string> = { ReadWriteOnce: "RWO", ReadOnlyMany: "ROX", ReadWriteMany: "RWX", ReadWriteOncePod: "RWOP" };

function accessModes(modes: readonly string[] | undefined): string {
  return Object.keys(MODES).filter((mode) => modes?.includes(mode)).map((mode) => MODES[mode]).join(",");
}

function firstSeen(event: KubeObject, now: number): string {
  return age(event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime, now);
}

function lastSeen(event: KubeObject, now: number): string {
  if (event.series?.lastObservedTime) return age(event.series.lastObservedTime, now);
  const last = event.lastTimestamp ?? event.deprecatedLastTimestamp;
  return last ? age(last, now) : firstSeen(event, now);
}

function eventSource({ source, deprecatedSource, reportingComponent, reportingController, reportingInstance }: KubeObject): string {
  const { component = "", host = "" } = source ?? deprecatedSource ?? {};
  const [who, where] = component || host ? [component, host] : [reportingComponent ?? reportingController ?? "", reportingInstance ?? ""];
  return where ? `${who}, ${where}` : who;
}

/** At most two metrics as `cpu: 10%/80%`. */
function targets({ spec, status }: KubeObject): string {
  const metrics: any[] = spec?.metrics ?? [];
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => {
    const part = metric.type ? metric.type.charAt(0).toLowerCase() + metric.type.slice(1) : "";
    const { target = {}, name } = metric[part] ?? {};
    const current = status?.currentMetrics?.[index]?.[part]?.current ?? {};
    const named = part === "resource" || part === "containerResource" ? `${name}: ` : "";
    if (target.averageUtilization !== undefined) return `${named}${current.averageUtilization === undefined ? "<unknown>" : `${current.averageUtilization}%`}/${target.averageUtilization}%`;
    if (target.averageValue !== undefined) return `${named}${current.averageValue ?? "<unknown>"}/${target.averageValue}${part === "external" || part === "object" ? " (avg)" : ""}`;
    return `${named}${current.value ?? "<unknown>"}/${target.value ?? "<auto>"}`;
  });
  return texts.length > 2 ? `${texts.slice(0, 2).join(", ")} + ${texts.length - 2} more...` : texts.join(", ");
}
