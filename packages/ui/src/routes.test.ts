import { pathOf, routeOf, type Route } from "./routes.ts";

describe("routeOf", () => {
  test.each<{ path: string; route: Route }>([
    { path: "/", route: { page: "applications" } },
    { path: "/applications", route: { page: "applications" } },
    { path: "/applications/argocd/shop.v2", route: { page: "application", namespace: "argocd", name: "shop.v2" } },
    { path: "/applications/shop", route: { page: "application", namespace: "", name: "shop" } },
    { path: "/settings", route: { page: "settings" } },
    { path: "/settings/repos/", route: { page: "repositories" } },
    { path: "/login", route: { page: "sign-in" } },
    { path: "/applications/a/b/c", route: { page: "unknown" } },
    { path: "/somewhere", route: { page: "unknown" } },
  ])("reads $path", ({ path, route }) => {
    expect(routeOf(path)).toEqual(route);
    if (route.page !== "unknown") expect(routeOf(pathOf(route))).toEqual(route);
  });
});
