import { Api, healthIs, phaseIs, syncIs } from "./api.ts";
import { startMetricServer } from "./metric-server.ts";
import { Repository } from "./repository.ts";
import type { Stack } from "./stack.ts";
import { until } from "./until.ts";

/** How many nodes there should be for pods to be spread. */
export const NODES = 4;

interface Workload {
  name?: string;
  replicas?: number;
  /** Fields of its container beside the image, as YAML flow. */
  container?: string;
  /** Fields of its spec, as YAML flow lines. */
  spec?: string;
}

const workload = (apiVersion: string, kind: string, image: string, { name = "web", replicas = 2, container = "", spec = "" }: Workload): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${kind === "DaemonSet" ? "" : `  replicas: ${replicas}\n`}  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: ${name}, image: "${image}"${container === "" ? "" : `, ${container}`}}]}\n${spec === "" ? "" : `  ${spec}\n`}`;
const deployment = (image: string, options: Workload = {}): string => workload("apps/v1", "Deployment", image, options);
const rollout = (image: string, strategy: string, options: Workload = {}): string => workload("argoproj.io/v1alpha1", "Rollout", image, { ...options, spec: `strategy: ${strategy}` });
const service = (name: string, rest = ""): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]${rest}}\n`;
const requests = (cpu: string, memory: string): string => `resources: {requests: {cpu: "${cpu}", memory: ${memory}}}`;

const STEPPED = "{canary: {steps: [{setWeight: 20}, {pause: {}}, {setWeight: 60}, {pause: {}}]}}";
const JUDGED = "{canary: {analysis: {templates: [{templateName: checks}]}, steps: [{setWeight: 40}, {pause: {}}]}}";
const path = (host: string, to: string, at: string): string => `{host: ${host}, http: {paths: [{path: ${at}, pathType: Prefix, backend: {service: {name: ${to}, port: {number: 80}}}}]}}`;

/** Reached from outside: an Ingress to two Services, with what they need. */
const STOREFRONT = {
  "storefront/ingress.yaml": `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: storefront}\nspec: {tls: [{hosts: [shop.example.com], secretName: certificate}], rules: [${path("shop.example.com", "web", "/")}, ${path("api.example.com", "api", "/")}]}\n`,
  "storefront/web.yaml": `${deployment("example/web:2.4.1", { replicas: 3 })}---\n${service("web")}`,
  "storefront/api.yaml": `${deployment("example/api:1.9.0", { name: "api" })}---\n${service("api")}`,
  "storefront/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {theme: light}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: certificate}\nstringData: {tls.key: key}\n",
};

/** Many pods of several kinds, one of them without an image. */
const ORDERS = {
  "orders/api.yaml": `${deployment("example/orders:5", { name: "api", replicas: 14, container: requests("1500m", "6Gi") })}---\n${service("api")}`,
  "orders/database.yaml": `${workload("apps/v1", "StatefulSet", "example/postgres:17", { name: "database", replicas: 3, container: requests("4", "24Gi"), spec: "serviceName: database\n  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}]" })}---\n${service("database", ", clusterIP: None")}`,
  "orders/agent.yaml": workload("apps/v1", "DaemonSet", "example/agent:2", { name: "agent", container: requests("250m", "512Mi") }),
  "orders/reports.yaml": deployment("example/reports:broken", { name: "reports", replicas: 1 }),
};

/** Ends again and again, and says why. */
const WORKER = {
  "worker/worker.yaml": deployment("example/worker:3.1", { name: "worker", container: `command: [sh, -c, "echo 'worker 3.1 starting'; echo 'connecting to amqp://queue:5672'; echo 'fatal: connection refused, giving up'; exit 3"]` }),
};

const job = (name: string, annotation: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}, annotations: {${annotation}}}\nspec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: main, image: example/${name}}]}}}\n`;
/** Its sync comes as far as a Job that nobody starts. */
const LEDGER = {
  "ledger/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, annotations: {argocd.argoproj.io/sync-wave: '-1'}}\n",
  "ledger/fill.yaml": job("fill-balances", "argocd.argoproj.io/sync-wave: '1'"),
  "ledger/web.yaml": `${service("web").replace("{name: web}", "{name: web, annotations: {argocd.argoproj.io/sync-wave: '2'}}")}---\n${deployment("example/ledger:4").replace("{name: web}", "{name: web, annotations: {argocd.argoproj.io/sync-wave: '2'}}")}`,
};

const CHECKS = (url: string): string => `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: checks}
spec:
  metrics:
  - {name: success-rate, interval: 1s, count: 60, failureLimit: 2, successCondition: result >= 0.95, provider: {web: {url: "${url}/rate", jsonPath: "{$.value}"}}}
  - {name: latency, interval: 1s, count: 60, failureLimit: 5, failureCondition: result > 250, provider: {web: {url: "${url}/latency", jsonPath: "{$.value}"}}}
