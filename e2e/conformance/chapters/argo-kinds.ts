import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { chapter, type Request } from "../call.ts";
import { APPLY, CRDS, MERGE, TABLE, untilCode } from "../words.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../charts/trireme/crds");
const API = "argoproj.io/v1alpha1";

const application = {
  apiVersion: API,
  kind: "Application",
  metadata: { name: "web", finalizers: ["resources-finalizer.argocd.argoproj.io"], annotations: { "argocd.argoproj.io/refresh": "normal" } },
  spec: {
    project: "default",
    source: { repoURL: "https://git.test/web.git", path: "app", targetRevision: "HEAD", kustomize: { images: ["web:1"] } },
    destination: { server: "https://kubernetes.default.svc", namespace: "web" },
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"], retry: { limit: 2, backoff: { duration: "5s", factor: 2 } } },
    ignoreDifferences: [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }],
  },
};
const status = {
  sync: { status: "Synced", revision: "0123456789abcdef0123456789abcdef01234567", comparedTo: { source: application.spec.source, destination: application.spec.destination } },
  health: { status: "Healthy", lastTransitionTime: "2026-01-01T00:00:00Z" },
  reconciledAt: "2026-01-01T00:00:00Z",
  history: [{ id: 0, revision: "0123456789abcdef0123456789abcdef01234567", deployedAt: "2026-01-01T00:00:00Z", deployStartedAt: "2026-01-01T00:00:00Z", source: application.spec.source, initiatedBy: {} }],
  resources: [{ version: "v1", kind: "Service", namespace: "web", name: "web", status: "Synced" }, { group: "apps", version: "v1", kind: "Deployment", namespace: "web", name: "web", status: "Synced", health: { status: "Healthy" } }],
  sourceType: "Kustomize",
  summary: { images: ["web:1"] },
};
const rollout = {
  apiVersion: API,
  kind: "Rollout",
  metadata: { name: "web" },
  spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, strategy: { blueGreen: { activeService: "active", previewService: "preview" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "web:1", resources: { limits: { cpu: 1 } } }] } } },
};

/** Argo's own kinds, as the project's services and their users write them. */
export const argoKinds = chapter("Argo's kinds", ({ of }) => {
  const at = (resource: string, name = ""): string => of(API, resource + (name && `/${name}`));
  return [
  ...readdirSync(FOLDER).sort().flatMap((file): Request[] => {
    const body = readFileSync(path.join(FOLDER, file), "utf8");
    const scope = /scope: (\w+)/.exec(body)![1];
    const plural = /plural: (\w+)/.exec(body)![1]!;
    const group = /group: (\S+)/.exec(body)![1]!;
    return [
      { name: `CRD ${file}`, method: "POST", path: CRDS, type: "application/yaml", body, look: withoutSchemas },
      { name: `${plural} are served`, method: "GET", path: scope === "Cluster" ? `/apis/${group}/v1alpha1/${plural}` : `/apis/${group}/v1alpha1/namespaces/default/${plural}`, ...untilCode(200) },
    ];
  }),
  { name: "an application", method: "POST", path: `${at("applications")}?fieldManager=argocd`, body: application },
  { name: "a misspelt application", method: "POST", path: `${at("applications")}?fieldValidation=Strict`, body: { ...application, metadata: { name: "bad" }, spec: { ...application.spec, destnation: {}, source: { ...application.spec.source, pth: "x" } } } },
  { name: "an application without a project", method: "POST", path: at("applications"), body: { ...application, metadata: { name: "bad" }, spec: { destination: {}, source: { repoURL: 5 } } } },
  { name: "its status", method: "PATCH", path: `${at("applications", "web")}?fieldManager=controller`, type: MERGE, body: { status } },
  { name: "the same status", method: "PATCH", path: `${at("applications", "web")}?fieldManager=controller`, type: MERGE, body: { status } },
  { name: "an operation", method: "PATCH", path: `${at("applications", "web")}?fieldManager=server`, type: MERGE, body: { operation: { sync: { revision: "HEAD", prune: false, syncStrategy: { hook: {} } }, initiatedBy: { username: "admin" } }, status: { operationState: null } } },
  { name: "a bad operation", method: "PATCH", path: at("applications", "web"), type: MERGE, body: { operation: { sync: { dryRun: "yes" }, retry: { limit: "five" } } } },
  { name: "its end", method: "PATCH", path: `${at("applications", "web")}?fieldManager=controller`, type: MERGE, body: { operation: null, metadata: { annotations: { "argocd.argoproj.io/refresh": null } }, status: { operationState: { operation: { sync: {} }, phase: "Succeeded", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:01Z", message: "done" } } } },
  { name: "applied", method: "PATCH", path: `${at("applications", "web")}?fieldManager=kubectl`, type: APPLY, body: { ...application, spec: { ...application.spec, source: { ...application.spec.source, targetRevision: "main" } } } },
  { name: "applied by force", method: "PATCH", path: `${at("applications", "web")}?fieldManager=kubectl&force=true`, type: APPLY, body: { ...application, spec: { ...application.spec, source: { ...application.spec.source, targetRevision: "main" } } } },
  { name: "a status door that is not there", method: "PATCH", path: at("applications", "web/status"), type: MERGE, body: {} },
  { name: "in a table", method: "GET", path: at("applications"), accept: TABLE },
  { name: "in a list", method: "GET", path: at("applications") },
  { name: "marked for deletion", method: "DELETE", path: at("applications", "web") },
  { name: "let go", method: "PATCH", path: at("applications", "web"), type: MERGE, body: { metadata: { finalizers: null } } },
  { name: "gone", method: "GET", path: at("applications", "web") },
  { name: "a project", method: "POST", path: at("appprojects"), body: { apiVersion: API, kind: "AppProject", metadata: { name: "team" }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], roles: [{ name: "ci", policies: ["p, proj:team:ci, applications, sync, team/*, allow"] }] } } },
  { name: "a rollout", method: "POST", path: `${at("rollouts")}?fieldManager=me`, body: rollout },
  { name: "its status by its door", method: "PATCH", path: `${at("rollouts", "web/status")}?fieldManager=controller`, type: MERGE, body: { status: { phase: "Healthy", replicas: 2, HPAReplicas: 2, selector: "app=web", blueGreen: { activeSelector: "abc" } } } },
  { name: "its scale", method: "GET", path: at("rollouts", "web/scale") },
  { name: "its selector changed", method: "PATCH", path: at("rollouts", "web"), type: MERGE, body: { spec: { selector: { matchLabels: { app: "other" } } } } },
  { name: "rollouts in a table", method: "GET", path: at("rollouts"), accept: TABLE },
  { name: "a template of an analysis", method: "POST", path: at("analysistemplates"), body: { apiVersion: API, kind: "AnalysisTemplate", metadata: { name: "success" }, spec: { args: [{ name: "service" }], metrics: [{ name: "rate", interval: "10s", count: 3, successCondition: "result > 0.9", provider: { job: { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } } } } } }] } } },
  ];
});

/** Half a megabyte that is the file's own text; what discovery, pruning and defaulting make of it other calls see. */
function withoutSchemas(body: any): unknown {
  const { versions = [], ...spec } = body.spec ?? {};
  return { ...body, spec: { ...spec, versions: versions.map(({ schema: _, ...rest }: any) => rest) } };
}
