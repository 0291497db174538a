import type { KubeObject } from "@trireme/api";
import { podsInTheWay, releaseVerdict } from "./verdict.ts";

const object = (apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}): KubeObject => ({ apiVersion, kind, metadata: { name, namespace: "team", uid: name, ...metadata }, ...rest });
const pod = (name: string, owner: string, reason: string | undefined, labels: Record<string, string> = {}) => ({ owner, object: object("v1", "Pod", name, { status: { conditions: [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:10Z" }], containerStatuses: [{ name: "main", state: reason === undefined ? { running: {} } : { waiting: { reason } } }] } }, { labels }) });
const set = (name: string, owner: string, metadata: object) => ({ owner, object: object("apps/v1", "ReplicaSet", name, {}, metadata) });
const judge = (workload: KubeObject, children: { owner: string; object: KubeObject }[], health = "Progressing") =>
  releaseVerdict({ objects: [{ object: workload, health: { status: health, message: "why" } }], live: { childrenOf: (parent) => children.filter(({ owner }) => owner === parent.metadata.name).map((child) => child.object) }, health: { status: health, lastTransitionTime: "2026-01-01T00:00:20Z" } });

const revision = (number: string) => ({ annotations: { "deployment.kubernetes.io/revision": number } });
const web = object("apps/v1", "Deployment", "web");

describe(releaseVerdict, () => {
  test.each(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CrashLoopBackOff", "CreateContainerConfigError"])("a new pod in %s fails it", (reason) => {
    expect(judge(web, [set("old", "web", revision("1")), set("new", "web", revision("2")), pod("p", "new", reason)])).toMatchObject({ kind: "failing", reason: "PodsStuck", final: false, since: Date.parse("2026-01-01T00:00:10Z"), blocker: { kind: "Pod", name: "p" }, message: `Deployment team/web: container main of pod p is in ${reason}` });
  });

  test.each([
    { name: "old pods say nothing of it", children: [set("old", "web", revision("9")), set("new", "web", revision("10")), pod("p", "old", "CrashLoopBackOff"), pod("q", "new", undefined)] },
    { name: "pods that start say nothing yet", children: [set("new", "web", revision("1")), pod("p", "new", "ContainerCreating")] },
  ])("$name", ({ children }) => {
    expect(judge(web, children)).toEqual({ kind: "open" });
  });

  it("tells the new pods of StatefulSets and DaemonSets by their revision", () => {
    const stateful = object("apps/v1", "StatefulSet", "db", { status: { updateRevision: "db-2" } });
    expect(judge(stateful, [pod("db-0", "db", "ImagePullBackOff", { "controller-revision-hash": "db-1" })]).kind).toBe("open");
    expect(judge(stateful, [pod("db-0", "db", "ImagePullBackOff", { "controller-revision-hash": "db-2" })]).kind).toBe("failing");
    const daemon = object("apps/v1", "DaemonSet", "agent");
    const revisions = [1, 2].map((number) => ({ owner: "agent", object: object("apps/v1", "ControllerRevision", `agent-h${number}`, { revision: number }, { labels: { "controller-revision-hash": `h${number}` } }) }));
    expect(judge(daemon, [...revisions, pod("a", "agent", "ErrImagePull", { "controller-revision-hash": "h1" })]).kind).toBe("open");
    expect(judge(daemon, [...revisions, pod("a", "agent", "ErrImagePull", { "controller-revision-hash": "h2" })]).kind).toBe("failing");
  });

  const rollout = (status: object) => object("argoproj.io/v1alpha1", "Rollout", "web", { status });

  it("names the pods of a failed template that hold a StatefulSet back", () => {
    const stateful = (status: object) => object("apps/v1", "StatefulSet", "db", { status }, { generation: 3 });
    const pods = [pod("db-0", "db", undefined, { "controller-revision-hash": "db-2" }), pod("db-1", "db", "ImagePullBackOff", { "controller-revision-hash": "db-2" })];
    const live = { childrenOf: () => pods.map((each) => each.object) };
    expect(podsInTheWay(stateful({ observedGeneration: 3, updateRevision: "db-1" }), live).map(({ metadata }) => metadata.name)).toEqual(["db-1"]);
    expect(podsInTheWay(stateful({ observedGeneration: 3, updateRevision: "db-2" }), live)).toEqual([]);
    expect(podsInTheWay(stateful({ observedGeneration: 2, updateRevision: "db-1" }), live)).toEqual([]);
  });

  it("takes a rollout's own abort for certain, and a person's for a person's", () => {
    expect(judge(rollout({ abort: true, message: 'RolloutAborted: Rollout aborted update to revision 2: Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' }), [], "Degraded")).toMatchObject({ kind: "failing", reason: "RolloutAborted", final: true, message: 'Rollout team/web: Rollout aborted update to revision 2: Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' });
    expect(judge(rollout({ abort: true, message: "RolloutAborted: Rollout aborted update to revision 2" }), [], "Degraded")).toEqual({ kind: "open" });
  });

  it("looks at the pods of a rollout's current set", () => {
    const of = (hash: string) => set(`web-${hash}`, "web", { labels: { "rollouts-pod-template-hash": hash } });
    expect(judge(rollout({ currentPodHash: "b" }), [of("a"), of("b"), pod("p", "web-b", "ErrImagePull")]).kind).toBe("failing");
    expect(judge(rollout({ currentPodHash: "b" }), [of("a"), of("b"), pod("p", "web-a", "ErrImagePull")]).kind).toBe("open");
  });

  it("fails while the application is Degraded, since it became so", () => {
    expect(judge(web, [], "Degraded")).toMatchObject({ kind: "failing", reason: "HealthDegraded", since: Date.parse("2026-01-01T00:00:20Z"), message: "Deployment team/web is Degraded: why", final: false });
    expect(judge(web, [], "Healthy")).toEqual({ kind: "healthy" });
  });
});
