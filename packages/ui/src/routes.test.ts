import { pathOf, routeOf, type Route } from "./routes.ts";

describe("routeOf", () => {
  test.each<{ path: string; route: Route }>([
    { path: "/", route: { page: "applications" } },
    { path: "/applications", route: { page: "applications" } },
    { path: "/applications/argocd/shop.v2", route: { page: "application", namespace: "argocd", name: "shop.v2" } },
    { path: "/applications/shop", route: { page: "application", namespace: "", name: "shop" } },
    { path: "/settings", route: { page: "settings" } },
    { path: "/settings/repos/", route: { page: "repositories" } },
    { path: "/settings/certs", route: { page: "certificates" } },
    { path: "/settings/gpgkeys", route: { page: "gpg-keys" } },
    { path: "/settings/clusters/https%3A%2F%2Fkubernetes.default.svc", route: { page: "cluster", server: "https://kubernetes.default.svc" } },
    { path: "/settings/projects", route: { page: "projects" } },
    { path: "/settings/projects/default", route: { page: "project", name: "default" } },
    { path: "/settings/accounts/ci", route: { page: "account", name: "ci" } },
    { path: "/settings/appearance", route: { page: "appearance" } },
    { path: "/user-info", route: { page: "user-info" } },
    { path: "/settings/repos/more", route: { page: "unknown" } },
    { path: "/settings/nothing", route: { page: "unknown" } },
    { path: "/login", route: { page: "sign-in" } },
    { path: "/applications/a/b/c", route: { page: "unknown" } },
    { path: "/applications/a/b%2Fc", route: { page: "unknown" } },
    { path: "/somewhere", route: { page: "unknown" } },
  ])("reads $path", ({ path, route }) => {
    expect(routeOf(path)).toEqual(route);
    if (route.page !== "unknown") expect(routeOf(pathOf(route))).toEqual(route);
  });
});
