import type { KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { prepareTargets, resourceStatuses } from "./comparison.ts";
import { formatConditions, withConditions } from "./conditions.ts";
import { mergePatch, sameJson } from "./equality.ts";
import { leavesHistory, withHistory } from "./history.ts";
import { referenceWarnings, warningText } from "./references.ts";
import { kitchenTime, mayRetry, nextRetryAt } from "./retry.ts";
import { specProblems } from "./spec.ts";
import { milli } from "./tree/quantity.ts";

const app = (spec: object = {}, status: object = {}): Application => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "web" }, spec: { project: "default", destination: { server: "s", namespace: "team" }, source: { repoURL: "r", path: "p" }, ...spec }, status });
const object = (kind: string, name: string, more: Partial<KubeObject> = {}): KubeObject => ({ apiVersion: "v1", kind, ...more, metadata: { name, ...more.metadata } });

describe(withConditions, () => {
  it("replaces what was evaluated, keeps the rest, and the time of what stays", () => {
    const current = [
      { type: "ComparisonError", message: "old", lastTransitionTime: "t0" },
      { type: "ComparisonError", message: "same", lastTransitionTime: "t0" },
      { type: "SyncError", message: "kept", lastTransitionTime: "t0" },
    ];
    const found = [{ type: "ComparisonError", message: "same" }, { type: "ComparisonError", message: "new" }, { type: "ComparisonError", message: "new" }];
    expect(withConditions(current, ["ComparisonError"], found, "t1")).toEqual([
      { type: "ComparisonError", message: "new", lastTransitionTime: "t1" },
      { type: "ComparisonError", message: "same", lastTransitionTime: "t0" },
      { type: "SyncError", message: "kept", lastTransitionTime: "t0" },
    ]);
  });
  it("puts several into one line", () => expect(formatConditions([{ type: "A", message: "x" }, { type: "B", message: "y" }])).toBe("A: x;B: y"));
});

describe(nextRetryAt, () => {
  const backoff = (duration: string, factor: number, maxDuration: string) => ({ limit: 5, backoff: { duration, factor, maxDuration } });
  test.each([
    { name: "the defaults", retry: undefined, count: 0, want: 5_000 },
    { name: "doubling", retry: undefined, count: 3, want: 40_000 },
    { name: "at most three minutes", retry: undefined, count: 10, want: 180_000 },
    { name: "its own figures", retry: backoff("1s", 3, "1m"), count: 2, want: 9_000 },
    { name: "plain seconds", retry: backoff("7", 2, "1h"), count: 0, want: 7_000 },
    { name: "no cap", retry: backoff("1s", 2, "0"), count: 10, want: 1_024_000 },
  ])("$name", ({ retry, count, want }) => expect(nextRetryAt(retry, 0, count)).toBe(want));
  it("names a bad setting", () => expect(() => nextRetryAt(backoff("soon", 2, "1m"), 0, 0)).toThrow('retry.backoff.duration: "soon" is not a duration'));
  it("counts attempts; a negative limit has none", () => {
    expect([mayRetry(undefined, 0), mayRetry({ limit: 2 }, 1), mayRetry({ limit: 2 }, 2), mayRetry({ limit: -1 }, 99)]).toEqual([false, true, false, true]);
  });
  it("tells the time as people do", () => expect([kitchenTime(Date.parse("2026-01-01T00:05:00Z")), kitchenTime(Date.parse("2026-01-01T15:04:00Z"))]).toEqual(["12:05AM", "3:04PM"]));
});

