import type { Application } from "@trireme/api/argo";
import { AppError, Code } from "@trireme/runtime";
import { treeOf } from "../src/handlers/application/resources/tree.ts";
import { anApplication, aProject, aWorld, type WorldOptions } from "./context.ts";

const SERVICE = "application.ApplicationService";
const SHA = "4f2c1aa0000000000000000000000000000000aa";

/** A repo-server to which every path renders and every branch is the same commit. */
const repo: WorldOptions["repo"] = {
  async *render() {
    yield { part: "header" as const, header: { sources: [], digest: "d", unchanged: false, objectCount: 0 } };
  },
  resolve: async ({ sources = [] }) => ({ revisions: sources.map(() => ({ revision: SHA, ambiguousRevision: `main (${SHA})` })) }),
};

async function admin(options: WorldOptions = {}) {
  const world = aWorld({ repo, ...options });
  const token = await world.tokenFor("admin");
  const stored = (name: string, namespace = "argocd") => world.ctx.applications.get(namespace, name) as Application;
  return { ...world, stored, ask: (method: string, request: unknown) => world.call(SERVICE, method, request, { token }) };
}

describe("creating an application", () => {
  it("stores spec and metadata, and drops an operation that comes along", async () => {
    const { ask, stored, plane } = await admin();
    await ask("Create", { application: { ...anApplication("hello", { operation: { sync: {} }, status: { sync: { status: "Synced" } } }) } });
    expect(stored("hello")).toMatchObject({ spec: { project: "default" } });
    expect(stored("hello").operation).toBeUndefined();
    expect(stored("hello").status).toBeUndefined();
    expect(plane.writes).toEqual(["create Application hello", expect.stringMatching(/^create Event hello\./)]);
  });

  it("answers the same again with what is there, and anything else only with upsert", async () => {
    const { ask, stored } = await admin();
    await ask("Create", { application: anApplication("hello") });
    expect(await ask("Create", { application: anApplication("hello") })).toBe(stored("hello"));
    const other = anApplication("hello", { spec: { info: [{ name: "a", value: "b" }] } });
    await expect(ask("Create", { application: other })).rejects.toMatchObject({ code: Code.InvalidArgument, message: "existing application spec is different, use upsert flag to force update" });
    await ask("Create", { application: other, upsert: true });
    expect(stored("hello").spec.info).toHaveLength(1);
  });

  test.each([
    { name: "a project that is not there", spec: { project: "absent" }, why: 'app is not allowed in project "absent", or the project does not exist' },
    { name: "no destination", spec: { destination: { namespace: "x" } }, why: "application destination spec for hello is invalid: Destination server missing from app spec" },
    { name: "two destinations", spec: { destination: { server: "https://kubernetes.default.svc", name: "in-cluster" } }, why: "can't have both name and server defined" },
    { name: "a cluster that is not there", spec: { destination: { name: "far" } }, why: "there are no clusters with this name: far" },
    { name: "a destination that the project forbids", spec: { project: "team", destination: { server: "https://kubernetes.default.svc", namespace: "other" } }, why: "do not match any of the allowed destinations in project 'team'" },
    { name: "a repository that the project forbids", spec: { project: "team", destination: { server: "https://kubernetes.default.svc", namespace: "team-a" }, source: { repoURL: "https://git.test/secret.git", path: "x" } }, why: "application repo https://git.test/secret.git is not permitted in project 'team'" },
    { name: "a chart without a version", spec: { source: { repoURL: "https://charts.test", chart: "web" } }, why: "targetRevision is required" },
  ])("refuses $name", async ({ spec, why }) => {
    const { ask, plane } = await admin({ objects: [aProject("team", { sourceRepos: ["https://git.test/app.git"], destinations: [{ server: "*", namespace: "team-*" }] })] });
    await expect(ask("Create", { application: anApplication("hello", { spec }) })).rejects.toMatchObject({ code: Code.InvalidArgument, message: expect.stringContaining(why) });
    expect(plane.writes).toEqual([]);
  });

  const failures = [
    { reason: "ServiceUnavailable", code: Code.Unavailable, then: { code: Code.Unavailable, reason: "ServiceUnavailable", message: "error validating the repo: why" } },
    { reason: "DeadlineExceeded", code: Code.DeadlineExceeded, then: { code: Code.DeadlineExceeded, message: "error validating the repo: why" } },
    { reason: "GitAuthenticationRequired", code: Code.Unauthenticated, then: { code: Code.InvalidArgument, message: expect.stringContaining("repository not accessible: repositories not accessible: https://git.test/b.git: why") } },
    { reason: "GitServerUnreachable", code: Code.Unavailable, then: { code: Code.InvalidArgument, message: expect.stringContaining("repository not accessible: repositories not accessible: https://git.test/b.git: why") } },
    { reason: "ManifestInvalid", code: Code.InvalidArgument, then: { code: Code.InvalidArgument, message: expect.stringContaining("InvalidSpecError: Unable to generate manifests in two: rpc error: code = Unknown desc = why") } },
  ];
  test.each(failures)("blames the source that failed, and no source when nobody looked: $reason", async ({ reason, code, then }) => {
    const { ask, plane } = await admin({
      repo: {
        ...repo,
        async *render() {
          throw new AppError("why", { reason, code, retry: "later", details: { repository: "https://git.test/b.git", path: "two" } });
        },
      },
    });
    const sources = [{ repoURL: "https://git.test/a.git", path: "one", targetRevision: "main" }, { repoURL: "https://git.test/b.git", path: "two", targetRevision: "main" }];
    await expect(ask("Create", { application: anApplication("hello", { spec: { source: undefined, sources } }) })).rejects.toMatchObject(then);
    expect(plane.writes).toEqual([]);
  });

  it("says what does not render, unless validation is off", async () => {
    const { ask } = await admin({
      repo: {
         
        async *render() {
          throw Object.assign(new Error("hello: app path does not exist"), { reason: "PathNotFound", code: Code.InvalidArgument });
        },
      },
    });
    await expect(ask("Create", { application: anApplication("hello") })).rejects.toThrow("application spec for hello is invalid: InvalidSpecError: Unable to generate manifests in hello: rpc error: code = Unknown desc = hello: app path does not exist");
    await expect(ask("Create", { application: anApplication("hello"), validate: false })).resolves.toBeDefined();
  });
});

