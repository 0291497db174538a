import { Api } from "../support/api.ts";
import { grpc, grpcWeb, textsAt, type Fields, type GrpcAnswer, type GrpcOptions } from "../support/grpc.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const SEEN = "anonymous-seen";
const HIDDEN = "anonymous-hidden";
const OPEN = "anonymous-open";
const CLOSED = "anonymous-closed";
/** gRPC's codes. */
const [OK, PERMISSION_DENIED, UNAUTHENTICATED] = [0, 7, 16];

/** One call, as each door takes it. */
interface Call {
  rpc: string;
  fields: Fields;
  rest: readonly [method: string, path: string, body?: unknown];
  /** Where a list's items say what they are called, by JSON names and by field numbers. */
  names?: Names;
}

type Names = readonly [json: readonly string[], proto: readonly number[]];

interface Answer {
  code: number;
  /** What a list names. */
  names: string[];
}

const NAME_OF_OBJECT: Names = [["metadata", "name"], [2, 1, 1]];
const listOf = (rpc: string, path: string, names = NAME_OF_OBJECT): Call => ({ rpc, fields: {}, rest: ["GET", path], names });
const APPLICATIONS = listOf("application.ApplicationService/List", "/api/v1/applications");

/** Every door, opened with this token or none. */
const DOORS: Record<string, (url: string, call: Call, token?: string) => Promise<Answer>> = {
  REST: async (url, { rest: [method, path, body], names: [json] = [[]] }, token) => {
    const { status, body: answer } = await new Api(url, token).call(method, path, body);
    return { code: status === 200 ? OK : answer.code, names: (answer.items ?? []).map((item: any) => json.reduce((value, key) => value?.[key], item)) };
  },
  gRPC: async (url, call, token) => named(await grpc(url, call.rpc, call.fields, { token }), call),
  "gRPC-Web": async (url, call, token) => named(await grpcWeb(url, call.rpc, call.fields, { token }), call),
};
const named = ({ code, messages }: GrpcAnswer, { names = NAME_OF_OBJECT }: Call): Answer => ({ code, names: messages.flatMap((message) => textsAt(message, names[1])) });