describe(withHistory, () => {
  const entry = { revision: "r", deployStartedAt: "a", deployedAt: "b", initiatedBy: { username: "", automated: true } };
  it("begins with id 0 and counts on from the last", () => {
    expect(withHistory(app(), entry)).toEqual([{ id: 0, revision: "r", deployStartedAt: "a", deployedAt: "b", initiatedBy: { automated: true } }]);
    expect(withHistory(app({}, { history: [{ id: 41, deployedAt: "x" }] }), entry).map(({ id }) => id)).toEqual([41, 42]);
  });
  it("keeps as many as it may", () => {
    const history = Array.from({ length: 10 }, (_, id) => ({ id, deployedAt: "x" }));
    expect(withHistory(app({}, { history }), entry).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(withHistory(app({ revisionHistoryLimit: 0 }, { history }), entry)).toEqual([]);
  });
  test.each([
    { name: "a whole sync", sync: {}, want: true },
    { name: "a partial one", sync: { resources: [{ kind: "a", name: "b" }] }, want: false },
    { name: "a dry run", sync: { dryRun: true }, want: false },
  ])("$name: $want", ({ sync, want }) => expect(leavesHistory({ phase: "Succeeded", startedAt: "", operation: { sync } })).toBe(want));
});

describe(prepareTargets, () => {
  const prepare = (objects: KubeObject[]) => prepareTargets(objects, { destinationNamespace: "team", isNamespaced: ({ kind }) => (kind === "Widget" ? undefined : kind !== "ClusterRole"), isExcluded: ({ kind }) => kind === "Event", track: (each) => each });
  it("places objects, keeps the last of equals, and says what it left out", () => {
    const { targets, conditions, hooks } = prepare([
      object("ConfigMap", "a", { data: { v: "1" } }),
      object("ConfigMap", "a", { data: { v: "2" } }),
      object("ClusterRole", "r", { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { namespace: "x" } }),
      object("Event", "e"),
      object("Widget", "w", { apiVersion: "x.io/v1" }),
      object("Job", "j", { apiVersion: "batch/v1", metadata: { annotations: { "argocd.argoproj.io/hook": "PreSync" } } }),
      object("Job", "t", { apiVersion: "batch/v1", metadata: { annotations: { "helm.sh/hook": "test" } } }),
    ]);
    expect([...targets.keys()]).toEqual(["/ConfigMap/team/a", "rbac.authorization.k8s.io/ClusterRole//r", "x.io/Widget//w"]);
    expect(targets.get("/ConfigMap/team/a")!["data"]).toEqual({ v: "2" });
    expect(hooks.map((hook) => hook.metadata.name)).toEqual(["j"]);
    expect(conditions.map(({ message }) => message)).toEqual(["Resource /ConfigMap/team/a appeared 2 times among application resources.", "Resource /Event e is excluded in the settings"]);
  });
});

describe(resourceStatuses, () => {
  const key = (name: string) => ({ group: "", kind: "ConfigMap", namespace: "team", name });
  const cm = (name: string, annotations = {}) => object("ConfigMap", name, { metadata: { namespace: "team", annotations } });
  const of = (target: KubeObject | undefined, live: KubeObject | undefined, modified = false) => ({ key: key((target ?? live)!.metadata.name!), target, live, modified });
  const input = { app: app(), tracking: { method: "annotation" as const, labelKey: "l", installationId: "" }, isPermitted: () => true, unknown: false, namespaceMetadataChanged: false, hooks: [] };
  test.each([
    { name: "equal", compared: of(cm("a"), cm("a")), app: "Synced", resource: { status: "Synced" } },
    { name: "different", compared: of(cm("a"), cm("a"), true), app: "OutOfSync", resource: { status: "OutOfSync" } },
    { name: "missing", compared: of(cm("a"), undefined, true), app: "OutOfSync", resource: { status: "OutOfSync" } },
    { name: "extra", compared: of(undefined, cm("a"), true), app: "OutOfSync", resource: { status: "OutOfSync", requiresPruning: true } },
    { name: "extra and ignored", compared: of(undefined, cm("a", { "argocd.argoproj.io/compare-options": "IgnoreExtraneous" }), true), app: "Synced", resource: { status: "OutOfSync", requiresPruning: true } },
    { name: "a live hook", compared: of(undefined, cm("a", { "argocd.argoproj.io/hook": "PreSync" }), true), app: "Synced", resource: { hook: true, requiresPruning: true } },
    { name: "a copy", compared: of(undefined, cm("a", { "argocd.argoproj.io/tracking-id": "app:/ConfigMap:team/other" }), true), app: "Synced", resource: {} },
    { name: "a wave", compared: of(cm("a", { "argocd.argoproj.io/sync-wave": "3" }), cm("a")), app: "Synced", resource: { status: "Synced", syncWave: 3 } },
  ])("$name", ({ compared, app: want, resource }) => {
    const { status, resources } = resourceStatuses([compared], input);
    expect(status).toBe(want);
    expect(resources).toEqual([{ version: "v1", kind: "ConfigMap", namespace: "team", name: "a", ...resource }]);
  });
  it("says nothing where anything is unknown", () => {
    const { status, resources } = resourceStatuses([of(cm("a"), cm("a"))], { ...input, unknown: true });
    expect([status, resources[0]!.status]).toEqual(["Unknown", "Unknown"]);
  });
});

describe(referenceWarnings, () => {
  const service = object("Service", "web", { spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] } });
  const deployment = object("Deployment", "web", { apiVersion: "apps/v1", spec: { template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "a:1", ports: [{ name: "http", containerPort: 8080 }] }] } } } });
  const ingress = (name: string, port: object) => object("Ingress", "web", { apiVersion: "networking.k8s.io/v1", spec: { rules: [{ http: { paths: [{ backend: { service: { name, port } } }] } }] } });
  const texts = (...objects: KubeObject[]) => referenceWarnings(objects).map((warning) => warningText(warning));
  it("says nothing of what fits", () => expect(texts(service, deployment, ingress("web", { number: 80 }), ingress("web", { name: "http" }))).toEqual([]));
  it("says nothing of a Service that somebody else may bring", () => expect(texts(ingress("web", { number: 80 }))).toEqual([]));
  it("names the port that is missing and the one that was meant", () => expect(texts(service, ingress("web", { number: 8080 }))).toEqual(["Ingress web: spec.rules[0].http.paths[0].backend.service.port.number: Service web has no port 8080; 8080 is its targetPort; did you mean 80?"]));
  it("names the Services that there are", () => expect(texts(service, ingress("wbe", { number: 80 }))).toEqual(["Ingress web: spec.rules[0].http.paths[0].backend.service.name: no Service wbe among this application's objects; its Services are web"]));
  it("finds a selector that selects nothing", () => expect(texts(object("Service", "web", { spec: { selector: { app: "wbe" }, ports: [] } }), deployment)).toEqual(["Service web: spec.selector: selects no pod of this application (app=wbe); pod labels here are app=web"]));
  it("finds a port name that no container has", () => expect(texts({ ...service, spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "htttp" }] } }, deployment)[0]).toContain('no container has a port named "htttp"; named ports are http'));
  it("finds placeholders in names, but not in scripts", () => {
    expect(texts(object("Service", "web-${USER}"))).toEqual(["Service web-${USER}: metadata.name: ${USER} was not replaced; write the value, or let kustomize or helm fill it in before it is committed"]);
    expect(texts(object("ConfigMap", "c", { data: { "run.sh": "echo ${HOME}" } }))).toEqual([]);
  });
});

