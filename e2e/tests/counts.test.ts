import { readFile } from "node:fs/promises";
import path from "node:path";
import { Api, phaseIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { isEvent, isRead, isWrite, type Proxy, type SeenRequest } from "../support/proxy.ts";
import { Repository } from "../support/repository.ts";
import type { OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { startWatchedStack, type WatchedStack } from "../support/watched-stack.ts";
import { senders } from "../support/webhooks.ts";

/**
 * What each way through the house costs, counted at the API server's and the Git server's doors.
 * Each case first holds the final status against what Argo CD 3.5.1 wrote for the very same thing.
 */
describe("counts", () => {
  const NAME = "app-0000";
  let watched: WatchedStack;
  let stack: OwnStack;
  let api: Api;
  let kube: Proxy;
  let git: Proxy;
  let repository: Repository;
  let repoURL: string;
  const commits: string[] = [];

  const recorded = async (name: string) => JSON.parse(await readFile(path.join(import.meta.dirname, "../recorded/status", `${name}.json`), "utf8"));
  const writes = () => kube.requests.filter(isWrite);
  const events = () => kube.requests.filter((request) => isEvent(request) && request.method !== "GET");
  const reads = () => kube.requests.filter(isRead);
  const gitRequests = () => git.requests;
  const list = (requests: SeenRequest[]) => requests.map(({ method, path: where }) => `${method} ${where}`);
  /** Fails with the requests themselves where there are more than may be. */
  const atMost = (limit: number, requests: SeenRequest[]) => expect(requests.length <= limit ? [] : list(requests)).toEqual([]);
  const reset = () => {
    kube.reset();
    git.reset();
  };
  /** Nothing more is on its way once the counts have stood still for a while. */
  const quiet = async () => {
    let last = -1;
    let since = Date.now();
    await until(
      "the system to come to rest",
      async () => kube.requests.length + git.requests.length,
      (count) => {
        if (count !== last) since = Date.now();
        last = count;
        return Date.now() - since > 700 || { notYet: `${count} requests` };
      },
      15_000,
    );
  };

  beforeAll(async () => {
    watched = await startWatchedStack();
    ({ stack, kube, git } = watched);
    api = await Api.signIn(stack);
    const { "<sha-1>": files } = await recorded("repository");
    repository = await Repository.create(stack, "mono", files);
    repoURL = `${git.url}/mono.git`;
    commits.push(await repository.head());
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repoURL, username: stack.git.user, password: stack.git.token });
  }, 120_000);
  afterAll(async () => {
    await repository?.[Symbol.asyncDispose]();
    await watched?.[Symbol.asyncDispose]();
  });

  const hook = async (after: string) => {
    const { headers, body } = senders.github({ repository: repoURL.replace(/\.git$/, ""), branch: "main", after });
    expect((await new Api(stack.url).call("POST", "/api/webhook", body, headers)).status).toBe(200);
  };

  it("a cold application of ten objects: at most 13 writes, and the status that Argo CD writes", async () => {
    await quiet();
    reset();
    const { final } = await recorded("cold");
    await api.must("POST", "/api/v1/applications", { metadata: { name: NAME, namespace: "argocd" }, spec: { ...final.spec, source: { ...final.spec.source, repoURL } } });
    await api.becomes(NAME, syncIs("Synced", commits[0]), phaseIs("Succeeded"));
    await quiet();
    // What was recorded ends with a second, partial operation on two unchanged Deployments, which Argo CD started because
    // its cache had not seen them yet. The whole operation is held against the one recorded for the next case instead.
    const { operationState: _, ...wanted } = comparable(final, []) as any;
    const { operationState, ...got } = (await status()) as any;
    expect(got).toEqual(wanted);
    // The namespace that the sync created comes first, as Argo CD reports it.
    const [namespace] = operationState.syncResult.resources.splice(operationState.syncResult.resources.findIndex((resource: any) => resource.kind === "Namespace"), 1);
    expect(namespace).toEqual({ group: "", version: "v1", kind: "Namespace", namespace: "", name: "ns-app-0000", status: "Synced", message: "namespace/ns-app-0000 created", hookPhase: "Running", syncPhase: "PreSync" });
    const whole = (comparable((await recorded("webhook")).final, []) as any).operationState;
    expect(operationState).toEqual(JSON.parse(JSON.stringify(whole).replaceAll("<sha-2>", "<sha-1>").replaceAll(/ (unchanged|configured)"/g, ' created"')));
    atMost(13, writes());
  });

  it("one changed object of ten by webhook: at most 3 writes and 2 events, no GET, 2 git requests, no fork", async () => {
    const { final } = await recorded("webhook");
    commits.push(await repository.edit("apps/app-0000/cm0.yaml", (text) => text.replace(/^  stamp: .*$/m, '  stamp: "two"'), "Stamp it"));
    await quiet();
    const before = await costs();
    reset();
    await hook(commits[1]!);
    await api.becomes(NAME, syncIs("Synced", commits[1]), phaseIs("Succeeded"));
    await quiet();
    expect(await status()).toEqual(comparable(final, []));
    atMost(3, writes());
    atMost(2, events());
    expect(list(reads())).toEqual([]);
    atMost(2, gitRequests());
    const after = await costs();
    expect({ forks: after.forks - before.forks, parses: after.parses - before.parses }).toEqual({ forks: 0, parses: 1 });
  });

  it("a drift healed: 3 writes", async () => {
    const { final } = await recorded("drift");
    await quiet();
    reset();
    await mustKubectl(stack, ["-n", "ns-app-0000", "patch", "configmap", "app-0000-c1", "--type=merge", "-p", '{"data":{"app.properties":"changed by hand"}}']);
    await until(
      "the heal",
      () => mustKubectl(stack, ["-n", "ns-app-0000", "get", "configmap", "app-0000-c1", "-o", "jsonpath={.data.app\\.properties}"]),
      (text) => !text.includes("changed by hand") || { notYet: text },
    );
    await api.becomes(NAME, syncIs("Synced", commits[1]), phaseIs("Succeeded"));
    await quiet();
    atMost(3, writes());
    expect(list(reads())).toEqual([]);
    expect(await status()).toEqual(comparable(final, []));
  });

  it("a poll that finds nothing new for 200 applications in one repository: 1 git request, 0 Kubernetes requests", async () => {
    const { final } = await recorded("cold");
    const names = Array.from({ length: 200 }, (_, index) => `poll-${String(index).padStart(4, "0")}`);
    await Promise.all(names.map((name) => api.must("POST", "/api/v1/applications", { metadata: { name, namespace: "argocd" }, spec: { project: "default", source: { ...final.spec.source, repoURL }, destination: final.spec.destination } })));
    await until(
      "the applications to be compared",
      async () => (await api.must("GET", "/api/v1/applications?fields=items.metadata.name,items.status.sync.status")).body.items as any[],
      (items) => {
        // Empty until then, as Argo CD has it.
        const waiting = items.filter((item) => !item.status?.sync?.status);
        return waiting.length === 0 || { notYet: `${waiting.length} not compared` };
      },
      60_000,
    );
    await stack.trio.processes["application-controller"].restart({ env: { ARGOCD_RECONCILIATION_TIMEOUT: "8s", ARGOCD_RECONCILIATION_JITTER: "0s" } });
    await stack.trio.processes["application-controller"].waitReady();
    await quiet();
    reset();
    await until("the poll", async () => gitRequests().length, (count) => count > 0 || { notYet: "not yet" }, 60_000);
    await quiet();
    expect(list(gitRequests())).toHaveLength(1);
    expect(list([...writes(), ...reads(), ...events()])).toEqual([]);
  }, 120_000);

  async function status() {
    return comparable(JSON.parse(await mustKubectl(stack, ["-n", "argocd", "get", "application", NAME, "-o", "json"])), commits);
  }

  /** The repo-server's own account of what renders cost. */
  async function costs(): Promise<{ forks: number; parses: number }> {
    const text = await (await fetch(`${stack.trio.probes["repo-server"]}/metrics`)).text();
    const value = (name: string): number => [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce((sum, match) => sum + Number(match[1]), 0);
    return { forks: value("trireme_tool_runs_total"), parses: value("trireme_yaml_parses_total") };
  }
});

/** An Application's spec-derived status with what differs from run to run replaced: commits, times, the repository's address, the order of parallel results. */
function comparable(app: any, commits: readonly string[]): unknown {
  let text = JSON.stringify(app.status);
  commits.forEach((commit, index) => (text = text.replaceAll(commit, `<sha-${index + 1}>`)));
  text = text.replaceAll(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/g, '"<time>"').replaceAll(/"repoURL":"[^"]*"/g, '"repoURL":"<repository>"');
  const status = JSON.parse(text);
  const byName = (a: any, b: any): number => (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1);
  status.operationState?.syncResult?.resources?.sort(byName);
  return status;
}
