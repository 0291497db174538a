import { connect } from "node:net";
import Fastify from "fastify";
import { AppError, Code } from "@trireme/runtime";
import { type CallContext, Prepared } from "../src/index.ts";
import { anApplication, APPLICATION, grpcWeb, post, serve, textOf } from "./_door.ts";

describe("REST", () => {
  it("takes names from an escaped path, from dots and from the query", async () => {
    const seen: unknown[] = [];
    const server = await serve({
      "cluster.ClusterService": { Get: async (request: any) => void seen.push(request) },
      "account.AccountService": { CanI: async (request: any) => (seen.push(request), { value: "yes" }) },
      "application.ApplicationService": { PodLogs: async function* (request: any) { seen.push(request); yield {}; } },
    });
    await fetch(`${server.url}/api/v1/clusters/https%3A%2F%2Fkubernetes.default.svc?id.type=url`);
    await fetch(`${server.url}/api/v1/account/can-i/projects/get/a/b%2Fc`);
    await (await fetch(`${server.url}/api/v1/applications/web/logs?follow=true&tailLines=5&unknown=1`)).text();
    expect(seen).toEqual([
      { id: { type: "url", value: "https://kubernetes.default.svc" } },
      { resource: "projects", action: "get", subresource: "a/b/c" },
      { name: "web", follow: true, tailLines: 5 },
    ]);
  });

  it("takes the whole request or one field from the body, names in any letter case", async () => {
    const seen: unknown[] = [];
    const server = await serve({
      "session.SessionService": { Create: async (request: any) => (seen.push(request), { token: "t" }) },
      "application.ApplicationService": { Create: async (request: any) => (seen.push(request), request.application) },
    });
    await post(`${server.url}/api/v1/session`, { userName: "admin", password: "secret", other: 1 });
    await post(`${server.url}/api/v1/applications?upsert=true&validate=false`, anApplication("web"));
    expect(seen).toMatchObject([{ username: "admin", password: "secret" }, { upsert: true, validate: false, application: anApplication("web") }]);
  });

  it("answers errors as { error, code, message } with the gateway's status", async () => {
    const fails = (code: Code): Promise<never> => Promise.reject(new AppError("no", { reason: "Test", code }));
    const codes = [Code.InvalidArgument, Code.NotFound, Code.PermissionDenied, Code.Unauthenticated, Code.Unknown, Code.Unimplemented, Code.FailedPrecondition, Code.AlreadyExists, Code.ResourceExhausted, Code.Unavailable];
    const server = await serve({ "application.ApplicationService": { Get: (request: any) => fails(codes[Number(request.name)]!) } });
    const found = await Promise.all(codes.map(async (code, index) => (await fetch(`${server.url}/api/v1/applications/${index}`)).status));
    expect(found).toEqual([400, 404, 403, 401, 500, 501, 400, 409, 429, 503]);
    const answer = await fetch(`${server.url}/api/v1/applications/0`);
    expect(answer.headers.get("grpc-metadata-content-type")).toBeNull();
    expect(await answer.json()).toEqual({ error: "no", code: 3, message: "no" });
  });

  it("refuses what it cannot read, with the thing and the place", async () => {
    const server = await serve({ "session.SessionService": { Create: async () => ({}) }, "application.ApplicationService": { List: async () => ({}), Sync: async () => ({}) } }, { messageLimit: 1000 });
    const said = async (answer: Response): Promise<unknown> => [answer.status, (answer.headers.get("content-type") ?? "").startsWith("application/json") ? ((await answer.json()) as { message: string }).message : await answer.text()];

    expect(await said(await post(`${server.url}/api/v1/session`, '{"username":'))).toEqual([400, "unexpected EOF"]);
    expect(await said(await post(`${server.url}/api/v1/session`, "nonsense"))).toEqual([400, expect.stringMatching(/^invalid character 'o'/)]);
    expect(await said(await post(`${server.url}/api/v1/session`, { username: 5 }))).toEqual([400, "json: cannot unmarshal number into Go struct field SessionCreateRequest.username of type string"]);
    expect(await said(await post(`${server.url}/api/v1/applications/web/sync`, { strategy: { hook: { force: "yes" } } }))).toEqual([400, "json: cannot unmarshal string into Go struct field ApplicationSyncRequest.strategy.hook.force of type bool"]);
    expect(await said(await post(`${server.url}/api/v1/session`, { username: "x".repeat(2000) }))).toEqual([413, "request body is larger than 1000 bytes"]);
    expect(await said(await post(`${server.url}/api/v1/session`, {}, { "content-type": "text/plain" }))).toEqual([415, "Invalid content type\n"]);
    expect(await said(await fetch(`${server.url}/api/v1/nothing-here`))).toEqual([404, "Not Found\n"]);
    expect(await said(await fetch(`${server.url}/api/v1/session`, { method: "PATCH", headers: { "content-type": "application/json" } }))).toEqual([405, "Method Not Allowed\n"]);
    expect(await said(await fetch(`${server.url}/api/v1/projects/x`))).toEqual([501, "method project.ProjectService/Get is not implemented"]);
    expect(await said(await fetch(`${server.url}/api/v1/clusters/%ZZ`))).toEqual([400, "Bad Request\n"]);
    const logs = await fetch(`${server.url}/api/v1/applications/web/logs?follow=perhaps`);
    expect(await said(logs)).toEqual([400, expect.stringContaining('parameter: follow, error: strconv.ParseBool: parsing "perhaps"')]);
  });

  it("keeps a body's __proto__ to itself", async () => {
    const server = await serve({ "application.ApplicationService": { Create: async (request: any) => request.application } });
    const answer = await post(`${server.url}/api/v1/applications`, '{"metadata":{"name":"web","labels":{"__proto__":"x"}},"__proto__":{"polluted":"yes"}}');
    expect(await answer.text()).toContain('"labels":{"__proto__":"x"}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("sets headers that a handler sets", async () => {
    const server = await serve({
      "session.SessionService": {
        Create: async (_request: unknown, call: CallContext) => {
          call.setHeader("Set-Cookie", "argocd.token=t; path=/; SameSite=lax; httpOnly");
          return { token: "t" };
        },
      },
    });
    expect((await post(`${server.url}/api/v1/session`, {})).headers.get("set-cookie")).toBe("argocd.token=t; path=/; SameSite=lax; httpOnly");
  });

  it("cuts a list down to the wanted fields", async () => {
    const server = await serve({ "application.ApplicationService": { List: async () => ({ metadata: { resourceVersion: "7" }, items: [new Prepared(APPLICATION, { ...anApplication("web"), status: { sync: { status: "Synced" } } })] }) } });
    const wanted = await fetch(`${server.url}/api/v1/applications?fields=items.metadata.name,items.metadata.labels,items.status.sync.status,items.operation.sync`);
    expect(await wanted.json()).toEqual({ metadata: { resourceVersion: "7" }, items: [{ metadata: { name: "web", labels: null }, status: { sync: { status: "Synced" } } }] });
    const all = (await (await fetch(`${server.url}/api/v1/applications`)).json()) as { items: { spec: unknown }[] };
    expect(all.items[0]!.spec).toMatchObject({ project: "default" });
  });

  it("keeps a path before all others", async () => {
    const server = await serve({ "application.ApplicationService": { List: async () => ({}) } }, { rootPath: "/argocd/" });
    expect((await fetch(`${server.url}/argocd/api/v1/applications`)).status).toBe(200);
    expect((await grpcWeb(server, "application.ApplicationService/List", {}, "/argocd")).status).toBe(200);
  });

  it("leaves everything else to the pages, upgrades as well", async () => {
    const pages = Fastify();
    pages.get("/api/badge", async () => "badge");
    pages.get("/healthz", async () => "ok");
    await pages.ready();
    pages.server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: close\r\n\r\nhello"));
    const server = await serve({}, { http: pages });
    expect(await (await fetch(`${server.url}/api/badge`)).text()).toBe("badge");
    expect(await (await fetch(`${server.url}/healthz`)).text()).toBe("ok");
    const upgraded = connect(server.port, "127.0.0.1");
    upgraded.write("GET /terminal HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    expect(await textOf(upgraded)).toContain("hello");
    await pages.close();
  });
});