describe(specProblems, () => {
  test.each([
    { name: "a good one", spec: {}, want: [] },
    { name: "no destination", spec: { destination: {} }, want: ["Destination server missing from app spec"] },
    { name: "both server and name", spec: { destination: { server: "s", name: "n" } }, want: ["application destination can't have both name and server defined: n s"] },
    { name: "no path", spec: { source: { repoURL: "r" } }, want: ["spec.source.repoURL and either spec.source.path or spec.source.chart are required"] },
    { name: "a chart of no version", spec: { source: { repoURL: "r", chart: "c" } }, want: ["spec.source.targetRevision is required if the manifest source is a helm chart"] },
    { name: "two tools", spec: { source: { repoURL: "r", path: "p", helm: {}, kustomize: {} } }, want: ["spec.source: multiple application sources defined: Kustomize,Helm"] },
    { name: "a ref twice", spec: { sources: [{ repoURL: "r", ref: "v" }, { repoURL: "r", ref: "v" }] }, want: ["spec.sources[1].ref 'v' is used twice"] },
  ])("$name", ({ spec, want }) => expect(specProblems(app(spec)).map(({ message }) => message)).toEqual(want));
});

test("a merge patch holds what differs and nothing else", () => {
  expect(mergePatch({ a: 1, b: { c: [1], d: 2 }, e: 3 }, { a: 1, b: { c: [1, 2], d: 2 } })).toEqual({ b: { c: [1, 2] }, e: null });
  expect(mergePatch({ a: [{ x: 1 }] }, { a: [{ x: 1 }] })).toBeUndefined();
  expect(sameJson({ a: undefined, b: 1 }, { b: 1 })).toBe(true);
});

test.each([["100m", 100], ["1", 1000], ["128Mi", 134_217_728_000], ["0.5", 500], ["1e3", 1_000_000], ["", 0], ["x", 0]])("%s is %d thousandths", (text, want) => expect(milli(text)).toBe(want));
