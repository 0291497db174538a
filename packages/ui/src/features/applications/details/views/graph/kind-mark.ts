/** As kubectl abbreviates them. */
const SHORT: Record<string, string> = {
  AnalysisRun: "ar", AnalysisTemplate: "at", Application: "app", ApplicationSet: "appset", ClusterRole: "cr", ClusterRoleBinding: "crb", ConfigMap: "cm", ControllerRevision: "rev", CronJob: "cj",
  CustomResourceDefinition: "crd", DaemonSet: "ds", Deployment: "deploy", EndpointSlice: "eps", Endpoints: "ep", Experiment: "exp", HorizontalPodAutoscaler: "hpa", Ingress: "ing", Job: "job",
  Namespace: "ns", NetworkPolicy: "netpol", PersistentVolume: "pv", PersistentVolumeClaim: "pvc", Pod: "pod", PodDisruptionBudget: "pdb", ReplicaSet: "rs", Role: "role", RoleBinding: "rb",
  Rollout: "ro", Secret: "secret", Service: "svc", ServiceAccount: "sa", StatefulSet: "sts", StorageClass: "sc",
};

/** A few letters that people know a kind by: kubectl's, else its capitals. */
export const kindMark = (kind: string): string => SHORT[kind] ?? (kind.replaceAll(/[^A-Z0-9]/g, "").toLowerCase().slice(0, 6) || kind.slice(0, 4).toLowerCase());
