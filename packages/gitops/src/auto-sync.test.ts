import type { Application, ResourceStatus, SyncStatus } from "@trireme/api/argo";
import { decideAutoSync } from "./auto-sync.ts";

const source = { repoURL: "https://git.test/web", path: "web", targetRevision: "main" };
const NOW = Date.parse("2026-01-01T00:10:00Z");
const app = (change: { automated?: object | undefined; state?: object; operation?: object } = {}): Application => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "web", namespace: "argocd" },
  spec: { project: "default", source, destination: { server: "s" }, syncPolicy: { ...("automated" in change ? change.automated !== undefined && { automated: change.automated } : { automated: { prune: true, selfHeal: true } }) } },
  ...(change.operation && { operation: change.operation }),
  ...(change.state && { status: { operationState: { phase: "Succeeded", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:00Z", operation: { sync: {} }, syncResult: { revision: "r1", source }, ...change.state } as never } }),
});
const outOfSync: SyncStatus = { status: "OutOfSync", revision: "r1" };
const changed: ResourceStatus = { kind: "ConfigMap", name: "a", status: "OutOfSync" };
const same: ResourceStatus = { kind: "ConfigMap", name: "b", status: "Synced" };
const extra: ResourceStatus = { kind: "ConfigMap", name: "c", status: "OutOfSync", requiresPruning: true };
const decide = (of: Application, sync = outOfSync, resources = [changed, same], touched = true) => decideAutoSync({ app: of, sync, resources, touched, backoff: { initialMs: 2000, factor: 3, capMs: 300_000 }, now: NOW });

describe(decideAutoSync, () => {
  test.each([
    { name: "automated sync is off", of: app({ automated: undefined }) },
    { name: "it is there but disabled", of: app({ automated: { enabled: false } }) },
    { name: "another operation is asked for", of: app({ operation: { sync: {} } }) },
    { name: "it was synced to the revision, and heals nothing", of: app({ automated: {}, state: {} }) },
  ])("does nothing where $name", ({ of }) => expect(decide(of).kind).toBe("none"));

  test.each(["Synced", "Unknown"] as const)("does nothing about %s", (status) => expect(decide(app(), { ...outOfSync, status }).kind).toBe("none"));

  it("leaves what only needs pruning where pruning is off", () => {
    expect(decide(app({ automated: {} }), outOfSync, [same, extra]).kind).toBe("none");
  });

  it("starts a sync to a new revision, with five attempts", () => {
    expect(decide(app({ state: { syncResult: { revision: "r0", source } } }))).toEqual({
      kind: "start",
      operation: { sync: { revision: "r1", prune: true, source }, initiatedBy: { automated: true }, retry: { limit: 5 } },
      event: "Initiated automated sync to 'r1'",
    });
  });

  it("starts again at the same revision where the source is another", () => {
    expect(decide(app({ state: { syncResult: { revision: "r1", source: { ...source, path: "other" } } } })).kind).toBe("start");
  });

  it("does not try again what failed, and says so", () => {
    expect(decide(app({ state: { phase: "Failed", message: "no such thing" } }))).toEqual({ kind: "refused", message: "Failed last sync attempt to [r1]: no such thing" });
  });

  it("does not send a failed set out again for a commit that does not touch it", () => {
    expect(decide(app({ state: { phase: "Failed", message: "no" } }), { ...outOfSync, revision: "r2" }, [changed], false).kind).toBe("refused");
    expect(decide(app({ state: { phase: "Failed", message: "no" } }), { ...outOfSync, revision: "r2" }, [changed], true).kind).toBe("start");
  });

  it("heals only what drifted, at once the first time", () => {
    expect(decide(app({ state: {} }))).toMatchObject({ kind: "start", operation: { sync: { autoHealAttemptsCount: 1, resources: [{ kind: "ConfigMap", name: "a" }] } } });
  });

  it("waits longer with every heal of one revision", () => {
    const state = (count: number, secondsAgo: number) => ({ operation: { sync: { autoHealAttemptsCount: count } }, finishedAt: new Date(NOW - secondsAgo * 1000).toISOString() });
    expect(decide(app({ state: state(1, 0) }))).toMatchObject({ kind: "later", inMs: 2000 });
    expect(decide(app({ state: state(2, 1) }))).toMatchObject({ kind: "later", inMs: 5000 });
    expect(decide(app({ state: state(20, 100) }))).toMatchObject({ kind: "later", inMs: 200_000 });
    expect(decide(app({ state: state(1, 3) }))).toMatchObject({ kind: "start" });
  });

  it("never wipes out everything by itself, unless it may", () => {
    expect(decide(app(), outOfSync, [extra])).toEqual({ kind: "refused", message: "Skipping sync attempt to [r1]: auto-sync will wipe out all resources" });
    expect(decide(app({ automated: { prune: true, allowEmpty: true } }), outOfSync, [extra]).kind).toBe("start");
  });
});
