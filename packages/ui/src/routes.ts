/** Everything that has an address. */
export type Route =
  | { page: "applications" }
  | { page: "application"; namespace: string; name: string }
  | { page: "repositories" }
  | { page: "settings" }
  | { page: "sign-in" }
  | { page: "unknown" };

/** Reads a path below the page's base. `/applications/NAME` means the control plane's namespace, as in Argo CD. */
export function routeOf(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "").map(decode);
  const [first, second, third, ...rest] = parts;
  if (rest.length > 0) return { page: "unknown" };
  if (first === undefined) return { page: "applications" };
  if (first === "login" && second === undefined) return { page: "sign-in" };
  if (first === "settings" && third === undefined) return second === undefined ? { page: "settings" } : second === "repos" ? { page: "repositories" } : { page: "unknown" };
  if (first !== "applications") return { page: "unknown" };
  if (second === undefined) return { page: "applications" };
  return third === undefined ? { page: "application", namespace: "", name: second } : { page: "application", namespace: second, name: third };
}

/** The path of a page, below the base. */
export function pathOf(route: Exclude<Route, { page: "unknown" }>): string {
  switch (route.page) {
    case "applications":
      return "applications";
    case "application":
      return ["applications", ...(route.namespace === "" ? [] : [route.namespace]), route.name].map((part) => encodeURIComponent(part)).join("/");
    case "repositories":
      return "settings/repos";
    case "settings":
      return "settings";
    case "sign-in":
      return "login";
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
