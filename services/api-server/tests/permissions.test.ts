import { asAppError, Code } from "@trireme/runtime";
import { RPCS } from "../src/handlers/table.ts";
import { bindRpcs, unary, type Rpc } from "../src/handlers/rpc.ts";
import { anApplication, aProject, aWorld } from "./context.ts";

const all = Object.entries(RPCS).flatMap(([service, methods]) => Object.entries(methods).map(([method, rpc]) => ({ service, method, rpc })));
const guarded = all.filter(({ rpc }) => rpc.rule.access !== "public");
/** A request that names something that exists, whatever the RPC calls it. */
const REQUEST = {
  name: "hello",
  applicationName: "hello",
  application: anApplication("hello"),
  project: aProject("team"),
  repo: { repo: "https://git.test/team.git" },
  creds: { url: "https://git.test" },
  cluster: { server: "https://kubernetes.default.svc" },
  source: { repoURL: "https://git.test/team.git", path: "x" },
  server: "https://kubernetes.default.svc",
  url: "https://git.test",
  role: "ci",
  rollout: "hello",
  namespace: "team",
  topic: ["applications", "application:/hello", "tree:/hello"],
};
const ROLLOUT = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "hello", namespace: "team" }, spec: {}, status: {} };
const requestOf = (service: string, method: string) => {
  if (service === "project.ProjectService" && (method === "CreateToken" || method === "DeleteToken")) return { ...REQUEST, project: "team" };
  if (service === "application.ApplicationService") return { ...REQUEST, project: undefined, repo: undefined };
  if (service === "repository.RepositoryService" && !/Create|Update/.test(method)) return { ...REQUEST, repo: "https://git.test/team.git" };
  if (service === "trireme.v1.DirectoryService") return { ...REQUEST, repo: "https://git.test/team.git" };
  if (service === "trireme.v1.PreviewService") return { application: JSON.stringify(REQUEST.application) };
  if (service === "account.AccountService") return { ...REQUEST, name: "ann" };
  return REQUEST;
};

describe("permissions", () => {
  it("are declared for every RPC, or the service does not start", () => {
    const { ctx } = aWorld();
    const forgotten = { handle: async () => ({}), stream: false } as unknown as Rpc;
    expect(() => bindRpcs({ "some.Service": { Forgotten: forgotten } }, ctx)).toThrow("some.Service/Forgotten declares no permission");
    expect(() => bindRpcs({ "some.Service": { Said: unary({ access: "public" }, async () => ({})) } }, ctx)).not.toThrow();
  });

  it("leave only the sign-in page's own calls open to everybody", () => {
    const open = all.filter(({ rpc }) => rpc.rule.access === "public").map(({ service, method }) => `${service}/${method}`);
    expect(open.sort()).toEqual(["cluster.SettingsService/Get", "cluster.SettingsService/GetPlugins", "session.SessionService/Create", "session.SessionService/GetUserInfo", "trireme.v1.SignInService/Ways", "version.VersionService/Version"]);
  });

  test.each(guarded)("$service/$method needs a token", async ({ service, method, rpc }) => {
    const world = aWorld({ objects: [anApplication("hello"), aProject("team")] });
    await expect(answered(world.call(service, method, requestOf(service, method)), rpc)).rejects.toMatchObject({ code: Code.Unauthenticated, message: "no session information" });
    expect(world.plane.writes).toEqual([]);
  });

  test.each(guarded.filter(({ rpc }) => rpc.rule.access !== "signed-in"))("$service/$method shows and does nothing for somebody without rights", async ({ service, method, rpc }) => {
    const world = aWorld({ objects: [anApplication("hello"), aProject("team", { roles: [{ name: "ci" }] }), ROLLOUT] });
    const signal = AbortSignal.timeout(50);
    const outcome = await answered(world.call(service, method, requestOf(service, method), { token: await world.tokenFor("bob"), signal }), rpc).catch((thrown: unknown) => asAppError(thrown));
    if (rpc.rule.access === "filter") expect(rpc.stream ? (outcome as { type?: string }[]).filter(({ type }) => type !== "OPEN") : Object.values(outcome as object).find(Array.isArray)).toEqual([]);
    else expect(outcome).toMatchObject({ code: Code.PermissionDenied });
    expect(world.plane.writes).toEqual([]);
  });

  test.each(guarded.filter(({ rpc }) => rpc.rule.access === "application"))("$service/$method tells absent and forbidden alike", async ({ service, method, rpc }) => {
    const world = aWorld({ objects: [anApplication("hello")] });
    const token = await world.tokenFor("bob");
    const ask = (name: string) => answered(world.call(service, method, { name, applicationName: name }, { token }), rpc).catch((thrown: unknown) => asAppError(thrown));
    const [forbidden, absent] = [await ask("hello"), await ask("absent")] as { code: number; message: string }[];
    expect([absent!.code, absent!.message]).toEqual([forbidden!.code, forbidden!.message]);
    expect(forbidden).toMatchObject({ code: Code.PermissionDenied, message: "permission denied" });
  });
});

async function answered(calling: Promise<any>, rpc: Rpc): Promise<unknown> {
  const answer = await calling;
  if (!rpc.stream) return answer;
  const messages: unknown[] = [];
  for await (const message of answer) messages.push(message);
  return messages;
}
