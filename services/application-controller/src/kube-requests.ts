import type { KubeResponseEvent } from "@trireme/kube";
import type { Metrics } from "@trireme/runtime";

/** What Argo Rollouts' controller asks for; requests for what applications bring are no figure of its. */
const COUNTED: ReadonlySet<string> = new Set(["rollouts", "analysisruns", "analysistemplates", "clusteranalysistemplates", "experiments", "replicasets", "services", "pods", "jobs", "events", "leases"]);
const VERBS: Readonly<Record<string, string>> = { POST: "Create", PUT: "Update", PATCH: "Patch", DELETE: "Delete" };
/** There would be one series for each of them. */
const UNNAMED: ReadonlySet<string> = new Set(["events", "replicasets"]);
const OBJECT = /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?/;

/** Argo Rollouts' counter of requests to API servers, fed by every answer. */
export function requestMetrics(metrics: Metrics): (event: KubeResponseEvent) => void {
  const requests = metrics.counter("controller_clientset_k8s_request_total", "Number of kubernetes requests executed during application reconciliation.", ["kind", "namespace", "name", "verb", "status_code"]);
  return ({ method, path, query, status }) => {
    const [, namespace = "", kind = "", name = ""] = OBJECT.exec(path) ?? [];
    if (!COUNTED.has(kind) || status === 0) return;
    const verb = VERBS[method] ?? (query.includes("watch=true") ? "Watch" : name === "" ? "List" : "Get");
    requests.inc({ kind, namespace, name: verb === "List" || UNNAMED.has(kind) ? "N/A" : name, verb, status_code: String(status) });
  };
}
