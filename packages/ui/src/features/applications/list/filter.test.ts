import type { Application } from "@trireme/api/argo";
import { counted, filtered, filterOf } from "./filter.ts";

const app = (name: string, { sync = "Synced", health = "Healthy", project = "default" } = {}): Application =>
  ({ metadata: { name, namespace: "argocd", labels: { team: name.split("-")[0] } }, spec: { project, source: { repoURL: "https://git.test/team/shop.git", path: name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: `ns-${name}` } }, status: { sync: { status: sync }, health: { status: health } } }) as unknown as Application;
const APPS = [app("web-shop"), app("web-blog", { sync: "OutOfSync" }), app("api", { health: "Degraded", project: "core" })];

describe("filtered", () => {
  test.each([
    { name: "nothing asked", address: "", shown: ["api", "web-blog", "web-shop"] },
    { name: "words in any order, of any text", address: "search=shop+web", shown: ["web-blog", "web-shop"] },
    { name: "a label", address: "search=team=api", shown: ["api"] },
    { name: "one facet", address: "sync=OutOfSync", shown: ["web-blog"] },
    { name: "several values of a facet", address: "health=Degraded,Healthy", shown: ["api", "web-blog", "web-shop"] },
    { name: "facets together", address: "health=Degraded&proj=default", shown: [] },
    { name: "the sick first", address: "sort=health", shown: ["api", "web-blog", "web-shop"] },
    { name: "what is out of sync first", address: "sort=sync", shown: ["web-blog", "api", "web-shop"] },
    { name: "an order that is not one", address: "sort=luck", shown: ["api", "web-blog", "web-shop"] },
  ])("shows what fits: $name", ({ address, shown }) => {
    expect(filtered(APPS, filterOf(new URLSearchParams(address))).map(({ metadata }) => metadata.name)).toEqual(shown);
  });
});

describe("counted", () => {
  it("counts each value, the frequent first", () => {
    expect(counted(APPS, "proj")).toEqual([["default", 2], ["core", 1]]);
  });
});
