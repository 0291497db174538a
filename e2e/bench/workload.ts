import { stringify } from "yaml";

export const REPOSITORY = "bench";

/** Objects of one application: two Deployments without pods, two Services, a ServiceAccount and five ConfigMaps. */
export const OBJECTS = 10;

export function appName(index: number): string {
  return `app-${String(index).padStart(4, "0")}`;
}

export function namespaceOf(index: number): string {
  return `ns-${String(index).padStart(4, "0")}`;
}

/** The ConfigMap that commits and drift change. */
export function configMapName(index: number, number = 0): string {
  return `${appName(index)}-config-${number}`;
}

export function configMapFile(index: number, number = 0): string {
  return `apps/${appName(index)}/config-${number}.yaml`;
}

/** One file an object; no pods run, so what is timed is delivery and nothing else. */
export function repositoryFiles(apps: number): Record<string, string> {
  const files: Record<string, string> = { "README.md": "Applications for the benchmark.\n" };
  for (let index = 0; index < apps; index++) {
    const name = appName(index);
    for (const part of ["web", "worker"]) {
      files[`apps/${name}/${part}-deployment.yaml`] = stringify(deployment(`${name}-${part}`));
      files[`apps/${name}/${part}-service.yaml`] = stringify(service(`${name}-${part}`));
    }
    files[`apps/${name}/service-account.yaml`] = stringify({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });
    for (let number = 0; number < 5; number++) files[configMapFile(index, number)] = configMap(index, number, "initial");
  }
  return files;
}

/** About 1.7 kB, the value in question among it. */
export function configMap(index: number, number: number, value: string): string {
  const padding = Object.fromEntries(Array.from({ length: 16 }, (_, line) => [`setting.${String(line).padStart(2, "0")}`, `${appName(index)} ${number} ${"x".repeat(72)}`]));
  return stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: configMapName(index, number) }, data: { value, ...padding } }, { lineWidth: 0 });
}

/** Automated, with pruning and self-heal, into a namespace of its own. */
export function application(repoURL: string, index: number): Record<string, any> {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: appName(index), namespace: "argocd" },
    spec: {
      project: "default",
      source: { repoURL, path: `apps/${appName(index)}`, targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: namespaceOf(index) },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
    },
  };
}

/** Only there to be listed: compared, never synced. */
export function listedApplication(repoURL: string, index: number, apps: number): Record<string, any> {
  const name = `listed-${String(index).padStart(4, "0")}`;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd" },
    spec: { project: "default", source: { repoURL, path: `apps/${appName(index % apps)}`, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name } },
  };
}

function deployment(name: string): object {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "registry.example.com/bench:1.0.0", ports: [{ containerPort: 8080 }], env: [{ name: "MODE", value: "production" }] }] } } },
  };
}

function service(name: string): object {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] } };
}
