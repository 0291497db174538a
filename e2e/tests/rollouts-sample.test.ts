import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { Api, healthIs, syncIs } from "../support/api.ts";
import { sharedStack, type Stack } from "../support/stack.ts";

const SAMPLES = ["rollout-bluegreen", "rollout-canary", "rollout-in-place", "rollout-rolling", "rollout-linear"];

/** The sample repository's Rollouts as applications: deployed, healthy, and what is expanded in them is drift to nobody. */
describe("the sample's Rollouts", () => {
  let stack: Stack;
  let api: Api;
  let client: KubeClient;
  beforeAll(async () => {
    stack = await sharedStack();
    api = await Api.signIn(stack);
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    await api.call("POST", "/api/v1/repositories?upsert=true", { type: "git", repo: stack.git.sample, username: stack.git.user, password: stack.git.token });
  });
  afterAll(async () => {
    for (const name of SAMPLES) await api.call("DELETE", `/api/v1/applications/sample-${name}?cascade=true`);
    await client.close();
  });

  it.each(SAMPLES)("%s is Synced and Healthy", async (name) => {
    await api.must("POST", "/api/v1/applications", {
      metadata: { name: `sample-${name}` },
      spec: { project: "default", source: { repoURL: stack.git.sample, path: name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: `sample-${name}` }, syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
    });
    await api.becomes(`sample-${name}`, syncIs("Synced"), healthIs("Healthy"));
    const rollout = await client.get({ group: "argoproj.io", kind: "Rollout", namespace: `sample-${name}`, name });
    expect(rollout["status"].phase).toBe("Healthy");
    if (name === "rollout-linear") expect(rollout["spec"].strategy.canary.steps).toHaveLength(8);
  }, 60_000);
});
