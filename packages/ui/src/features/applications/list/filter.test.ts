import type { Application } from "@trireme/api/argo";
import { counted, filterOf, fitting, parameterOf, sorted, sortOf } from "./filter.ts";

const app = (name: string, { sync = "Synced", health = "Healthy", project = "default" } = {}): Application =>
  ({ metadata: { name, namespace: "argocd", labels: { team: name.split("-")[0], kind: "a,b" } }, spec: { project, source: { repoURL: "https://git.test/team/shop.git", path: name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: `ns-${name}` } }, status: { sync: { status: sync }, health: { status: health } } }) as unknown as Application;
const APPS = [app("web-shop"), app("web-blog", { sync: "OutOfSync" }), app("api", { health: "Degraded", project: "core" })];
const MARKED = new Set(["argocd/web-shop"]);

describe("the applications of an address", () => {
  test.each([
    { name: "nothing asked", address: "", shown: ["api", "web-blog", "web-shop"] },
    { name: "words in any order, of any text", address: "search=shop+web", shown: ["web-blog", "web-shop"] },
    { name: "a label searched for", address: "search=team=api", shown: ["api"] },
    { name: "one facet", address: "sync=OutOfSync", shown: ["web-blog"] },
    { name: "several values of a facet", address: "health=Degraded,Healthy", shown: ["api", "web-blog", "web-shop"] },
    { name: "facets together", address: "health=Degraded&proj=default", shown: [] },
    { name: "a label", address: "labels=team%253Dweb", shown: ["web-blog", "web-shop"] },
    { name: "labels together, one with a comma", address: "labels=team%253Dweb%2Ckind%253Da%252Cb", shown: ["web-blog", "web-shop"] },
    { name: "what has not a label", address: "labels=team!%253Dweb", shown: ["api"] },
    { name: "favourites", address: "showFavorites=true", shown: ["web-shop"] },
    { name: "favourites and a facet", address: "showFavorites=true&sync=OutOfSync", shown: [] },
    { name: "the sick first", address: "sort=health", shown: ["api", "web-blog", "web-shop"] },
    { name: "what is out of sync first", address: "sort=sync", shown: ["web-blog", "api", "web-shop"] },
    { name: "an order that is not one", address: "sort=luck", shown: ["api", "web-blog", "web-shop"] },
  ])("are those that fit: $name", ({ address, shown }) => {
    const parameters = new URLSearchParams(address);
    expect(sorted(APPS, sortOf(parameters)).filter(fitting(filterOf(parameters), MARKED)).map(({ metadata }) => metadata.name)).toEqual(shown);
  });

  it("are found again by labels that have commas in them", () => {
    const parameters = new URLSearchParams({ labels: parameterOf("labels", ["kind=a,b", "team=api"]) });
    expect(filterOf(parameters).facets.labels).toEqual(["kind=a,b", "team=api"]);
    expect(APPS.filter(fitting(filterOf(parameters), MARKED)).map(({ metadata }) => metadata.name)).toEqual(["api"]);
  });
});

describe("counted", () => {
  test.each([
    { name: "of all, the frequent first", facet: "proj", address: "", counts: [["default", 2], ["core", 1]] },
    { name: "beside what else is asked", facet: "proj", address: "search=web", counts: [["default", 2]] },
    { name: "as if nothing of this facet were chosen", facet: "sync", address: "sync=OutOfSync", counts: [["Synced", 2], ["OutOfSync", 1]] },
    { name: "of what is chosen even where there is none", facet: "health", address: "health=Missing&search=web", counts: [["Healthy", 2], ["Missing", 0]] },
    { name: "of every label", facet: "labels", address: "", counts: [["kind=a,b", 3], ["team=web", 2], ["team=api", 1]] },
  ] as const)("tells how many there are: $name", ({ facet, address, counts }) => {
    expect(counted(APPS, facet, filterOf(new URLSearchParams(address)), MARKED)).toEqual(counts);
  });
});
