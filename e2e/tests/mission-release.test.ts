import { Api, condition, healthIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "rollout-bluegreen";

/** As a user wrote it, with a field of an Application that lost its way into the Rollout. */
const ROLLOUT = (image: string) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: rollout-bluegreen
spec:
  replicas: 2
  revisionHistoryLimit: 2
  selector:
    matchLabels:
      app: rollout-bluegreen
  template:
    metadata:
      labels:
        app: rollout-bluegreen
    spec:
      containers:
      - name: rollouts-demo
        image: ${image}
        imagePullPolicy: Always
        ports:
        - containerPort: 8080
  syncPolicy:
    automated:
      prune: true
  strategy:
    blueGreen:
      activeService: rollout-bluegreen-active
      previewService: rollout-bluegreen-preview
      abortScaleDownDelaySeconds: 5
      prePromotionAnalysis:
        templates:
        - templateName: fail
`;

const SERVICE = (role: string, nodePort: number) => `apiVersion: v1
kind: Service
metadata:
  name: rollout-bluegreen-${role}
spec:
  type: NodePort
  selector:
    app: rollout-bluegreen
  ports:
  - protocol: TCP
    port: 80
    targetPort: 8080
    nodePort: ${nodePort}
`;

const FAIL = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: fail
spec:
  metrics:
  - name: fail
    count: 2
    interval: 5s
    failureLimit: 1
    provider:
      job:
        spec:
          template:
            spec:
              containers:
              - name: sleep
                image: alpine:3.8
                command: [sh, -c]
                args: [exit 1]
              restartPolicy: Never
          backoffLimit: 0
`;

/** The story that the product exists for, told from Git to the Services. */
describe("a bad blue-green release", () => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;

  const push = (message: string, files: Record<string, string>) => repository.pushAndTell(stack, message, files);
  const get = async (...args: string[]): Promise<any> => JSON.parse(await mustKubectl(stack, ["-n", NAME, "get", ...args, "-o", "json"]));
  const hashOf = async (role: string): Promise<string> => (await get("service", `rollout-bluegreen-${role}`)).spec.selector["rollouts-pod-template-hash"];
  const releases = async (): Promise<any> => (await api.must("GET", `/api/trireme/v1/applications/${NAME}/releases`)).body;
  const rolloutBecomes = (what: string, holds: (rollout: any) => boolean) => until(`the rollout to be ${what}`, () => get("rollout.argoproj.io", NAME), (rollout) => (rollout.status?.observedGeneration === String(rollout.metadata.generation) && holds(rollout)) || { notYet: `${rollout.status?.phase}: ${rollout.status?.message}` }, 90_000);

  beforeAll(async () => {
    stack = await sharedStack();
    repository = await Repository.create(stack, NAME, { "app/rollout.yaml": ROLLOUT("argoproj/rollouts-demo:blue"), "app/active.yaml": SERVICE("active", 30081), "app/preview.yaml": SERVICE("preview", 30082), "app/fail.yaml": FAIL, "README.md": "one\n" });
    api = await Api.signIn(stack);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/applications", {
      metadata: { name: NAME, namespace: "argocd", annotations: { "trireme.dev/rollback-grace": "3s" } },
      spec: { project: "default", source: { repoURL: repository.url, path: "app", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: NAME }, syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
    });
  }, 120_000);
  afterAll(async () => {
    await api.call("DELETE", `/api/v1/applications/${NAME}?cascade=true`);
    await repository[Symbol.asyncDispose]();
  });

  it("is preceded by a first one that becomes active, and a stray field is named and stops nothing", async () => {
    const app = await api.becomes(NAME, syncIs("Synced"), healthIs("Healthy"));
    expect(app.status.conditions.map(({ type, message }: any) => `${type}: ${message}`)).toEqual([expect.stringMatching(/^ManifestWarning: app\/rollout\.yaml:2\d: spec\.syncPolicy is not a field of Rollout; it is left out$/)]);
    const rollout = await rolloutBecomes("Healthy", ({ status }) => status?.phase === "Healthy");
    expect(await hashOf("active")).toBe(rollout.status.stableRS);
    await until("the first release to be proven", releases, ({ proven = [] }) => proven.length === 1 || { notYet: JSON.stringify(proven) }, 60_000);
  }, 120_000);

  it("never reaches the active Service, is given up with the reason, and is taken back", async () => {
    const stable = await hashOf("active");
    const seen = new Set<string>();
    let watching = true;
    const watched = (async () => {
      while (watching) seen.add(await hashOf("active"));
    })();
    const bad = await push("Deploy green", { "app/rollout.yaml": ROLLOUT("argoproj/rollouts-demo:green") });
    await until("preview to show the new set", () => hashOf("preview"), (hash) => hash !== stable || { notYet: hash }, 60_000);
    const { quarantined, pinned } = await until("the release to be quarantined", releases, (record) => (record.quarantined ?? []).length > 0 || { notYet: JSON.stringify(record.rollouts?.[0]).slice(0, 400) }, 90_000);
    expect(quarantined).toMatchObject([{ revisions: [bad], reason: "RolloutAborted", message: expect.stringMatching(/^Rollout rollout-bluegreen\/rollout-bluegreen: Rollout aborted update to revision 2: .*[Mm]etric "fail" assessed Failed due to failed \(2\) > failureLimit \(1\)/) }]);
    expect(pinned.revisions).toEqual([expect.any(String)]);
    const run = (await get("analysisruns.argoproj.io")).items.find(({ status }: any) => status?.phase === "Failed");
    expect(run.status.message).toContain('Metric "fail" assessed Failed due to failed (2) > failureLimit (1)');

    await api.becomes(NAME, healthIs("Healthy"), syncIs("OutOfSync"), condition("RolledBack", 'assessed Failed due to failed (2) > failureLimit (1)'), condition("SyncError", /is quarantined since/));
    const rollout = await rolloutBecomes("Healthy again", ({ status, spec }) => status?.phase === "Healthy" && spec.template.spec.containers[0].image === "argoproj/rollouts-demo:blue");
    expect(rollout.status.stableRS).toBe(stable);
    watching = false;
    await watched;
    expect([...seen]).toEqual([stable]);
    await until("the new pods to go away", () => get("pods", "-l", "app=rollout-bluegreen"), ({ items }) => items.every(({ metadata }: any) => metadata.labels["rollouts-pod-template-hash"] === stable) || { notYet: `${items.length} pods` }, 60_000);
  }, 240_000);

  it("stays where it is when an unrelated commit comes, and a good commit goes out by itself", async () => {
    const stable = await hashOf("active");
    const unrelated = await push("Something else", { "README.md": "two\n" });
    await api.call("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await api.becomes(NAME, syncIs("OutOfSync", unrelated), healthIs("Healthy"));
    expect(await hashOf("active")).toBe(stable);
    expect((await releases()).rollbacksSinceProven).toBe(1);

    await push("Deploy yellow, measured by something that can pass", { "app/rollout.yaml": ROLLOUT("argoproj/rollouts-demo:yellow"), "app/fail.yaml": FAIL.replace("exit 1", "exit 0") });
    const rollout = await rolloutBecomes("on yellow", ({ status, spec }) => status?.phase === "Healthy" && spec.template.spec.containers[0].image === "argoproj/rollouts-demo:yellow");
    expect(rollout.status.stableRS).not.toBe(stable);
    await until("active to be switched", () => hashOf("active"), (hash) => hash === rollout.status.stableRS || { notYet: hash }, 60_000);
    await until("it to be proven", releases, ({ pinned, rollbacksSinceProven = 0 }) => (pinned === undefined || pinned === null ? rollbacksSinceProven === 0 || { notYet: "not proven" } : { notYet: "pinned" }), 60_000);
  }, 240_000);
});
