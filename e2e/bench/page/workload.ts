import { stringify } from "yaml";
import type { KubeObject } from "@trireme/api";

export const pageAppName = (index: number): string => `page-${String(index).padStart(5, "0")}`;

const HEALTHS = ["Healthy", "Healthy", "Healthy", "Healthy", "Healthy", "Healthy", "Progressing", "Degraded", "Missing", "Suspended"];
const SYNCS = ["Synced", "Synced", "Synced", "OutOfSync"];
export const TEAMS = 10;
const IMAGES = 3;

/** As a controller would have left it; no controller looks at it again, so that only what is measured is at work. */
export function shownApplication(index: number): KubeObject {
  const name = pageAppName(index);
  const revision = (0x1000000 + index).toString(16).padStart(40, "a");
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString().replace(".000Z", "Z");
  const source = { repoURL: `https://git.example.com/team-${index % TEAMS}/deployments.git`, path: `apps/${name}`, targetRevision: "main" };
  const destination = { server: "https://kubernetes.default.svc", namespace: `ns-${index % 200}` };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd", labels: { team: `team-${index % TEAMS}`, tier: index % 3 === 0 ? "front" : "back" }, annotations: { "argocd.argoproj.io/skip-reconcile": "true" } },
    spec: { project: "default", source, destination, syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
    status: {
      sync: { status: SYNCS[index % SYNCS.length], revision, comparedTo: { source, destination } },
      health: { status: HEALTHS[index % HEALTHS.length], lastTransitionTime: at },
      summary: { images: Array.from({ length: IMAGES }, (_, image) => `registry.example.com/team-${index % TEAMS}/${name}-${image}:1.${index}.0`) },
      operationState: { phase: "Succeeded", startedAt: at, finishedAt: at, message: "successfully synced (all tasks run)", operation: { sync: { revision } } },
      reconciledAt: at,
      sourceType: "Directory",
      resources: ["Deployment", "Service", "ConfigMap", "ServiceAccount", "Ingress"].map((kind) => ({ version: "v1", kind, namespace: destination.namespace, name, status: "Synced", health: { status: "Healthy" } })),
    },
  } as unknown as KubeObject;
}

/** Deployments of three pods, which are five nodes each, and ConfigMaps: `nodes` nodes altogether. */
export function bigTreeFiles(nodes: number): Record<string, string> {
  const deployments = Math.floor(nodes / 6);
  const files: Record<string, string> = {};
  for (let index = 0; index < deployments; index++) {
    const labels = { app: `web-${index}` };
    files[`big/web-${index}.yaml`] = stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: `web-${index}` }, spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "example/web:1" }] } } } });
  }
  for (let index = 0; index < nodes - deployments * 5; index++) files[`big/settings-${index}.yaml`] = stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `settings-${index}` }, data: { index: String(index) } });
  return files;
}
