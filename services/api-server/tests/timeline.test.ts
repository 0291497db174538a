import type { KubeObject } from "@trireme/api";
import type { clusters } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const COMMIT = "4f2c1aa0".repeat(5);
const BAD = "bad0bad0".repeat(5);
const SOURCE = { repoURL: "https://git.test/app.git", path: "web", targetRevision: "main" };
const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z`;
const APP = anApplication("web", {
  metadata: { uid: "app-uid", creationTimestamp: at(0) },
  status: {
    history: [
      { id: 0, revision: COMMIT, source: SOURCE, deployStartedAt: at(1), deployedAt: at(2), initiatedBy: { username: "ann" } },
      { id: 1, revision: BAD, source: SOURCE, deployStartedAt: at(10), deployedAt: at(11), initiatedBy: { automated: true } },
    ],
    operationState: { phase: "Failed", startedAt: at(20), finishedAt: at(21), message: "one or more objects failed to apply", operation: { initiatedBy: { username: "bob" }, sync: {} }, syncResult: { revision: COMMIT, source: SOURCE } },
  },
});
const event = (name: string, minute: number, reason: string, message: string, more: object = {}): KubeObject =>
  ({ apiVersion: "v1", kind: "Event", metadata: { name, namespace: "argocd", ...(more as { annotations?: object }).annotations && { annotations: (more as any).annotations } }, involvedObject: { kind: "Application", name: "web", namespace: "argocd", uid: "app-uid" }, reason, message, lastTimestamp: at(minute), count: 1, type: "Normal", ...more }) as KubeObject;
const EVENTS = [
  event("e0", 0, "ResourceCreated", "ann created application", { annotations: { user: "ann" } }),
  event("e1", 2, "OperationCompleted", `Sync operation to ${COMMIT} succeeded`),
  event("e2", 3, "ResourceUpdated", "Updated health status: Progressing -> Healthy"),
  event("e3", 5, "ResourceActionRan", "ann ran action restart on resource apps/Deployment/web", { annotations: { user: "ann" } }),
  event("e4", 12, "RolledBack", "rolled back"),
  event("e5", 15, "OperationCompleted", "Partial sync operation succeeded"),
];
const RELEASES = { proven: [{ digest: "sha256:a", revisions: [COMMIT], provenAt: at(4) }], quarantined: [{ digest: "sha256:b", revisions: [BAD], reason: "PodsStuck", message: "container web is in ImagePullBackOff", since: at(12) }], pinned: { digest: "sha256:a", revisions: [COMMIT], since: at(12) } };
const DRIFT = { group: "apps", kind: "Deployment", namespace: "team", name: "web", fields: [{ path: "spec.replicas", writer: "kubectl-scale", writtenAt: at(30) }, { path: "spec.paused", writer: "kubectl-scale", writtenAt: at(30) }, { path: "spec.x" }, { path: "spec.y", writer: "argocd-controller", writtenAt: at(31) }] };

describe("the timeline of an application", () => {
  it("says who did what when and why, newest first, each thing once", async () => {
    const { entries, missing } = await (await given()).ask();
    expect(entries.map(({ time, kind, reason, who = "", why = "" }: any) => [time.slice(14, 16), kind, reason, who, why].filter((text) => text !== "").join(" | "))).toEqual([
      "30 | drift | Drifted | kubectl-scale",
      "21 | operation | OperationFailed | bob | one or more objects failed to apply",
      "15 | operation | OperationSucceeded",
      "12 | release | RolledBack | container web is in ImagePullBackOff",
      "11 | deploy | Deployed | automated sync",
      "05 | action | ResourceActionRan | ann",
      "04 | release | Proven",
      "03 | health | HealthChanged",
      "02 | deploy | Deployed | ann",
      "00 | action | Created | ann",
    ]);
    expect(missing).toEqual([]);
    expect(entries[0]).toMatchObject({ what: "wrote spec.replicas, spec.paused, which is not as Git has it", object: { group: "apps", kind: "Deployment", namespace: "team", name: "web" } });
    expect(entries[3].what).toBe("rolled back from bad0bad to 4f2c1aa");
    expect([entries[3], entries[6]].map(({ revisions }: any) => revisions)).toEqual([[expect.objectContaining({ revision: BAD, author: expect.any(String) })], [expect.objectContaining({ revision: COMMIT, author: "Ann <ann@example.com>" })]]);
    expect(entries[7].state).toBe("Healthy");
    expect(entries[8]).toMatchObject({ historyID: 0, revisions: [{ revision: COMMIT, author: "Ann <ann@example.com>", message: "Add the shop" }] });
  });

  it("comes in pages that neither overlap nor leave anything out", async () => {
    const { ask } = await given();
    const whole = (await ask()).entries.map(({ id }: any) => id);
    const seen: string[] = [];
    for (let next = ""; ; ) {
      const page = await ask({ limit: 3, before: next });
      seen.push(...page.entries.map(({ id }: any) => id));
      next = page.next ?? "";
      if (next === "") break;
      expect(page.entries).toHaveLength(3);
    }
    expect(seen).toEqual(whole);
  });

  it("asks a repository once for each commit", async () => {
    const { ask, described } = await given();
    await ask();
    expect(described.sort()).toEqual([COMMIT, BAD].sort());
  });

  it("is narrowed to some kinds, and refuses those that it does not know", async () => {
    const { ask } = await given();
    expect((await ask({ kinds: ["deploy"] })).entries.map(({ reason }: any) => reason)).toEqual(["Deployed", "Deployed"]);
    await expect(ask({ kinds: ["gossip"] })).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(ask({ before: "nonsense" })).rejects.toMatchObject({ code: Code.InvalidArgument });
  });

  it("tells what could not be asked: unknown is not empty", async () => {
    const away = async (): Promise<never> => {
      throw new AppError("the controller is away", { reason: "ServiceUnavailable", code: Code.Unavailable, retry: "now" });
    };
    const { entries, missing } = await (await given({ controller: { releases: away, resourceTree: away } })).ask();
    expect(missing.sort()).toEqual(["objects: the controller is away", "releases: the controller is away"]);
    expect(entries.map(({ kind }: any) => kind)).toContain("deploy");
  });

  it("begins with what differs since nobody knows when, on the first page alone", async () => {
    const scaled = { ...DRIFT, name: "api", fields: [{ path: "spec.replicas", writer: "kubectl" }] };
    const { ask } = await given({ controller: { differences: (async function* () { for (const one of [DRIFT, scaled]) yield { json: Buffer.from(JSON.stringify(one)) }; }) as never } });
    const first = await ask({ limit: 1 });
    expect(first.entries).toMatchObject([{ reason: "Drifted", who: "kubectl", what: "wrote spec.replicas, which is not as Git has it", object: { name: "api" } }]);
    expect(first.entries[0].time ?? "").toBe("");
    const second = await ask({ limit: 1, before: first.next });
    expect(second.entries).toMatchObject([{ reason: "Drifted", who: "kubectl-scale", time: at(30) }]);
  });

  it("is nobody else's", async () => {
    await expect((await given({ object: "default/other" })).ask()).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});

async function given({ object = "default/web", controller = {} }: { object?: string; controller?: Partial<clusters.ClustersClient> } = {}) {
  const described: string[] = [];
  const world = aWorld({
    objects: [APP, ...EVENTS],
    rbac: { "policy.csv": `p, ann, applications, get, ${object}, allow` },
    repo: { revisionMetadata: async ({ revision }) => (described.push(revision ?? ""), { author: "Ann <ann@example.com>", date: at(1), message: "Add the shop", tags: [], signatureInfo: "" }) as never },
    controller: {
      resourceTree: async () => ({ json: Buffer.from('{"nodes":[]}') }),
      releases: async () => ({ json: Buffer.from(JSON.stringify(RELEASES)) }),
      differences: async function* () {
        yield { json: Buffer.from(JSON.stringify(DRIFT)) };
      } as never,
      ...controller,
    },
  });
  const token = await world.tokenFor("ann");
  return { described, ask: (request: object = {}) => world.call("trireme.v1.TimelineService", "Get", { name: "web", ...request }, { token }) };
}
