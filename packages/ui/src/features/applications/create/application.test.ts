import { applicationOf, EMPTY } from "./application.ts";

const FORM = { ...EMPTY, name: "shop", repoURL: "https://git.test/shop.git", namespace: "team" };

describe("applicationOf", () => {
  it("is what the form says, with what Argo CD's page would fill in", () => {
    expect(applicationOf({ ...FORM, path: "deploy" })).toEqual({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "shop" }, spec: { project: "default", source: { repoURL: "https://git.test/shop.git", path: "deploy", targetRevision: "HEAD" }, destination: { server: "https://kubernetes.default.svc", namespace: "team" }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });
    expect(applicationOf({ ...FORM, revision: "" }).spec.source).toEqual({ repoURL: FORM.repoURL, path: ".", targetRevision: "HEAD" });
  });

  it("names a cluster by its address or its name", () => {
    expect(applicationOf({ ...FORM, cluster: "production" }).spec.destination).toEqual({ name: "production", namespace: "team" });
  });

  it("syncs by itself only where that was asked for", () => {
    expect(applicationOf({ ...FORM, prune: true, createNamespace: false }).spec).not.toHaveProperty("syncPolicy");
    expect(applicationOf({ ...FORM, automated: true, selfHeal: true }).spec.syncPolicy).toMatchObject({ automated: { prune: false, selfHeal: true } });
  });
});
