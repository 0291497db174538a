import type { Application } from "@trireme/api/argo";
import { choicesOf, propagationOf, syncRequest, withOption, withPropagation, type SyncChoices } from "./request.ts";

const app = (spec: object = {}): Application => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "shop", namespace: "argocd" }, spec: { project: "default", source: { repoURL: "https://git.test/shop.git", path: "." }, destination: {}, ...spec } }) as Application;
const RETRY = { limit: 3, backoff: { duration: "1s", factor: 3, maxDuration: "1m" } };

describe("syncRequest", () => {
  test.each<{ name: string; choices: Partial<SyncChoices>; sent: object; absent?: string[] }>([
    { name: "nothing chosen: everything, with hooks", choices: {}, sent: { name: "shop", appNamespace: "argocd", prune: false, dryRun: false, strategy: { hook: { force: false } }, syncOptions: { items: [] } }, absent: ["revision", "revisions", "resources", "retryStrategy"] },
    { name: "without hooks, by force", choices: { applyOnly: true, force: true }, sent: { strategy: { apply: { force: true } } } },
    { name: "another revision, with pruning and options", choices: { revisions: [" v1.2 "], prune: true, options: ["Replace=true"] }, sent: { revision: "v1.2", prune: true, syncOptions: { items: ["Replace=true"] } }, absent: ["revisions"] },
    { name: "some of the objects", choices: { resources: [{ group: "apps", kind: "Deployment", namespace: "team", name: "web" }] }, sent: { resources: [{ group: "apps", kind: "Deployment", namespace: "team", name: "web" }] } },
    { name: "again where it fails, as often and as soon as was said", choices: { retry: RETRY }, sent: { retryStrategy: RETRY } },
  ])("asks for $name", ({ choices, sent, absent = [] }) => {
    const request = syncRequest(app(), { ...choicesOf(app(), { prune: false }), ...choices });
    expect(request).toMatchObject(sent);
    expect(Object.keys(request).filter((key) => absent.includes(key))).toEqual([]);
  });

  it("begins with what the application's policy says, and can say otherwise", () => {
    const own = app({ syncPolicy: { syncOptions: ["CreateNamespace=true"], retry: RETRY } });
    expect(syncRequest(own, choicesOf(own, { prune: true }))).toMatchObject({ prune: true, syncOptions: { items: ["CreateNamespace=true"] }, retryStrategy: RETRY });
    expect(syncRequest(own, { ...choicesOf(own, { prune: true }), options: [], retry: undefined })).toMatchObject({ syncOptions: { items: [] }, retryStrategy: { limit: 0 } });
  });

  it("names the sources whose revisions were chosen by their places", () => {
    const many = app({ source: undefined, sources: [{ repoURL: "a", path: "." }, { repoURL: "b", path: "." }] });
    expect(syncRequest(many, { ...choicesOf(many, { prune: false }), revisions: ["", "v2"] })).toMatchObject({ revisions: ["v2"], sourcePositions: [2] });
  });
});

describe("sync options", () => {
  it("have one value for each name, in its place", () => {
    expect(withOption(["Validate=true", "PruneLast=true"], "Validate=false", true)).toEqual(["Validate=false", "PruneLast=true"]);
    expect(withOption(["PruneLast=true", "Validate=false"], "PruneLast=true", false)).toEqual(["Validate=false"]);
  });

  it("say how dependents go only where that is not as usual", () => {
    expect(withPropagation([], "orphan")).toEqual(["PrunePropagationPolicy=orphan"]);
    expect(propagationOf(["PrunePropagationPolicy=orphan"])).toBe("orphan");
    expect(withPropagation(["PrunePropagationPolicy=orphan"], "foreground")).toEqual([]);
    expect(propagationOf([])).toBe("foreground");
  });
});
