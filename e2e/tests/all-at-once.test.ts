import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { Api, condition, phaseIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const IN_CLUSTER = "https://kubernetes.default.svc";
const NAMESPACE = "team-a-apps";
const DESTINATION = "team-a";

/**
 * One application that needs it all at once: a chart whose values are another source's, living outside the
 * control plane's namespace, applied as a service account of its own, while another cluster swallows every packet.
 */
describe("an application that needs it all at once", () => {
  let stack: OwnStack;
  let api: Api;
  let chart: Repository;
  let values: Repository;
  let blackHole: Server;

  beforeAll(async () => {
    blackHole = createServer(() => undefined);
    blackHole.listen(0, "127.0.0.1");
    await once(blackHole, "listening");
    stack = await startStack({ environment: { "api-server": { ARGOCD_APPLICATION_NAMESPACES: NAMESPACE }, "application-controller": { ARGOCD_APPLICATION_NAMESPACES: NAMESPACE } } });
    api = await Api.signIn(stack);
    chart = await Repository.create(stack, "all-chart", {
      "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
      "chart/values.yaml": "replicas: 1\ngreeting: default\n",
      "chart/templates/configmap.yaml": 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-greeting\ndata:\n  greeting: {{ .Values.greeting | quote }}\n',
      "chart/templates/deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  replicas: {{ .Values.replicas }}\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: web\n          image: registry.example.com/web:1\n",
    });
    values = await Repository.create(stack, "all-values", { "production/values.yaml": "greeting: from the other source\n", "extra/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n" });
    for (const { url } of [chart, values]) await api.must("POST", "/api/v1/repositories", { type: "git", repo: url, username: stack.git.user, password: stack.git.token });
    await mustKubectl(stack, ["apply", "-f", "-"], {
      input: [
          { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
          { apiVersion: "v1", kind: "Namespace", metadata: { name: DESTINATION } },
          { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: DESTINATION } },
          { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "deployer", namespace: DESTINATION }, rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] }, { apiGroups: [""], resources: ["services"], verbs: ["*"] }] },
          { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "deployer", namespace: DESTINATION }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "deployer" }, subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: DESTINATION }] },
          {
            apiVersion: "argoproj.io/v1alpha1",
            kind: "AppProject",
            metadata: { name: "team-a", namespace: "argocd" },
            spec: { sourceRepos: [chart.url, values.url], sourceNamespaces: [NAMESPACE], destinations: [{ server: "*", namespace: DESTINATION }], destinationServiceAccounts: [{ server: IN_CLUSTER, namespace: DESTINATION, defaultServiceAccount: "deployer" }] },
          },
          {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "cluster-black-hole", namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": "cluster" } },
            stringData: { name: "black-hole", server: `https://127.0.0.1:${(blackHole.address() as { port: number }).port}`, config: JSON.stringify({ bearerToken: "x", tlsClientConfig: { insecure: true } }) },
          },
      ]
        .map((object) => JSON.stringify(object))
        .join("\n---\n"),
    });
    await mustKubectl(stack, ["-n", "argocd", "patch", "configmap", "argocd-cm", "--type=merge", "-p", JSON.stringify({ data: { "application.sync.impersonation.enabled": "true" } })]);
  }, 120_000);
  afterAll(async () => {
    await Promise.allSettled([chart?.[Symbol.asyncDispose](), values?.[Symbol.asyncDispose]()]);
    await stack?.[Symbol.asyncDispose]();
    blackHole?.close();
  });

  const query = `?appNamespace=${NAMESPACE}`;
  const app = () => api.app("everything", query);
  const becomes = (...judges: Parameters<Api["becomes"]>[1][]) =>
    until("application everything", app, (found) => judges.map((judge) => judge(found)).find((verdict) => verdict !== true) ?? true, 30_000);

  it("has an application on the cluster that answers nothing, which shows as unreachable", async () => {
    await api.must("POST", "/api/v1/applications?validate=false", {
      metadata: { name: "lost", namespace: NAMESPACE },
      spec: { project: "team-a", source: { repoURL: values.url, path: "extra", targetRevision: "main" }, destination: { name: "black-hole", namespace: DESTINATION } },
    });
    const lost = await until(
      "application lost",
      () => api.app("lost", query),
      (found) => {
        const verdicts = [syncIs("Unknown"), condition("ComparisonError", /black-hole|127\.0\.0\.1/)].map((judge) => judge(found));
        return verdicts.find((verdict) => verdict !== true) ?? true;
      },
      45_000,
    );
    expect(lost.status.sync.status).toBe("Unknown");
  }, 60_000);

  it("is refused what its service account may not do, and says who that is", async () => {
    await api.must("POST", "/api/v1/applications", {
      metadata: { name: "everything", namespace: NAMESPACE },
      spec: {
        project: "team-a",
        sources: [
          { repoURL: chart.url, path: "chart", targetRevision: "main", helm: { valueFiles: ["$values/production/values.yaml"] } },
          { repoURL: values.url, targetRevision: "main", ref: "values", path: "extra" },
        ],
        destination: { server: IN_CLUSTER, namespace: DESTINATION },
      },
    });
    const before = await becomes(syncIs("OutOfSync"));
    expect(before.status.sync.revisions).toEqual([await chart.head(), await values.head()]);
    expect(before.status.sourceTypes).toEqual(["Helm", "Directory"]);
    await api.must("POST", `/api/v1/applications/everything/sync${query}`, { appNamespace: NAMESPACE, strategy: { hook: {} } });
    const failed = await becomes(phaseIs("Failed"));
    expect(JSON.stringify(failed.status.operationState)).toContain(`system:serviceaccount:${DESTINATION}:deployer`);
  }, 60_000);

  it("is applied as its service account once that may", async () => {
    await mustKubectl(stack, ["-n", DESTINATION, "patch", "role", "deployer", "--type=json", "-p", JSON.stringify([{ op: "add", path: "/rules/-", value: { apiGroups: [""], resources: ["configmaps"], verbs: ["*"] } }])]);
    await api.must("POST", `/api/v1/applications/everything/sync${query}`, { appNamespace: NAMESPACE, strategy: { hook: {} } });
    await becomes(phaseIs("Succeeded"), syncIs("Synced"));
    expect(await mustKubectl(stack, ["-n", DESTINATION, "get", "configmap", "everything-greeting", "-o", "jsonpath={.data.greeting}"])).toBe("from the other source");
    expect(await mustKubectl(stack, ["-n", DESTINATION, "get", "deployment", "everything", "-o", "jsonpath={.metadata.annotations.argocd\\.argoproj\\.io/tracking-id}"])).toBe(`${NAMESPACE}_everything:apps/Deployment:${DESTINATION}/everything`);
  }, 60_000);

  it("follows a commit to the values, in one snapshot of both sources, however dead the other cluster is", async () => {
    await api.must("PATCH", `/api/v1/applications/everything${query}`, { appNamespace: NAMESPACE, patchType: "merge", patch: JSON.stringify({ spec: { syncPolicy: { automated: {} } } }) });
    const commit = await values.edit("production/values.yaml", () => "greeting: changed\n");
    const begin = Date.now();
    await values.tell(stack, commit);
    const synced = await becomes(syncIs("Synced"), (found: any) => found.status.sync.revisions?.[1] === commit || { notYet: JSON.stringify(found.status.sync.revisions) });
    expect(synced.status.sync.revisions[0]).toBe(await chart.head());
    expect(await mustKubectl(stack, ["-n", DESTINATION, "get", "configmap", "everything-greeting", "-o", "jsonpath={.data.greeting}"])).toBe("changed");
    // The dead cluster's deadlines are tens of seconds: had this application waited for one, it would show.
    expect(Date.now() - begin).toBeLessThan(10_000);
  }, 60_000);
});
