import type { Application } from "@trireme/api/argo";
import { readText, textWith } from "./draft.ts";
import { change, FRESH, formOf } from "./form.ts";

const app = (text: string): Application => readText(text).app!;
const edited = (text: string, ...edits: ((app: Application) => Application)[]): string => edits.reduce((now, edit) => textWith(now, edit(app(now))), text);

const WRITTEN = `# The shop's own.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop   # as people call it
  labels: {team: a}
spec:
  project: "default"

  source:
    repoURL: https://git.test/shop.git
    path: deploy
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  stray: 1
  syncPolicy:
    syncOptions:
    - Validate=false # for now
    - PruneLast=true
`;

describe("an application as text", () => {
  it("begins with what the form begins with", () => {
    expect(formOf(app(FRESH))).toMatchObject({ name: "", project: "default", several: false, sources: [{ repoURL: "", path: ".", targetRevision: "HEAD" }], by: "server", cluster: "https://kubernetes.default.svc", automated: false, options: ["CreateNamespace=true"] });
  });

  it("is changed only where the form changed it: comments, order, style and unknown fields stay", () => {
    const now = edited(WRITTEN, (one) => change.name(one, "store"), (one) => change.destination(one, { by: "name", cluster: "far", namespace: "shop" }), (one) => change.options(one, [...formOf(one).options, "ServerSideApply=true"]));
    expect(now).toBe(
      WRITTEN.replace("name: shop   # as people call it", "name: store # as people call it")
        .replace("labels: {team: a}", "labels: { team: a }")
        .replace("destination: {server: https://kubernetes.default.svc, namespace: shop}", "destination: { namespace: shop, name: far }")
        .replace("    - PruneLast=true\n", "    - PruneLast=true\n    - ServerSideApply=true\n"),
    );
    expect((app(now).spec as { stray?: number }).stray).toBe(1);
  });

  it("loses nothing but what was taken away", () => {
    const now = edited(WRITTEN, (one) => change.options(one, ["Validate=false"]));
    expect(now).toContain("- Validate=false # for now\n");
    expect(now).not.toContain("PruneLast");
    expect(app(edited(now, (one) => change.options(one, [])))).not.toHaveProperty("spec.syncPolicy");
  });

  it("writes names that look like something else so that they stay names", () => {
    const now = edited(FRESH, (one) => change.name(one, "1"), (one) => change.destination(one, { by: "server", cluster: "https://c.test", namespace: "yes" }));
    expect(app(now)).toMatchObject({ metadata: { name: "1" }, spec: { destination: { server: "https://c.test", namespace: "yes" } } });
    expect(edited(FRESH, (one) => change.name(one, "shop"))).toContain("name: shop\n");
  });

  test.each([
    ["a: 1\nb: [1\nc: 2\n", { line: 3 }],
    ["metadata:\n  name: a\n  name: b\nspec: {}\n", { line: 3, code: "DUPLICATE_KEY" }],
    ["metadata: {}\nspec:\n\tproject: a\n", { line: 3, code: "TAB_AS_INDENT" }],
    ["- a\n", { line: 1, code: "NOT_A_MAP", path: "" }],
    ["metadata: {}\n", { line: 1, code: "NOT_A_MAP", path: "spec" }],
    ["metadata: {}\nspec:\n  project: a\n  destination: here\n", { line: 4, code: "NOT_A_MAP", path: "spec.destination" }],
    ["metadata: {}\nspec:\n  sources:\n  - repoURL: a\n  - b\n", { line: 5, code: "NOT_A_MAP", path: "spec.sources.1" }],
    ["metadata: {}\nspec:\n  syncPolicy:\n    syncOptions: Replace=true\n", { line: 4, code: "NOT_A_LIST", path: "spec.syncPolicy.syncOptions" }],
    ["kind: AppProject\nmetadata: {}\nspec: {}\n", { line: 1, code: "OTHER_KIND" }],
    ["metadata: {}\nspec: {}\n---\nmetadata: {}\n", { code: "MULTIPLE_DOCS" }],
  ])("says in which line it cannot be understood, and why: %j", (text, problem) => expect(readText(text).problem).toMatchObject(problem));

  it("is understood while half of it is missing", () => {
    expect(formOf(app("metadata:\nspec:\n".replace("metadata:", "metadata: {}").replace("spec:", "spec: {}")))).toMatchObject({ name: "", project: "", sources: [{ repoURL: "" }], cluster: "" });
    expect(formOf(app("metadata: {name: 3}\nspec: {source: null, destination: null, syncPolicy: {automated: null}}\n"))).toMatchObject({ name: "3", automated: false });
  });
});

describe("a change of the form", () => {
  const changed = (...edits: ((one: Application) => Application)[]) => formOf(edits.reduce((one, edit) => edit(one), app(FRESH)));

  it("syncs by itself only where that was asked for, and keeps what was set before", () => {
    expect(changed((one) => change.automated(one, true), (one) => change.automation(one, { selfHeal: true }))).toMatchObject({ automated: true, prune: false, selfHeal: true });
    expect(change.automated(change.automated(app(FRESH), true), false).spec.syncPolicy).toEqual({ syncOptions: ["CreateNamespace=true"] });
  });

  it("retries with a backoff that grows", () => {
    expect(changed((one) => change.retry(one, true), (one) => change.retryWith(one, { backoff: { duration: "1s" } })).retry).toEqual({ limit: 5, backoff: { duration: "1s", factor: 2, maxDuration: "3m0s" } });
    expect(changed((one) => change.retry(one, true), (one) => change.retry(one, false)).retry).toBeUndefined();
  });

  it("makes a list of a second source, and one source of a list of one", () => {
    const two = change.source(change.addSource(app(FRESH)), 1, { repoURL: "https://git.test/b.git", path: "b" } as never);
    expect(two.spec).not.toHaveProperty("source");
    expect(two.spec.sources).toEqual([{ repoURL: "", path: ".", targetRevision: "HEAD" }, { repoURL: "https://git.test/b.git", path: "b" }]);
    expect(change.removeSource(two, 0).spec.source).toEqual({ repoURL: "https://git.test/b.git", path: "b" });
  });

  it("keeps other finalizers", () => {
    const one = change.finalizer({ ...app(FRESH), metadata: { name: "a", finalizers: ["other"] } }, true);
    expect(one.metadata.finalizers).toEqual(["other", "resources-finalizer.argocd.argoproj.io"]);
    expect(change.finalizer(change.finalizer(app(FRESH), true), false).metadata).not.toHaveProperty("finalizers");
  });
});
