import type { Application, AppProject, AppProjectSpec, SyncWindow } from "@trireme/api/argo";
import { globMatches, listMatches } from "../globs.ts";
import { nextTime, parseSchedule } from "./cron.ts";
import { impersonatedAccount, isDestinationPermitted, isKindPermitted, isSourcePermitted, syncProblem } from "./permissions.ts";
import { normalizeRepoUrl, sameRepository } from "./repo-url.ts";
import { syncAllowed } from "./windows.ts";

const project = (spec: AppProjectSpec): AppProject => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "p" }, spec });
const cluster = { server: "https://a.test", name: "a" };

describe(isSourcePermitted, () => {
  test.each([
    { name: "everything", repos: ["*"], url: "https://git.test/team/web.git", want: true },
    { name: "nothing", repos: [], url: "https://git.test/web", want: false },
    { name: "one, spelled otherwise", repos: ["https://git.test/Web.git"], url: "https://git.test/web", want: true },
    { name: "a star stays within a segment", repos: ["https://git.test/*"], url: "https://git.test/team/web", want: false },
    { name: "two stars cross it", repos: ["https://git.test/**"], url: "https://git.test/team/web", want: true },
    { name: "a denial wins", repos: ["*", "!https://git.test/secret"], url: "https://git.test/secret", want: false },
    { name: "a denial alone allows all others", repos: ["!https://git.test/secret"], url: "https://git.test/web", want: true },
  ])("$name", ({ repos, url, want }) => expect(isSourcePermitted({ sourceRepos: repos }, url)).toBe(want));
});

describe(isDestinationPermitted, () => {
  test.each([
    { name: "by server", destinations: [{ server: "https://a.test", namespace: "team" }], want: true },
    { name: "by name", destinations: [{ name: "a", namespace: "team" }], want: true },
    { name: "another namespace", destinations: [{ server: "*", namespace: "other" }], want: false },
    { name: "globs", destinations: [{ server: "https://*", namespace: "te*" }], want: true },
    { name: "a denied namespace", destinations: [{ server: "*", namespace: "*" }, { server: "*", namespace: "!team" }], want: false },
    { name: "a denied server", destinations: [{ server: "*", namespace: "*" }, { server: "!https://a.test", namespace: "*" }], want: false },
    { name: "none at all", destinations: [], want: false },
  ])("$name", ({ destinations, want }) => expect(isDestinationPermitted({ destinations }, cluster, "team")).toBe(want));

  it("allows only the project's own clusters where that is asked for", () => {
    const spec = { destinations: [{ server: "*", namespace: "*" }], permitOnlyProjectScopedClusters: true };
    expect(isDestinationPermitted(spec, cluster, "team")).toBe(false);
    expect(isDestinationPermitted(spec, cluster, "team", [cluster])).toBe(true);
  });
});

describe(isKindPermitted, () => {
  const role = { group: "rbac.authorization.k8s.io", kind: "ClusterRole" };
  const pod = { group: "", kind: "Pod" };
  test.each([
    { name: "no cluster kinds by default", spec: {}, kind: role, namespaced: false, want: false },
    { name: "those that are listed", spec: { clusterResourceWhitelist: [{ group: "rbac*", kind: "*" }] }, kind: role, namespaced: false, want: true },
    { name: "by name", spec: { clusterResourceWhitelist: [{ group: "*", kind: "*", name: "web-*" }] }, kind: role, namespaced: false, want: true },
    { name: "not those denied", spec: { clusterResourceWhitelist: [{ group: "*", kind: "*" }], clusterResourceBlacklist: [{ group: "*", kind: "ClusterRole" }] }, kind: role, namespaced: false, want: false },
    { name: "all namespaced kinds without a list", spec: {}, kind: pod, namespaced: true, want: true },
    { name: "none with an empty one", spec: { namespaceResourceWhitelist: [] }, kind: pod, namespaced: true, want: false },
    { name: "not those denied among them", spec: { namespaceResourceBlacklist: [{ group: "", kind: "Pod" }] }, kind: pod, namespaced: true, want: false },
  ])("$name", ({ spec, kind, namespaced, want }) => expect(isKindPermitted(spec, kind, "web-x", namespaced)).toBe(want));
});

test("what a project forbids is said as Argo CD says it", () => {
  const key = { group: "", kind: "Pod", namespace: "other", name: "x" };
  expect(syncProblem(project({ namespaceResourceBlacklist: [{ group: "", kind: "Pod" }] }), key, true, cluster)).toBe("resource :Pod is not permitted in project p");
  expect(syncProblem(project({ destinations: [{ server: "*", namespace: "team" }] }), key, true, cluster)).toBe("namespace other is not permitted in project 'p'");
});

