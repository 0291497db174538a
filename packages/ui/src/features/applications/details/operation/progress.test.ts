import type { Application, OperationState, ResourceResult, ResourceStatus } from "@trireme/api/argo";
import { heart, plannedOf, progressOf, type Item } from "./progress.ts";

const source = { repoURL: "https://git.example.com/shop.git", path: "app" };
const resource = (kind: string, name: string, rest: Partial<ResourceStatus> = {}): ResourceStatus => ({ kind, name, namespace: "team", status: "OutOfSync", ...rest });
const result = (kind: string, name: string, rest: Partial<ResourceResult> = {}): ResourceResult => ({ group: "", version: "v1", kind, name, namespace: "team", status: "Synced", hookPhase: "Running", syncPhase: "Sync", ...rest });
const hook = (name: string, hookPhase: "Running" | "Succeeded"): ResourceResult => result("Job", name, { group: "batch", status: "Synced", hookPhase, hookType: "PreSync", syncPhase: "PreSync" });

interface Given {
  resources: ResourceStatus[];
  results?: ResourceResult[];
  phase?: OperationState["phase"];
  asked?: NonNullable<OperationState["operation"]["sync"]>;
  revision?: string;
  pending?: boolean;
}

function app({ resources, results = [], phase = "Running", asked = {}, revision = "a", pending = false }: Given): Application {
  const operationState: OperationState = { operation: { sync: asked }, phase, startedAt: "2026-01-01T00:00:00Z", ...(phase !== "Running" && { finishedAt: "2026-01-01T00:00:10Z" }), syncResult: { revision, source, resources: results } };
  return { metadata: { name: "shop" }, spec: { project: "default", source, destination: {} }, ...(pending && { operation: { sync: {} } }), status: { resources, operationState, sync: { status: "OutOfSync", revision: "a", comparedTo: { source, destination: {} } } } } as Application;
}

const text = ({ kind, name, state, wave }: Item): string => `${kind} ${name} ${state}${wave === undefined ? "" : ` in ${wave}`}`;
const shown = (given: Given): string[] => progressOf(app(given)).items.map(text);