describe("finding an application", () => {
  it("says not found only within a project that the caller may read", async () => {
    const { ask } = await admin({ objects: [anApplication("hello")] });
    await expect(ask("Get", { name: "absent" })).rejects.toMatchObject({ code: Code.PermissionDenied, message: "permission denied" });
    await expect(ask("Get", { name: "absent", projects: ["default"] })).rejects.toMatchObject({ code: Code.NotFound, message: 'applications.argoproj.io "absent" not found' });
    await expect(ask("Get", { name: "hello", projects: ["team"] })).rejects.toMatchObject({ code: Code.NotFound });
    expect(await ask("Get", { name: "hello", projects: ["default"] })).toMatchObject({ metadata: { name: "hello" } });
  });

  it("serves other namespaces only where they are configured, and their project admits them", async () => {
    const objects = [anApplication("hello", { namespace: "apps-a" }), anApplication("hello", { namespace: "other" })];
    const closed = await admin({ objects });
    await expect(closed.ask("Get", { name: "hello", appNamespace: "apps-a" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    const open = await admin({ objects: [...objects, aProject("default", { sourceNamespaces: ["apps-*"] })], env: { ARGOCD_APPLICATION_NAMESPACES: "apps-*" } });
    expect(await open.ask("Get", { name: "hello", appNamespace: "apps-a" })).toMatchObject({ metadata: { namespace: "apps-a" } });
    expect((await open.ask("List", {})).items).toHaveLength(1);
  });

  it("lists what the caller may see, by project, label, repository and name", async () => {
    const { ask, call, tokenFor } = await admin({
      rbac: { "policy.csv": "p, ann, applications, get, team/*, allow" },
      objects: [anApplication("a", { metadata: { labels: { tier: "web" } } }), anApplication("b", { spec: { project: "team" } }), aProject("team")],
    });
    const names = async (request: object) => (await ask("List", request)).items.map((item: any) => item.object.metadata.name);
    expect(await names({})).toEqual(["a", "b"]);
    expect(await names({ projects: ["team"] })).toEqual(["b"]);
    expect(await names({ selector: "tier=web" })).toEqual(["a"]);
    expect(await names({ repo: "https://git.test/APP" })).toEqual(["a", "b"]);
    expect(await names({ name: "b" })).toEqual(["b"]);
    expect((await call(SERVICE, "List", {}, { token: await tokenFor("ann") })).items).toHaveLength(1);
  });
});

describe("syncing", () => {
  it("writes one operation with the exact revision, and wakes the owner", async () => {
    const { ask, stored, plane, jobs } = await admin({ objects: [anApplication("hello", { spec: { syncPolicy: { syncOptions: ["CreateNamespace=true"] } }, status: { operationState: { phase: "Succeeded" } } })] });
    await ask("Sync", { name: "hello", revision: "main", prune: false, strategy: { hook: {} } });
    const { operation, status, metadata } = stored("hello");
    expect(operation).toEqual({
      sync: { revision: SHA, source: { repoURL: "https://git.test/app.git", path: "hello", targetRevision: "main" }, syncOptions: ["CreateNamespace=true"], syncStrategy: { hook: {} } },
      initiatedBy: { username: "admin" },
      retry: {},
    });
    expect(status?.operationState).toBeUndefined();
    expect(plane.writes[0]).toBe("patch Application hello");
    expect(jobs).toEqual([{ kind: "sync", shard: 0, job: { namespace: "argocd", name: "hello", uid: metadata.uid } }]);
    await expect(ask("Sync", { name: "hello" })).rejects.toMatchObject({ code: Code.FailedPrecondition, message: "another operation is already in progress" });
  });

  test.each([
    { name: "while the application is being deleted", app: { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["x"] } }, request: {}, code: Code.FailedPrecondition, why: "application is deleting" },
    { name: "to another revision while sync is automated", app: { spec: { syncPolicy: { automated: {} } } }, request: { revision: "v1" }, code: Code.FailedPrecondition, why: "Cannot sync to v1: auto-sync currently set to main" },
    { name: "of local manifests while sync is automated", app: { spec: { syncPolicy: { automated: {} } } }, request: { manifests: ["{}"] }, code: Code.FailedPrecondition, why: "cannot use local sync when Automatic Sync Policy is enabled" },
    { name: "in a window that forbids it", app: { spec: { project: "shut" } }, request: {}, code: Code.PermissionDenied, why: "cannot sync: blocked by sync window" },
  ])("is refused $name", async ({ app, request, code, why }) => {
    const shut = aProject("shut", { syncWindows: [{ kind: "deny", schedule: "* * * * *", duration: "2h", applications: ["*"] }] });
    const { ask } = await admin({ objects: [anApplication("hello", app), shut] });
    await expect(ask("Sync", { name: "hello", ...request })).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  });

  it("resolves each source of several, and takes revisions by position", async () => {
    const sources = [{ repoURL: "https://git.test/app.git", path: "a", targetRevision: "main" }, { repoURL: "https://git.test/values.git", ref: "values", targetRevision: SHA }];
    const { ask, stored } = await admin({ objects: [anApplication("hello", { spec: { source: undefined, sources } })] });
    await ask("Sync", { name: "hello", sourcePositions: [2], revisions: ["release"] });
    expect(stored("hello").operation!.sync).toMatchObject({ sources, revisions: [SHA, SHA] });
    await expect(ask("Sync", { name: "hello", sourcePositions: [3], revisions: ["x"] })).rejects.toThrow("source position is out of range");
  });
});

describe("rolling back", () => {
  const history = [{ id: 0, revision: SHA, source: { repoURL: "https://git.test/app.git", path: "hello" }, deployedAt: "2026-01-01T00:00:00Z" }];

  it("applies a history entry without its hooks", async () => {
    const { ask, stored } = await admin({ objects: [anApplication("hello", { status: { history } })] });
    await ask("Rollback", { name: "hello", id: 0, prune: true });
    expect(stored("hello").operation!.sync).toEqual({ revision: SHA, prune: true, syncStrategy: { apply: {} }, source: history[0]!.source });
  });

  it("is refused while sync is automated, and for entries that are not there", async () => {
    const { ask } = await admin({ objects: [anApplication("auto", { spec: { syncPolicy: { automated: {} } }, status: { history } }), anApplication("hello", { status: { history } })] });
    await expect(ask("Rollback", { name: "auto", id: 0 })).rejects.toMatchObject({ code: Code.FailedPrecondition, message: "rollback cannot be initiated when auto-sync is enabled" });
    await expect(ask("Rollback", { name: "hello", id: 99 })).rejects.toMatchObject({ code: Code.InvalidArgument, message: "application argocd/hello does not have deployment with id 99" });
  });
});

describe("terminating", () => {
  it("writes the one phase that a person may write", async () => {
    const { ask, stored } = await admin({ objects: [anApplication("hello", { operation: { sync: {} }, status: { operationState: { phase: "Running", message: "at it" } } }), anApplication("idle")] });
    await ask("TerminateOperation", { name: "hello" });
    expect(stored("hello").status!.operationState).toEqual({ phase: "Terminating", message: "at it" });
    await expect(ask("TerminateOperation", { name: "idle" })).rejects.toMatchObject({ message: "Unable to terminate operation. No operation is in progress" });
  });
});

describe("changing an application", () => {
  it("keeps status and operation whatever is sent", async () => {
    const { ask, stored } = await admin({ objects: [anApplication("hello", { status: { sync: { status: "Synced" } }, operation: { sync: { revision: SHA } } })] });
    await ask("Patch", { name: "hello", patchType: "merge", patch: JSON.stringify({ spec: { source: { targetRevision: "v1" } }, status: { sync: { status: "Lie" } }, operation: null, metadata: { labels: { a: "b" } } }) });
    expect(stored("hello")).toMatchObject({ spec: { source: { targetRevision: "v1" } }, metadata: { labels: { a: "b" } }, status: { sync: { status: "Synced" } }, operation: { sync: { revision: SHA } } });
    await ask("Patch", { name: "hello", patch: '[{"op":"remove","path":"/metadata/labels"}]' });
    expect(stored("hello").metadata.labels).toBeUndefined();
  });

  test.each([
    { patchType: "json", patch: "{", why: "the patch is not JSON" },
    { patchType: "json", patch: '{"a":1}', why: "is not a list of operations" },
    { patchType: "json", patch: '[{"op":"remove","path":"/spec/absent"}]', why: "error applying patch" },
    { patchType: "strategic", patch: "{}", why: "Patch type 'strategic' is not supported" },
  ])("says what is wrong with the patch $patchType $patch", async ({ why, ...request }) => {
    const { ask } = await admin({ objects: [anApplication("hello")] });
    await expect(ask("Patch", { name: "hello", ...request })).rejects.toThrow(why);
  });

  it("needs rights in both projects to move between them", async () => {
    const { call, tokenFor, stored } = await admin({ objects: [anApplication("hello"), aProject("team")], rbac: { "policy.csv": "p, ann, applications, *, default/*, allow\np, bob, applications, *, */*, allow" } });
    const move = async (who: string) => call(SERVICE, "UpdateSpec", { name: "hello", spec: { ...stored("hello").spec, project: "team" } }, { token: await tokenFor(who) });
    await expect(move("ann")).rejects.toMatchObject({ code: Code.PermissionDenied, message: expect.stringContaining("applications, create, team/hello") });
    expect(await move("bob")).toMatchObject({ project: "team" });
  });
});

describe("deleting", () => {
  test.each([
    { name: "with cascade", request: {}, finalizers: ["resources-finalizer.argocd.argoproj.io"] },
    { name: "in the background", request: { propagationPolicy: "background" }, finalizers: ["resources-finalizer.argocd.argoproj.io/background"] },
  ])("$name marks what is to become of the resources", async ({ request, finalizers }) => {
    const { ask, stored } = await admin({ objects: [anApplication("hello", { metadata: { finalizers: ["resources-finalizer.argocd.argoproj.io/foreground"] } })] });
    await ask("Delete", { name: "hello", ...request });
    expect(stored("hello").metadata).toMatchObject({ finalizers, deletionTimestamp: expect.any(String) });
  });

  it("without cascade leaves everything, and refuses a policy for nothing", async () => {
    const { ask, stored } = await admin({ objects: [anApplication("hello", { metadata: { finalizers: ["resources-finalizer.argocd.argoproj.io"] } })] });
    await expect(ask("Delete", { name: "hello", cascade: false, propagationPolicy: "foreground" })).rejects.toThrow("cannot set propagation policy when cascading is disabled");
    await expect(ask("Delete", { name: "hello", propagationPolicy: "orphan" })).rejects.toThrow("invalid propagation policy: orphan");
    await ask("Delete", { name: "hello", cascade: false });
    expect(stored("hello")).toBeUndefined();
  });
});

describe("watching", () => {
  it("begins with what is there, goes on with changes, and ends when the token is signed out", async () => {
    const { call, tokenFor, plane, ctx } = await admin({ objects: [anApplication("hello")] });
    const token = await tokenFor("admin");
    const events = (await call(SERVICE, "Watch", { name: "hello" }, { token }))[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: "ADDED" });
    const next = events.next();
    await plane.client.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "hello" }, "merge", { metadata: { labels: { a: "b" } } });
    expect((await next).value).toMatchObject({ type: "MODIFIED", application: { metadata: { labels: { a: "b" } } } });
    const last = events.next();
    const { id, expiresAt } = await ctx.auth.tokens.verify(token);
    await ctx.revoked.add(id, expiresAt);
    await expect(last).rejects.toMatchObject({ code: Code.Unauthenticated, message: expect.stringContaining("token is revoked") });
  });
});