/** Readers without an account: what `policy.default` lets everybody see is seen at every door, and nothing else, by nobody else's name. */
describe("readers without an account", () => {
  let stack: OwnStack;
  let admin: Api;
  const set = (map: string, data: Record<string, string>): Promise<string> => mustKubectl(stack, ["-n", "argocd", "patch", "configmap", map, "--type=merge", "-p", JSON.stringify({ data })]);
  const codes = async (call: Call, token?: string): Promise<Record<string, number>> => Object.fromEntries(await Promise.all(Object.entries(DOORS).map(async ([door, open]) => [door, (await open(stack.url, call, token)).code] as const)));
  const everywhere = (code: number): Record<string, number> => Object.fromEntries(Object.keys(DOORS).map((door) => [door, code]));
  const letIn = async (yes: boolean): Promise<void> => {
    await set("argocd-cm", { "users.anonymous.enabled": String(yes) });
    await until("the setting to be known", () => DOORS["REST"]!(stack.url, APPLICATIONS), ({ code }) => (code === OK) === yes || { notYet: `code ${code}` }, 30_000);
  };

  beforeAll(async () => {
    stack = await startStack();
    admin = await Api.signIn(stack);
    for (const name of [OPEN, CLOSED]) await admin.must("POST", "/api/v1/projects", { project: { metadata: { name }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] } } });
    for (const [name, project] of [[SEEN, OPEN], [HIDDEN, CLOSED]] as const) await admin.must("POST", "/api/v1/applications?validate=false", { metadata: { name }, spec: { project, source: { repoURL: stack.git.sample, path: "hello-world-express", targetRevision: "HEAD" }, destination: { server: "https://kubernetes.default.svc", namespace: name } } });
    await admin.must("POST", "/api/v1/repositories", { type: "git", repo: stack.git.sample, username: stack.git.user, password: stack.git.token });
    await set("argocd-rbac-cm", { "policy.default": "role:passer-by", "policy.csv": `p, role:passer-by, applications, get, ${OPEN}/*, allow\np, role:passer-by, projects, get, ${OPEN}, allow` });
  }, 180_000);
  afterAll(() => stack?.[Symbol.asyncDispose](), 60_000);

  it("are there only where the settings say so", async () => {
    expect(await codes(APPLICATIONS)).toEqual(everywhere(UNAUTHENTICATED));
    await letIn(true);
    expect(await codes(APPLICATIONS)).toEqual(everywhere(OK));
  }, 60_000);

  it.each([
    { what: "applications", call: APPLICATIONS, names: [SEEN], others: () => HIDDEN },
    { what: "projects", call: listOf("project.ProjectService/List", "/api/v1/projects"), names: [OPEN], others: () => CLOSED },
    { what: "repositories", call: listOf("repository.RepositoryService/ListRepositories", "/api/v1/repositories", [["repo"], [2, 1]]), names: [], others: () => stack.git.sample },
    { what: "clusters", call: listOf("cluster.ClusterService/List", "/api/v1/clusters", [["server"], [2, 1]]), names: [], others: () => "https://kubernetes.default.svc" },
    { what: "accounts", call: listOf("account.AccountService/ListAccounts", "/api/v1/account", [["name"], [1, 1]]), names: [], others: () => "admin" },
  ])("see those $what that everybody may see, at every door", async ({ call, names, others }) => {
    for (const open of Object.values(DOORS)) {
      expect(await open(stack.url, call)).toEqual({ code: OK, names });
      expect((await open(stack.url, call, admin.token)).names).toContain(others());
    }
    // A token that is none is no more than none, as with Argo CD.
    expect(await DOORS["REST"]!(stack.url, call, "not.a.token")).toEqual({ code: OK, names });
  });

  it("get one that they may see", async () => {
    expect(await codes({ rpc: "application.ApplicationService/Get", fields: { 1: SEEN }, rest: ["GET", `/api/v1/applications/${SEEN}`] })).toEqual(everywhere(OK));
  });

  it("are nobody, wherever they ask who they are", async () => {
    expect((await new Api(stack.url).must("GET", "/api/v1/session/userinfo")).body).toEqual({});
    const { messages } = await grpc(stack.url, "session.SessionService/GetUserInfo", {});
    expect(Buffer.concat(messages)).toHaveLength(0);
  });

  it.each<Call & { what: string }>([
    { what: "a hidden application", rpc: "application.ApplicationService/Get", fields: { 1: HIDDEN }, rest: ["GET", `/api/v1/applications/${HIDDEN}`] },
    { what: "one that is not there", rpc: "application.ApplicationService/Get", fields: { 1: "absent" }, rest: ["GET", "/api/v1/applications/absent"] },
    { what: "the tree of a hidden one", rpc: "application.ApplicationService/ResourceTree", fields: { 1: HIDDEN }, rest: ["GET", `/api/v1/applications/${HIDDEN}/resource-tree`] },
    { what: "syncing", rpc: "application.ApplicationService/Sync", fields: { 1: SEEN }, rest: ["POST", `/api/v1/applications/${SEEN}/sync`, {}] },
    { what: "deleting", rpc: "application.ApplicationService/Delete", fields: { 1: SEEN }, rest: ["DELETE", `/api/v1/applications/${SEEN}`] },
    { what: "another project", rpc: "project.ProjectService/Get", fields: { 1: CLOSED }, rest: ["GET", `/api/v1/projects/${CLOSED}`] },
    { what: "deleting a project", rpc: "project.ProjectService/Delete", fields: { 1: OPEN }, rest: ["DELETE", `/api/v1/projects/${OPEN}`] },
    { what: "creating one", rpc: "project.ProjectService/Create", fields: { 1: { 1: { 1: "theirs" } } }, rest: ["POST", "/api/v1/projects", { project: { metadata: { name: "theirs" } } }] },
    { what: "a repository's branches", rpc: "repository.RepositoryService/ListRefs", fields: { 1: "https://git.example.com/any.git" }, rest: ["GET", `/api/v1/repositories/${encodeURIComponent("https://git.example.com/any.git")}/refs`] },
    { what: "connecting a repository", rpc: "repository.RepositoryService/CreateRepository", fields: { 1: { 1: "https://git.example.com/any.git" } }, rest: ["POST", "/api/v1/repositories", { repo: "https://git.example.com/any.git" }] },
    { what: "adding a cluster", rpc: "cluster.ClusterService/Create", fields: { 1: { 1: "https://cluster.example.com" } }, rest: ["POST", "/api/v1/clusters", { server: "https://cluster.example.com" }] },
    { what: "making a token", rpc: "account.AccountService/CreateToken", fields: { 1: "admin" }, rest: ["POST", "/api/v1/account/admin/token", {}] },
  ])("are refused $what, at every door", async (call) => {
    expect(await codes(call)).toEqual(everywhere(PERMISSION_DENIED));
  });

  it("follow what they may see, at every door, until nobody is let in any more", async () => {
    const said: Record<string, string> = {};
    const hear = (door: string) => (text: Buffer | Uint8Array) => void (said[door] = (said[door] ?? "") + Buffer.from(text).toString("latin1"));
    const leaving = new AbortController();
    const options = (door: string): GrpcOptions => ({ signal: leaving.signal, onMessage: hear(door) });
    const lines = async (door: string, path: string): Promise<number> => {
      const response = await fetch(stack.url + path, { headers: { accept: "text/event-stream" }, signal: leaving.signal });
      for await (const chunk of response.body!) hear(door)(chunk);
      return Number(/"grpc_code":(\d+)/.exec(said[door]!)?.[1]);
    };
    const ends = {
      "the page's stream": lines("the page's stream", `/api/trireme/v1/stream?topic=applications&topic=application:/${SEEN}&topic=application:/${HIDDEN}`),
      "Argo CD's stream": lines("Argo CD's stream", "/api/v1/stream/applications"),
      gRPC: grpc(stack.url, "application.ApplicationService/Watch", {}, options("gRPC")).then(({ code }) => code),
      "gRPC-Web": grpcWeb(stack.url, "application.ApplicationService/Watch", {}, options("gRPC-Web")).then(({ code }) => code),
    };
    const doors = Object.keys(ends);
    const heard = (text: string) => until(`every door to tell ${text}`, async () => doors.filter((door) => !(said[door] ?? "").includes(text)), (silent) => silent.length === 0 || { notYet: `silent at ${silent.join(", ")}` }, 30_000);
    try {
      // One after the other: whoever has told the second change has had its chance to tell the first.
      await heard(SEEN);
      for (const [name, value] of [[HIDDEN, "change-of-the-hidden"], [SEEN, "change-of-the-seen"]] as const) await admin.must("PATCH", `/api/v1/applications/${name}`, { name, patchType: "merge", patch: JSON.stringify({ metadata: { labels: { value } } }) });
      await heard("change-of-the-seen");
      for (const door of doors) expect([door, said[door]]).toEqual([door, expect.not.stringMatching(`${HIDDEN}|change-of-the-hidden`)]);
      await letIn(false);
      expect(Object.fromEntries(await Promise.all(Object.entries(ends).map(async ([door, code]) => [door, await code] as const)))).toEqual(Object.fromEntries(doors.map((door) => [door, UNAUTHENTICATED])));
      expect(await codes(APPLICATIONS)).toEqual(everywhere(UNAUTHENTICATED));
    } finally {
      leaving.abort();
      await Promise.allSettled(Object.values(ends));
    }
  }, 120_000);
});