describe("progressOf", () => {
  const WAVES = [resource("Service", "web", { syncWave: 2 }), resource("ConfigMap", "settings", { syncWave: -1 }), resource("Deployment", "web", { group: "apps", syncWave: 1, status: "Synced" })];

  it("lists what waits by wave, after what has a result", () => {
    expect(shown({ resources: WAVES, results: [hook("migrate", "Running")] })).toEqual(["Job migrate Running", "ConfigMap settings Waiting in -1", "Deployment web Waiting in 1", "Service web Waiting in 2"]);
    expect(shown({ resources: WAVES, results: [hook("migrate", "Succeeded"), result("ConfigMap", "settings", { hookPhase: "Succeeded" }), result("Deployment", "web", { group: "apps" })] })).toEqual(["Job migrate Succeeded", "ConfigMap settings Synced in -1", "Deployment web Running in 1", "Service web Waiting in 2"]);
  });

  it("counts objects that are done, and no hooks", () => {
    expect(progressOf(app({ resources: WAVES, results: [hook("migrate", "Succeeded"), result("ConfigMap", "settings", { hookPhase: "Succeeded" }), result("Namespace", "team", { syncPhase: "PreSync" })] })).objects).toEqual({ done: 1, count: 3 });
  });

  it("knows an object without a namespace by its result, which names the destination's", () => {
    expect(shown({ resources: [resource("ClusterRole", "viewer", { namespace: "", syncWave: 3 })], results: [result("ClusterRole", "viewer")] })).toEqual(["ClusterRole viewer Running in 3"]);
  });

  test.each<{ what: string; given: Omit<Given, "resources">; waiting: string[] }>([
    { what: "only what was chosen", given: { asked: { resources: [{ kind: "Service", name: "web" }] } }, waiting: ["Service web"] },
    { what: "only what differs", given: { asked: { syncOptions: ["ApplyOutOfSyncOnly=true"] } }, waiting: ["ConfigMap settings", "Service web"] },
    { what: "nothing when another revision is deployed than was compared", given: { revision: "b" }, waiting: [] },
    { what: "nothing when manifests from elsewhere are deployed", given: { asked: { manifests: ["{}"] } }, waiting: [] },
    { what: "nothing when it is over", given: { phase: "Failed" }, waiting: [] },
    { what: "nothing when it is being ended", given: { phase: "Terminating" }, waiting: [] },
    { what: "nothing when the results are those of another operation", given: { phase: "Succeeded", pending: true }, waiting: [] },
  ])("says of $what that it waits", ({ given, waiting }) => {
    const { items, objects } = progressOf(app({ resources: WAVES, ...given }));
    expect(items.map(({ kind, name }) => `${kind} ${name}`)).toEqual(waiting);
    expect(objects?.count ?? 0).toBe(waiting.length);
  });

  it("still says what waits, and in which waves, when a newer commit is compared meanwhile, and of no other operation", () => {
    const planned = plannedOf(app({ resources: WAVES }));
    const newer = (rest: Partial<Given> = {}): Application => {
      const given = app({ resources: [resource("ConfigMap", "other")], results: [result("ConfigMap", "settings")], ...rest });
      given.status!.sync!.revision = "b";
      return given;
    };
    const waves = (one: Application): string[] => progressOf(one, plannedOf(one, planned)).items.map(text);
    expect(waves(newer())).toEqual(["ConfigMap settings Running in -1", "Deployment web Waiting in 1", "Service web Waiting in 2"]);
    expect(waves(newer({ phase: "Succeeded" }))).toEqual(["ConfigMap settings Synced in -1"]);
    // It may be tried again with a newer commit.
    expect(waves(newer({ revision: "c" }))).toEqual(["ConfigMap settings Running"]);
    const another = newer();
    another.status!.operationState!.startedAt = "2026-01-01T00:01:00Z";
    expect(waves(another)).toEqual(["ConfigMap settings Running"]);
  });

  it("leaves out hooks, what is left alone and what is unknown, and says no wave of what is pruned", () => {
    const { status: _, ...stateless } = resource("Job", "migrate", { hook: true });
    expect(shown({ resources: [stateless, resource("Secret", "who", { status: "Unknown" }), resource("ConfigMap", "old", { requiresPruning: true })] })).toEqual(["ConfigMap old Waiting"]);
  });

  it("is done with a namespace once it is made", () => expect(shown({ resources: [], results: [result("Namespace", "team", { syncPhase: "PreSync" })] })).toEqual(["Namespace team Synced"]));

  test.each<{ phase: OperationState["phase"]; one: Partial<ResourceResult>; state: string }>([
    { phase: "Running", one: {}, state: "Running" },
    { phase: "Succeeded", one: {}, state: "Synced" },
    { phase: "Running", one: { hookPhase: "Failed" }, state: "Failed" },
    { phase: "Failed", one: { status: "SyncFailed", hookPhase: "Failed" }, state: "SyncFailed" },
    { phase: "Succeeded", one: { status: "Pruned", hookPhase: "Succeeded" }, state: "Pruned" },
  ])("is $state: $one in an operation that is $phase", ({ phase, one, state }) => {
    expect(progressOf(app({ resources: [], phase, results: [result("ConfigMap", "settings", one)] })).items.map((item) => item.state)).toEqual([state]);
  });
});

describe("heart", () => {
  const items = (...states: string[]): Item[] => states.map((state, index) => ({ key: `${index}`, kind: "ConfigMap", name: `${index}`, state }));
  const names = (some: readonly Item[]): string => some.map(({ name }) => name).join("");
  it("is what happens now, with what was done just before", () => expect(names(heart(items("Synced", "Synced", "Synced", "Running", "Waiting", "Waiting"), 4))).toBe("1234"));
  it("is what went wrong, where nothing happens any more", () => expect(names(heart(items("Synced", "Synced", "Synced", "Synced", "SyncFailed"), 3))).toBe("234"));
  it("is the beginning, where all is well", () => expect(names(heart(items("Synced", "Synced", "Synced"), 2))).toBe("01"));
  it("is everything, where that is little", () => expect(names(heart(items("Synced", "Waiting"), 2))).toBe("01"));
});