describe("the resource tree", () => {
  it("is the last known one, and says so, while the controller is away", async () => {
    let away = false;
    const tree = { nodes: [{ kind: "Service", name: "web", uid: "u" }] };
    const { services, tokenFor } = await admin({
      objects: [anApplication("hello")],
      controller: {
        async resourceTree() {
          if (away) throw Object.assign(new Error("no connection"), { reason: "ServiceUnavailable", code: Code.Unavailable });
          return { json: Buffer.from(JSON.stringify(tree)) };
        },
      },
    });
    const token = await tokenFor("admin");
    const headers: Record<string, string> = {};
    const call = { signal: new AbortController().signal, header: (name: string) => (name === "authorization" ? `Bearer ${token}` : undefined), setHeader: (name: string, value: string) => void (headers[name] = value), peer: "", method: "", door: "rest" as const };
    const ask = () => (services[SERVICE]!["ResourceTree"] as (request: unknown, call: unknown) => Promise<unknown>)({ applicationName: "hello" }, call);
    expect(await ask()).toEqual(tree);
    expect(headers).toEqual({});
    away = true;
    expect(await ask()).toEqual(tree);
    expect(headers).toEqual({ "trireme-stale-since": "2026-01-01T00:00:00.000Z" });
  });

  it("is asked for once by all who want it at the same time, and anew by the next; who leaves takes it from nobody", async () => {
    let asked = 0;
    const { ctx, stored } = await admin({ objects: [anApplication("hello")], controller: { resourceTree: async () => ({ json: Buffer.from(JSON.stringify({ nodes: [{ kind: "Service", name: `asked-${++asked}` }] })) }) } });
    const leaving = new AbortController();
    const tree = (signal = new AbortController().signal) => treeOf(stored("hello"), ctx, signal);
    const [gone, one, other] = [tree(leaving.signal), tree(), tree()];
    leaving.abort();
    await expect(gone).rejects.toThrow();
    expect(await Promise.all([one, other])).toEqual(Array(2).fill({ nodes: [{ kind: "Service", name: "asked-1" }] }));
    expect(await tree()).toEqual({ nodes: [{ kind: "Service", name: "asked-2" }] });
  });

  it("of an application that could not be compared is the reason", async () => {
    const { ask } = await admin({ objects: [anApplication("hello", { status: { conditions: [{ type: "ComparisonError", message: "no such branch" }] } })] });
    await expect(ask("ResourceTree", { applicationName: "hello" })).rejects.toThrow("ComparisonError: no such branch");
  });
});
