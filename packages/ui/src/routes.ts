/** Everything that has an address. */
export type Route =
  | { page: "applications" }
  | { page: "application"; namespace: string; name: string }
  | { page: "settings" }
  | { page: "repositories" }
  | { page: "certificates" }
  | { page: "gpg-keys" }
  | { page: "clusters" }
  | { page: "cluster"; server: string }
  | { page: "projects" }
  | { page: "project"; name: string }
  | { page: "accounts" }
  | { page: "account"; name: string }
  | { page: "appearance" }
  | { page: "user-info" }
  | { page: "sign-in" }
  | { page: "unknown" };

/** What stands below `settings/`, by Argo CD's names for it. */
const SETTINGS: Record<string, Route> = {
  repos: { page: "repositories" },
  certs: { page: "certificates" },
  gpgkeys: { page: "gpg-keys" },
  clusters: { page: "clusters" },
  projects: { page: "projects" },
  accounts: { page: "accounts" },
  appearance: { page: "appearance" },
};

/** Reads a path below the page's base. `/applications/NAME` means the control plane's namespace, as in Argo CD. */
export function routeOf(path: string): Route {
  const [first, ...rest] = path.split("/").filter((part) => part !== "").map(decode);
  if (first === undefined) return { page: "applications" };
  if (first === "applications") return applicationsRoute(rest);
  if (first === "settings") return settingsRoute(rest);
  if (rest.length === 0 && first === "login") return { page: "sign-in" };
  if (rest.length === 0 && first === "user-info") return { page: "user-info" };
  return { page: "unknown" };
}

function applicationsRoute([first, second, ...rest]: string[]): Route {
  // No name of Kubernetes has a slash in it.
  if (rest.length > 0 || first?.includes("/") || second?.includes("/")) return { page: "unknown" };
  if (first === undefined) return { page: "applications" };
  return second === undefined ? { page: "application", namespace: "", name: first } : { page: "application", namespace: first, name: second };
}

function settingsRoute([section, name, ...rest]: string[]): Route {
  if (rest.length > 0) return { page: "unknown" };
  if (section === undefined) return { page: "settings" };
  if (name === undefined) return SETTINGS[section] ?? { page: "unknown" };
  if (section === "clusters") return { page: "cluster", server: name };
  if (section === "projects") return { page: "project", name };
  if (section === "accounts") return { page: "account", name };
  return { page: "unknown" };
}

/** The path of a page, below the base. */
export function pathOf(route: Exclude<Route, { page: "unknown" }>): string {
  switch (route.page) {
    case "applications":
      return "applications";
    case "application":
      return ["applications", ...(route.namespace === "" ? [] : [route.namespace]), route.name].map((part) => encodeURIComponent(part)).join("/");
    case "cluster":
      return `settings/clusters/${encodeURIComponent(route.server)}`;
    case "project":
      return `settings/projects/${encodeURIComponent(route.name)}`;
    case "account":
      return `settings/accounts/${encodeURIComponent(route.name)}`;
    case "settings":
    case "user-info":
      return route.page;
    case "sign-in":
      return "login";
    default:
      return `settings/${Object.entries(SETTINGS).find(([, { page }]) => page === route.page)![0]}`;
  }
}

/** Whether a page belongs to the settings, for what leads there. */
export function isSettings({ page }: Route): boolean {
  return !["applications", "application", "user-info", "sign-in", "unknown"].includes(page);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
