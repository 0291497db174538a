import { Api, condition, healthIs, phaseIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const IMAGE = "registry.example.com/rollback/web";
const KINDS = ["Deployment", "StatefulSet", "DaemonSet"] as const;
type Kind = (typeof KINDS)[number];

/** Two pods of one image, each with its Kubernetes defaults: no deadline of minutes is waited for. */
function workload(kind: Kind, tag: string): string {
  const labels = { app: "web" };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "web" },
    spec: { ...(kind !== "DaemonSet" && { replicas: 2 }), ...(kind === "StatefulSet" && { serviceName: "web" }), selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "main", image: `${IMAGE}:${tag}` }] } } },
  });
}

describe("automatic rollback", () => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;

  const nameOf = (kind: Kind) => `rollback-${kind.toLowerCase()}`;
  const push = (message: string, files: Record<string, string>) => repository.pushAndTell(stack, message, files);
  const record = async (name: string): Promise<any> => JSON.parse(await mustKubectl(stack, ["-n", "argocd", "get", "releases.trireme.dev", name, "-o", "json", "--ignore-not-found"]) || "{}").status ?? {};
  const recordBecomes = (name: string, what: string, holds: (status: any) => boolean) =>
    until(`the release of ${name} to be ${what}`, () => record(name), (status) => holds(status) || { notYet: JSON.stringify(status).slice(0, 500) }, 120_000);
  const imageOf = async (kind: Kind) => mustKubectl(stack, ["-n", nameOf(kind), "get", kind, "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"]);

  beforeAll(async () => {
    stack = await sharedStack();
    repository = await Repository.create(stack, "rollback", { "README.md": "one\n", ...Object.fromEntries(KINDS.map((kind) => [`${kind}/web.json`, workload(kind, "v1")])) });
    api = await Api.signIn(stack);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    for (const kind of KINDS) {
      await api.must("POST", "/api/v1/applications", {
        metadata: { name: nameOf(kind), namespace: "argocd", annotations: { "trireme.dev/rollback-grace": "3s" } },
        spec: { project: "default", source: { repoURL: repository.url, path: kind, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: nameOf(kind) }, syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
      });
    }
  }, 120_000);
  afterAll(async () => {
    for (const kind of KINDS) await api.call("DELETE", `/api/v1/applications/${nameOf(kind)}?cascade=true`);
    await repository[Symbol.asyncDispose]();
  });

  it.each(KINDS)("takes a %s back whose image cannot be pulled, and leaves the bad set alone until there is a good one", async (kind) => {
    const name = nameOf(kind);
    await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
    const good = await repository.head();
    await recordBecomes(name, "proven", (status) => status.proven?.length > 0);

    const bad = await push(`${kind}: a bad image`, { [`${kind}/web.json`]: workload(kind, "broken") });
    const failed = await recordBecomes(name, "quarantined", (status) => status.quarantined?.length > 0);
    expect(failed).toMatchObject({ quarantined: [{ revision: bad, reason: "PodsStuck", message: expect.stringMatching(new RegExp(`^${kind} ${name}/web: container main of pod web-\\S+ is in (ErrImagePull|ImagePullBackOff)`)) }], pinned: { revision: expect.any(String) }, rollbacksSinceProven: 1 });
    await api.becomes(name, healthIs("Healthy"), syncIs("OutOfSync"), condition("RolledBack", /^rolled back from [0-9a-f]{7} to [0-9a-f]{7} since .*(ErrImagePull|ImagePullBackOff)/), condition("SyncError", /is quarantined since/), phaseIs("Succeeded"));
    expect(await imageOf(kind)).toBe(`${IMAGE}:v1`);

    expect((await api.must("GET", `/api/trireme/v1/applications/${name}/releases`)).body).toMatchObject({ policy: "on", proven: [{ digest: expect.stringMatching(/^sha256:/), revisions: failed.proven[0].revisions ?? [failed.proven[0].revision] }], quarantined: [{ digest: failed.quarantined[0].digest, revisions: [bad], reason: "PodsStuck" }], pinned: { digest: failed.pinned.digest }, rollbacksSinceProven: 1 });
    const unrelated = await push(`${kind}: something else`, { "README.md": `${kind}\n` });
    await api.call("GET", `/api/v1/applications/${name}?refresh=normal`);
    await api.becomes(name, syncIs("OutOfSync", unrelated));
    expect(await imageOf(kind)).toBe(`${IMAGE}:v1`);
    expect((await record(name)).rollbacksSinceProven).toBe(1);

    await push(`${kind}: a good image`, { [`${kind}/web.json`]: workload(kind, "v2") });
    await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
    expect(await imageOf(kind)).toBe(`${IMAGE}:v2`);
    await recordBecomes(name, "proven anew", (status) => status.proven?.[0]?.revision !== good && status.pinned === undefined && status.rollbacksSinceProven === 0);
    expect((await api.app(name)).status.conditions ?? []).toEqual([]);
  }, 240_000);

  it("lets a quarantined set go out again when somebody lifts the quarantine", async () => {
    const name = nameOf("Deployment");
    const { quarantined } = (await api.must("GET", `/api/trireme/v1/applications/${name}/releases`)).body;
    const unknown = await api.call("DELETE", `/api/trireme/v1/applications/${name}/quarantine/sha256:${"0".repeat(64)}`);
    expect([unknown.status, unknown.body.message]).toEqual([404, expect.stringContaining("is quarantined")]);
    const { body } = await api.must("DELETE", `/api/trireme/v1/applications/${name}/quarantine/${quarantined[0].digest}`);
    expect(body.quarantined ?? []).toEqual([]);
    expect((await record(name)).quarantined).toBeUndefined();
  });
});
