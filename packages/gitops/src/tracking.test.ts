import type { KubeObject } from "@trireme/api";
import { instanceName, isSelfReferenced, parseTrackingId, track, trackedBy, type TrackingSettings } from "./tracking.ts";

const settings = (method: TrackingSettings["method"] = "annotation", installationId = ""): TrackingSettings => ({ method, labelKey: "app.kubernetes.io/instance", installationId });
const service = (metadata: object = {}): KubeObject => ({ apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "team", ...metadata } });

describe(track, () => {
  test.each([
    { name: "by annotation", method: "annotation" as const, want: { annotations: { "argocd.argoproj.io/tracking-id": "app:/Service:team/web" } } },
    { name: "by label", method: "label" as const, want: { labels: { "app.kubernetes.io/instance": "app" } } },
    { name: "by both", method: "annotation+label" as const, want: { annotations: { "argocd.argoproj.io/tracking-id": "app:/Service:team/web" }, labels: { "app.kubernetes.io/instance": "app" } } },
  ])("$name", ({ method, want }) => {
    const object = service();
    expect(track(object, "app", "team", settings(method)).metadata).toEqual({ name: "web", namespace: "team", ...want });
    expect(object.metadata.annotations).toBeUndefined();
  });

  it("gives cluster-scoped objects the destination's namespace, and the installation its mark", () => {
    const role: KubeObject = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "reader" } };
    expect(track(role, "app", "team", settings("annotation", "eu")).metadata.annotations).toEqual({ "argocd.argoproj.io/tracking-id": "app:rbac.authorization.k8s.io/ClusterRole:team/reader", "argocd.argoproj.io/installation-id": "eu" });
  });

  it("cuts a label to what Kubernetes takes where the annotation has the whole name", () => {
    const long = `${"a".repeat(61)}-_b`;
    expect(track(service(), long, "team", settings("annotation+label")).metadata.labels!["app.kubernetes.io/instance"]).toBe("a".repeat(61));
  });
});

describe(trackedBy, () => {
  it("reads the mark it wrote, and not that of another installation", () => {
    const live = track(service(), "app", "team", settings("annotation", "eu"));
    expect(trackedBy(live, settings("annotation", "eu"))).toBe("app");
    expect(trackedBy(live, settings("annotation", "us"))).toBe("");
    expect(trackedBy(service(), settings())).toBe("");
  });
});

describe(isSelfReferenced, () => {
  const marked = (id: string) => service({ annotations: { "argocd.argoproj.io/tracking-id": id } });
  test.each([
    { name: "its own mark", live: marked("app:/Service:team/web"), target: undefined, want: true },
    { name: "a copy of another object's mark", live: marked("app:/Service:team/other"), target: undefined, want: false },
    { name: "a copy that Git declares", live: marked("app:/Service:team/other"), target: service(), want: true },
    { name: "no mark", live: service(), target: undefined, want: true },
    { name: "not there", live: undefined, target: service(), want: true },
    { name: "cluster-scoped, whatever namespace the mark has", live: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "r", annotations: { "argocd.argoproj.io/tracking-id": "app:rbac.authorization.k8s.io/ClusterRole:team/r" } } }, target: undefined, want: true },
  ])("$name", ({ live, target, want }) => expect(isSelfReferenced(live, target, settings())).toBe(want));
});

test("names outside the control plane carry their namespace", () => {
  expect(instanceName({ namespace: "argocd", name: "app" }, "argocd")).toBe("app");
  expect(instanceName({ namespace: "team", name: "app" }, "argocd")).toBe("team_app");
});

test.each(["", "app", "app:x:y", "app:g/k", ":g/k:n/m", "app:g/k:n"])("%j is no tracking id", (text) => expect(parseTrackingId(text)).toBeUndefined());
