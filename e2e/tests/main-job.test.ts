import { Api, condition, healthIs, imageIs, phaseIs, syncIs } from "../support/api.ts";
import { kubectl, mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { senders } from "../support/webhooks.ts";

/**
 * The main job, through the public doors only: REST, Git over HTTP, the webhook and kubectl.
 * The steps are one story; each stands on the one before.
 */
describe("the main job", () => {
  const NAME = "main-job-spring";
  const NAMESPACE = "user01-main-job";
  const IMAGE = "registry.example.com/user01/hello-world-spring";
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let firstCommit: string;

  const hook = async (sender: keyof typeof senders, after: string) => {
    const { headers, body } = senders[sender]({ repository: repository.url.replace(/\.git$/, ""), branch: "main", after });
    const answer = await new Api(stack.url).call("POST", "/api/webhook", body, headers);
    expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  };
  const setTag = (tag: string) => repository.edit("hello-world-spring/kustomization.yaml", (text) => text.replace(/newTag: .*/, `newTag: "${tag}"`), `Deploy ${tag}`);
  const liveImage = async () => (await mustKubectl(stack, ["-n", NAMESPACE, "get", "deployment", "hello-world-spring", "-o", "jsonpath={.spec.template.spec.containers[0].image}"])).trim();
  const sync = (body: object = {}) => api.must("POST", `/api/v1/applications/${NAME}/sync`, { prune: false, dryRun: false, strategy: { hook: { force: false } }, resources: null, ...body });
  const setPolicy = (syncPolicy: unknown) => api.must("PATCH", `/api/v1/applications/${NAME}`, { patchType: "merge", patch: JSON.stringify({ spec: { syncPolicy } }) });

  beforeAll(async () => {
    stack = await sharedStack();
    repository = await Repository.create(stack, "main-job");
    firstCommit = await repository.head();
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  it("signs in", async () => {
    const refused = await new Api(stack.url).call("POST", "/api/v1/session", { username: "admin", password: "wrong" });
    expect([refused.status, refused.body.message]).toEqual([401, "Invalid username or password"]);
    api = await Api.signIn(stack);
    expect((await api.must("GET", "/api/v1/session/userinfo")).body).toMatchObject({ loggedIn: true, username: "admin", iss: "argocd" });
  });

  it("refuses a wrong token with the server's own reason and stores nothing", async () => {
    const answer = await api.call("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: "wrong" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.message).toMatch(/authentication required|401|Unauthorized/i);
    const { body } = await api.must("GET", "/api/v1/repositories");
    expect((body.items ?? []).map((item: any) => item.repo)).not.toContain(repository.url);
    expect(await mustKubectl(stack, ["-n", "argocd", "get", "secrets", "-l", "argocd.argoproj.io/secret-type=repository", "-o", "json"])).not.toContain(Buffer.from(repository.url).toString("base64"));
  });

  it("connects the repository by URL, user and token", async () => {
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    const { body } = await api.must("GET", "/api/v1/repositories");
    const listed = body.items.find((item: any) => item.repo === repository.url);
    expect(listed).toMatchObject({ type: "git", connectionState: { status: "Successful" } });
    expect(JSON.stringify(body)).not.toContain(stack.git.token);
  });

  it("creates an Application that is OutOfSync and Missing", async () => {
    await api.must("POST", "/api/v1/applications", {
      metadata: { name: NAME, namespace: "argocd" },
      spec: {
        project: "default",
        source: { repoURL: repository.url, path: "hello-world-spring", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: NAMESPACE },
        syncPolicy: { syncOptions: ["CreateNamespace=true"] },
      },
    });
    const app = await api.becomes(NAME, syncIs("OutOfSync", firstCommit), healthIs("Missing"));
    expect(app.status.sourceType).toBe("Kustomize");
    expect(app.status.resources.map((resource: any) => `${resource.kind}/${resource.name} ${resource.status}`)).toEqual(["Service/hello-world-spring OutOfSync", "Deployment/hello-world-spring OutOfSync", "Ingress/hello-world-spring OutOfSync"]);
  });

  it("syncs to Synced and Healthy, with pods running and an address on the Ingress", async () => {
    await sync();
    const app = await api.becomes(NAME, phaseIs("Succeeded"), syncIs("Synced", firstCommit), healthIs("Healthy"), imageIs(`${IMAGE}:1.0.0`));
    expect(app.status.history).toHaveLength(1);
    expect(app.status.operationState.syncResult.resources.map((resource: any) => resource.kind)).toEqual(["Namespace", "Service", "Deployment", "Ingress"]);
    const pods = JSON.parse(await mustKubectl(stack, ["-n", NAMESPACE, "get", "pods", "-o", "json"]));
    expect(pods.items.map((pod: any) => pod.status.phase)).toEqual(["Running", "Running"]);
    const address = await mustKubectl(stack, ["-n", NAMESPACE, "get", "ingress", "hello-world-spring", "-o", "jsonpath={.status.loadBalancer.ingress[0]}"]);
    expect(address).not.toBe("");
  });

  it("shows the tree down to the pods, and their logs", async () => {
    const tree = await until(
      "the tree",
      async () => (await api.must("GET", `/api/v1/applications/${NAME}/resource-tree`)).body,
      (found) => found.nodes.filter((node: any) => node.kind === "Pod" && node.health?.status === "Healthy").length === 2 || { notYet: found.nodes.map((node: any) => `${node.kind}/${node.name}`).join(", ") },
    );
    const pod = tree.nodes.find((node: any) => node.kind === "Pod");
    expect(pod.parentRefs).toMatchObject([{ group: "apps", kind: "ReplicaSet" }]);
    const logs = await api.must("GET", `/api/v1/applications/${NAME}/logs?podName=${pod.name}&namespace=${NAMESPACE}&container=hello-world-spring&tailLines=1`);
    expect(JSON.parse(logs.text.split("\n")[0]!).result).toMatchObject({ podName: pod.name });
  });

  it("turns OutOfSync when a pipeline pushes a new tag, and REFRESH, SYNC, SYNCHRONIZE deploy it", async () => {
    const commit = await setTag("20231124033608");
    await hook("github", commit);
    await api.becomes(NAME, syncIs("OutOfSync", commit));
    expect(await liveImage()).toBe(`${IMAGE}:1.0.0`);
    const refreshed = await api.app(NAME, "?refresh=normal");
    expect(refreshed.metadata.annotations?.["argocd.argoproj.io/refresh"]).toBeUndefined();
    expect(refreshed.status.sync).toMatchObject({ status: "OutOfSync", revision: commit });
    const managed = (await api.must("GET", `/api/v1/applications/${NAME}/managed-resources`)).body;
    expect(managed.items.find((item: any) => item.kind === "Deployment")).toMatchObject({ modified: true });
    await sync();
    await api.becomes(NAME, phaseIs("Succeeded"), syncIs("Synced", commit), healthIs("Healthy"), imageIs(`${IMAGE}:20231124033608`));
    expect(await liveImage()).toBe(`${IMAGE}:20231124033608`);
  });

  it("deploys by itself once sync is automated", async () => {
    await setPolicy({ automated: { selfHeal: true }, syncOptions: ["CreateNamespace=true"] });
    for (const [sender, tag] of [["gitlab", "20231124040000"], ["gitea", "20231124050000"]] as const) {
      const commit = await setTag(tag);
      await hook(sender, commit);
      await api.becomes(NAME, syncIs("Synced", commit), phaseIs("Succeeded"), healthIs("Healthy"), imageIs(`${IMAGE}:${tag}`));
      expect(await liveImage()).toBe(`${IMAGE}:${tag}`);
    }
  });

  it("heals what somebody edits by kubectl", async () => {
    await mustKubectl(stack, ["-n", NAMESPACE, "set", "image", "deployment/hello-world-spring", `hello-world-spring=${IMAGE}:by-hand`]);
    await until("the image", liveImage, (image) => image === `${IMAGE}:20231124050000` || { notYet: image });
    await api.becomes(NAME, syncIs("Synced"), healthIs("Healthy"));
  });

  it("reports a resource that Git no longer has, and prunes it once pruning is on", async () => {
    const kustomization = "hello-world-spring/kustomization.yaml";
    const commit = await repository.edit(kustomization, (text) => text.replace("  - ingress.yaml\n", ""), "Drop the ingress");
    await hook("github", commit);
    const app = await api.becomes(NAME, syncIs("OutOfSync", commit));
    expect(app.status.resources.find((resource: any) => resource.kind === "Ingress")).toMatchObject({ status: "OutOfSync", requiresPruning: true });
    expect((await kubectl(stack, ["-n", NAMESPACE, "get", "ingress", "hello-world-spring"])).code).toBe(0);
    await setPolicy({ automated: { selfHeal: true, prune: true }, syncOptions: ["CreateNamespace=true"] });
    await api.becomes(NAME, syncIs("Synced", commit), phaseIs("Succeeded"));
    expect((await kubectl(stack, ["-n", NAMESPACE, "get", "ingress", "hello-world-spring"])).stderr).toContain("NotFound");
  });

  it("rolls back to the first history entry, only where sync is not automated", async () => {
    const refused = await api.call("POST", `/api/v1/applications/${NAME}/rollback`, { name: NAME, id: 0 });
    expect([refused.status, refused.body.code, refused.body.message]).toEqual([400, 9, "rollback cannot be initiated when auto-sync is enabled"]);
    await setPolicy({ automated: null, syncOptions: ["CreateNamespace=true"] });
    await api.must("POST", `/api/v1/applications/${NAME}/rollback`, { name: NAME, id: 0 });
    const app = await api.becomes(NAME, phaseIs("Succeeded"), syncIs("OutOfSync"), imageIs(`${IMAGE}:1.0.0`));
    expect(await liveImage()).toBe(`${IMAGE}:1.0.0`);
    expect(app.status.history.at(-1)).toMatchObject({ revision: firstCommit });
  });

  it("explains a repository that breaks, and prunes nothing", async () => {
    const commit = await repository.edit("hello-world-spring/kustomization.yaml", (text) => text.replace("  - service.yaml\n", "  - missing.yaml\n"), "Break it");
    await hook("github", commit);
    await api.becomes(NAME, syncIs("Unknown"), condition("ComparisonError", "missing.yaml"));
    expect(await liveImage()).toBe(`${IMAGE}:1.0.0`);
    const mended = await repository.edit("hello-world-spring/kustomization.yaml", (text) => text.replace("  - missing.yaml\n", "  - service.yaml\n"), "Mend it");
    await hook("github", mended);
    const app = await api.becomes(NAME, syncIs("OutOfSync", mended));
    expect(app.status.conditions ?? []).toEqual([]);
  });

  it("leaves everything when deleted without cascade, and nothing with it", async () => {
    await api.must("DELETE", `/api/v1/applications/${NAME}?cascade=false`);
    await until("the application's end", () => api.call("GET", `/api/v1/applications/${NAME}?project=default`), ({ status }) => status === 404 || { notYet: `status ${status}` });
    expect((await kubectl(stack, ["-n", NAMESPACE, "get", "deployment", "hello-world-spring"])).code).toBe(0);

    await api.must("POST", "/api/v1/applications", {
      metadata: { name: NAME, namespace: "argocd" },
      spec: { project: "default", source: { repoURL: repository.url, path: "hello-world-spring", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: NAMESPACE } },
    });
    await api.becomes(NAME, syncIs("OutOfSync"));
    await sync({ prune: true });
    await api.becomes(NAME, phaseIs("Succeeded"), syncIs("Synced"));
    await api.must("DELETE", `/api/v1/applications/${NAME}?cascade=true`);
    await until("the application's end", () => api.call("GET", `/api/v1/applications/${NAME}?project=default`), ({ status }) => status === 404 || { notYet: `status ${status}` }, 30_000);
    const left = await mustKubectl(stack, ["-n", NAMESPACE, "get", "deployments,services,ingresses,pods,replicasets", "-o", "name"]);
    expect(left.trim()).toBe("");
  });
});