`;
/** What the checks measure of the bad release, in order; the last for ever. */
const RATES = [0.994, 0.991, 0.993, 0.984, 0.972, 0.958, 0.931, 0.902, 0.874];
const LATENCIES = [112, 118, 109, 131, 148, 171, 203, 226, 241];

/** Something to look at: applications in every state that a page has to show well. Resolves once they are in it. */
export async function setScene(stack: Stack): Promise<AsyncDisposable> {
  await using disposers = new AsyncDisposableStack();
  const api = await Api.signIn(stack);
  const asked: Record<string, number> = {};
  const metrics = disposers.use(
    await startMetricServer(({ path: of }) => {
      asked[of] = (asked[of] ?? -1) + 1;
      const values = of === "/rate" ? RATES : LATENCIES;
      return { body: { value: values[Math.min(values.length - 1, asked[of])] } };
    }),
  );
  const checkout = (image: string): string => rollout(image, JUDGED, { replicas: 5 });
  const repository = disposers.use(
    await Repository.create(stack, "platform", {
      ...STOREFRONT,
      ...ORDERS,
      ...WORKER,
      "shop/web.yaml": rollout("example/shop:1.4.0", STEPPED, { replicas: 5 }), "shop/service.yaml": service("web"),
      "blog/web.yaml": deployment("example/blog:7"), "blog/service.yaml": service("web"),
      "cart/web.yaml": deployment("example/cart:2.0"),
      "checkout/web.yaml": checkout("example/checkout:3.0"), "checkout/checks.yaml": CHECKS(metrics.url),
      "docs/web.yaml": deployment("example/docs:1", { replicas: 1 }),
      "search/web.yaml": deployment("example/search:3", { replicas: 1 }),
    }),
  );
  // What is under way would be compared with what comes after it.
  const still = disposers.use(await Repository.create(stack, "finance", LEDGER));
  for (const { url } of [repository, still]) await api.must("POST", "/api/v1/repositories", { type: "git", repo: url, username: stack.git.user, password: stack.git.token });
  const create = (name: string, automated: boolean) =>
    api.must("POST", "/api/v1/applications", { metadata: { name, annotations: { "trireme.dev/rollback-grace": "2s" } }, spec: { project: "default", source: { repoURL: (name === "ledger" ? still : repository).url, path: name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { ...(automated && { automated: { prune: true } }), syncOptions: ["CreateNamespace=true"] } } });
  const refresh = (name: string) => api.must("GET", `/api/v1/applications/${name}?refresh=normal`);
  const automated = ["shop", "cart", "docs", "checkout"];
  const manual = ["blog", "storefront", "orders", "worker", "ledger"];
  for (const name of automated) await create(name, true);
  for (const name of [...manual, "search"]) await create(name, false);
  await api.becomes("search", syncIs("OutOfSync"));
  for (const name of manual) {
    await api.becomes(name, syncIs("OutOfSync"));
    await api.must("POST", `/api/v1/applications/${name}/sync`, { name });
  }
  for (const name of [...automated, "blog", "storefront"]) await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
  await api.becomes("orders", phaseIs("Succeeded"));

  const releases = async (name: string): Promise<any> => (await api.must("GET", `/api/trireme/v1/applications/${name}/releases`)).body;
  for (const name of ["cart", "checkout"]) await until(`${name} to be proven`, () => releases(name), ({ proven }) => (proven ?? []).length > 0 || { notYet: "not proven" }, 60_000);
  await repository.push("Next release\n\nFaster pages, and a new way to pay.", { "shop/web.yaml": rollout("example/shop:1.5.0", STEPPED, { replicas: 5 }), "cart/web.yaml": deployment("example/cart:broken"), "checkout/web.yaml": checkout("example/checkout:3.1"), "blog/web.yaml": deployment("example/blog:8", { replicas: 3 }) });
  for (const name of ["shop", "cart", "checkout", "blog"]) await refresh(name);
  await until("shop to wait", () => releases("shop"), ({ rollouts }) => rollouts?.[0]?.step?.number === 2 || { notYet: JSON.stringify(rollouts?.[0]?.step) }, 60_000);
  for (const name of ["cart", "checkout"]) await until(`${name} to be rolled back`, () => releases(name), ({ pinned }) => (pinned !== undefined && pinned !== null) || { notYet: "not pinned" }, 90_000);
  await until("worker to be known to crash", async () => (await api.must("GET", "/api/trireme/v1/applications/worker/why")).body, ({ reasons }) => (reasons ?? []).some(({ cause }: { cause?: string }) => cause === "Crashing") || { notYet: JSON.stringify(reasons) }, 60_000);
  return disposers.move();
}