test("the first service account that fits acts", () => {
  const of = (...entries: [string, string, string][]) => project({ destinationServiceAccounts: entries.map(([server, namespace, defaultServiceAccount]) => ({ server, namespace, defaultServiceAccount })) });
  expect(impersonatedAccount(of(["https://b.*", "*", "no"], ["*", "team", "deployer"], ["*", "*", "other"]), cluster, "team")).toBe("system:serviceaccount:team:deployer");
  expect(impersonatedAccount(of(["*", "*", "ci:bot"]), cluster, "team")).toBe("system:serviceaccount:ci:bot");
  expect(impersonatedAccount(of(), cluster, "team")).toBe("");
  expect(() => impersonatedAccount(of(["*", "*", "a*"]), cluster, "team")).toThrow("invalid chars");
});

describe(syncAllowed, () => {
  // A Thursday, ten minutes past noon.
  const now = Date.parse("2026-01-01T12:10:00Z");
  const app: Application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "web" }, spec: { project: "default", destination: { namespace: "team" } } };
  const window = (more: SyncWindow): SyncWindow => ({ schedule: "0 12 * * *", duration: "1h", applications: ["*"], ...more });
  const open = { kind: "allow" };
  const shut = { kind: "allow", schedule: "0 3 * * *" };
  test.each([
    { name: "no windows", windows: [], manual: false, want: true },
    { name: "an open window", windows: [window(open)], manual: false, want: true },
    { name: "a shut one", windows: [window(shut)], manual: false, want: false },
    { name: "a shut one, by hand, where that is allowed", windows: [window({ ...shut, manualSync: true })], manual: true, want: true },
    { name: "a denial that is on", windows: [window({ kind: "deny" })], manual: false, want: false },
    { name: "a denial over an open window", windows: [window({ kind: "deny" }), window(open)], manual: false, want: false },
    { name: "a denial that is over", windows: [window({ kind: "deny", schedule: "0 3 * * *" })], manual: false, want: true },
    { name: "a window of others", windows: [window({ kind: "deny", applications: ["other"] })], manual: false, want: true },
    { name: "all dimensions, of which one differs", windows: [window({ kind: "deny", namespaces: ["other"], andOperator: true })], manual: false, want: true },
    { name: "in another time zone", windows: [window({ kind: "deny", schedule: "0 13 * * *", timeZone: "Europe/Berlin" })], manual: false, want: false },
    { name: "a schedule that is none", windows: [window({ ...open, schedule: "noon" })], manual: false, want: false },
  ])("$name", ({ windows, manual, want }) => expect(syncAllowed(windows, app, cluster, { now, manual }).allowed).toBe(want));

  it("lets an operation end that began before, where the window says so", () => {
    const deny = window({ kind: "deny", syncOverrun: true });
    expect(syncAllowed([deny], app, cluster, { now, manual: false, startedAt: now - 20 * 60_000 }).allowed).toBe(true);
    expect(syncAllowed([deny], app, cluster, { now, manual: false, startedAt: now - 60_000 }).allowed).toBe(false);
  });
});

test.each([
  { cron: "*/15 * * * *", after: "2026-01-01T12:01:00Z", want: "2026-01-01T12:15:00.000Z" },
  { cron: "0 22 * * 1-5", after: "2026-01-02T23:00:00Z", want: "2026-01-05T22:00:00.000Z" },
  { cron: "0 0 29 feb *", after: "2026-01-01T00:00:00Z", want: "2028-02-29T00:00:00.000Z" },
  { cron: "@daily", after: "2026-01-01T00:00:00Z", want: "2026-01-02T00:00:00.000Z" },
  { cron: "0 0 13 * fri", after: "2026-01-01T00:00:00Z", want: "2026-01-02T00:00:00.000Z" },
])("$cron comes next at $want", ({ cron, after, want }) => expect(new Date(nextTime(parseSchedule(cron), Date.parse(after))!).toISOString()).toBe(want));

test.each(["", "* * * *", "60 * * * *", "a b c d e", "5-1 * * * *", "*/0 * * * *"])("%j is no schedule", (cron) => expect(() => parseSchedule(cron)).toThrow("cannot parse schedule"));

test.each([
  ["https://git.test/Team/Web.git/", "https://git.test/team/web"],
  ["git@git.test:team/web.git", "git@git.test/team/web"],
])("%s is %s", (url, want) => expect(normalizeRepoUrl(url)).toBe(want));

test.each([
  ["https://git.test/web", "git@git.test:web.git", true],
  ["https://user@git.test:443/web.git", "https://git.test/web", true],
  ["https://git.test/web", "https://git.test/web2", false],
])("%s and %s: the same is %s", (a, b, want) => expect(sameRepository(a, b)).toBe(want));

test.each([
  ["a*", "abc", true],
  ["a?c", "abc", true],
  ["{a,b}c", "bc", true],
  ["[!a]b", "cb", true],
  ["a", "b", false],
  ["(", "(", true],
  ["[", "x", false],
])("glob %j on %j: %s", (pattern, text, want) => expect(globMatches(pattern, text)).toBe(want));

test("a list may hold regular expressions", () => {
  expect(listMatches("/^team-\\d+$/", "team-1")).toBe(true);
  expect(listMatches("/(/", "(")).toBe(false);
});
