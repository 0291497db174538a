import type { Application } from "@trireme/api/argo";
import { draftOf, withDraft } from "./draft.ts";

const APP = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "web", labels: { team: "web" }, annotations: { "notifications.argoproj.io/subscribe.on-deployed.slack": "team", note: "x" } },
  spec: { project: "shop", source: { repoURL: "https://git.test/a.git", path: "a", helm: { releaseName: "r" } }, destination: { name: "production", namespace: "web" }, syncPolicy: { automated: { prune: true, allowEmpty: true }, retry: { limit: 2, backoff: { duration: "5s" } }, managedNamespaceMetadata: { labels: { a: "b" } } }, ignoreDifferences: [{ kind: "Deployment", jsonPointers: ["/spec/replicas"] }], info: [{ name: "docs", value: "https://docs.test" }] },
} as unknown as Application;

describe("the form of an application", () => {
  it("says nothing new while nothing was changed", () => {
    expect(withDraft(APP, draftOf(APP))).toEqual({ ...APP, spec: { ...APP.spec, syncPolicy: { ...APP.spec.syncPolicy, automated: { prune: true, allowEmpty: true, selfHeal: false } } } });
  });

  it("keeps what it does not know", () => {
    const changed = withDraft(APP, { ...draftOf(APP), namespace: "other", sources: [{ ...APP.spec.source!, path: "b" }] });
    expect(changed.spec).toMatchObject({ ignoreDifferences: APP.spec.ignoreDifferences, source: { path: "b", helm: { releaseName: "r" } }, destination: { name: "production", namespace: "other" }, syncPolicy: { managedNamespaceMetadata: { labels: { a: "b" } }, retry: { backoff: { duration: "5s" } } } });
  });

  it("names another cluster by its address or its name", () => {
    expect(withDraft(APP, { ...draftOf(APP), cluster: "https://10.0.0.1" }).spec.destination).toEqual({ server: "https://10.0.0.1", namespace: "web" });
    expect(withDraft(APP, { ...draftOf(APP), cluster: "staging" }).spec.destination).toEqual({ name: "staging", namespace: "web" });
  });

  it("switches automated sync off and keeps its settings", () => {
    expect(withDraft(APP, { ...draftOf(APP), automated: false }).spec.syncPolicy?.automated).toMatchObject({ enabled: false, prune: true, allowEmpty: true });
    const manual = { ...APP, spec: { ...APP.spec, syncPolicy: {} } };
    expect(withDraft(manual, draftOf(manual)).spec.syncPolicy).toEqual({});
  });

  it("leaves out rows without a name", () => {
    const changed = withDraft(APP, { ...draftOf(APP), info: [["", "x"]], labels: [["", "y"], ["a", "b"]] });
    expect(changed.spec).not.toHaveProperty("info");
    expect(changed.metadata.labels).toEqual({ a: "b" });
  });
});
