import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { once } from "node:events";
import Fastify from "fastify";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { AppError, Code } from "@trireme/runtime";
import { createAuthority, createPublicServer, issue, messagePlan, Prepared, type CallContext, type PublicServer, type PublicServerOptions, type Services } from "../src/index.ts";
import { decode, encode } from "../src/json/codec.ts";
import { publicContract } from "../src/public/contract.ts";

const V1 = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";
const APPLICATION = messagePlan(`${V1}.Application`);
const application = (name: string): object => ({ metadata: { name, namespace: "argocd" }, spec: { project: "default", source: { repoURL: "https://git.test/web" }, destination: { server: "https://kubernetes.default.svc" } } });

const running: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server[Symbol.asyncDispose]();
});

async function serve(services: Services, options: Partial<PublicServerOptions> = {}): Promise<PublicServer> {
  const server = await createPublicServer({ services, listen: { host: "127.0.0.1", port: 0 }, ...options });
  running.push(server);
  return server;
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> => fetch(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });

function grpc(server: PublicServer, path: string, message: object, options: { ca?: string; token?: string } = {}): Promise<unknown> {
  const method = publicContract().byPath.get(path)!;
  const client = new Client(`localhost:${server.port}`, options.ca ? credentials.createSsl(Buffer.from(options.ca)) : credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
  return new Promise<unknown>((resolve, reject) => {
    client.makeUnaryRequest(`/${path}`, (json: object) => encode(method.request, json), (bytes: Buffer) => decode(method.response, bytes), message, (error, answer) => (error ? reject(error) : resolve(answer)));
  }).finally(() => client.close());
}

function frame(bytes: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

async function framesOf(response: Response): Promise<{ flag: number; bytes: Buffer }[]> {
  const all = Buffer.from(await response.arrayBuffer());
  const frames = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32BE(at + 1);
    frames.push({ flag: all[at]!, bytes: all.subarray(at + 5, at + 5 + length) });
    at += 5 + length;
  }
  return frames;
}

function grpcWeb(server: PublicServer, path: string, message: object | Buffer, prefix = ""): Promise<Response> {
  const method = publicContract().byPath.get(path);
  const body = Buffer.isBuffer(message) ? message : frame(encode(method!.request, message));
  return fetch(`${server.url}${prefix}/${path}`, { method: "POST", body: new Uint8Array(body), headers: { "content-type": "application/grpc-web+proto" } });
}

describe("one method, three doors", () => {
  const services: Services = {
    "application.ApplicationService": {
      List: async (request: any, call: CallContext) => ({ items: [{ ...application(`${call.door}-${request.projects?.join("+")}`), apiVersion: "argoproj.io/v1alpha1" }] }),
    },
  };
  const seen = (door: string): object => ({
    metadata: {},
    items: [{ metadata: { name: `${door}-a+b`, namespace: "argocd" }, spec: { source: { repoURL: "https://git.test/web" }, destination: { server: "https://kubernetes.default.svc" }, project: "default" }, status: { sync: { status: "", comparedTo: { source: { repoURL: "" }, destination: {} } }, health: {}, summary: {}, sourceHydrator: {} } }],
  });

  it("shows the same answer by REST, gRPC and gRPC-Web", async () => {
    const server = await serve(services);

    const rest = await fetch(`${server.url}/api/v1/applications?projects=a&projects=b`);
    expect(rest.headers.get("grpc-metadata-content-type")).toBe("application/grpc");
    expect(rest.headers.get("content-type")).toBe("application/json");
    expect(await rest.json()).toEqual(seen("rest"));

    expect(await grpc(server, "application.ApplicationService/List", { projects: ["a", "b"] })).toEqual(seen("grpc"));

    const web = await grpcWeb(server, "application.ApplicationService/List", { projects: ["a", "b"] });
    const [message, trailers] = await framesOf(web);
    expect(decode(messagePlan(`${V1}.ApplicationList`), message!.bytes)).toEqual(seen("grpc-web"));
    expect(trailers).toMatchObject({ flag: 0x80 });
    expect(trailers!.bytes.toString()).toContain("grpc-status: 0");
  });

  it("does so with TLS, and sends plain HTTP there with 307", async () => {
    const now = new Date();
    const authority = await createAuthority({ now });
    const server = await serve(services, { tls: await issue(authority, { name: "api-server", now, names: ["localhost", "127.0.0.1"] }) });

    expect(await grpc(server, "application.ApplicationService/List", { projects: ["a", "b"] }, { ca: authority.cert })).toEqual(seen("grpc"));

    const protocols = await Promise.all(
      [["h2", "http/1.1"], ["h2"], ["http/1.1"]].map(async (offered) => {
        const socket = tlsConnect({ port: server.port, host: "127.0.0.1", ca: authority.cert, ALPNProtocols: offered, servername: "localhost" });
        await once(socket, "secureConnect");
        socket.destroy();
        return socket.alpnProtocol;
      }),
    );
    expect(protocols).toEqual(["http/1.1", "h2", "http/1.1"]);

    const silent = tlsConnect({ port: server.port, host: "127.0.0.1", ca: authority.cert, servername: "localhost" });
    silent.write("GET /api/v1/applications?projects=a&projects=b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    expect(await textOf(silent)).toContain('"rest-a+b"');

    const plain = await fetch(`http://127.0.0.1:${server.port}/applications?x=1`, { redirect: "manual" });
    expect(plain.status).toBe(307);
    expect(plain.headers.get("location")).toBe(`https://127.0.0.1:${server.port}/applications?x=1`);
  });

  it("serves the next connection with a new certificate", async () => {
    const now = new Date();
    const [first, second] = [await createAuthority({ now }), await createAuthority({ now })];
    const server = await serve(services, { tls: await issue(first, { name: "api-server", now, names: ["localhost"] }) });
    server.setCertificate(await issue(second, { name: "api-server", now, names: ["localhost"] }));
    await expect(grpc(server, "application.ApplicationService/List", {}, { ca: second.cert })).resolves.toBeDefined();
  });
});

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
    await post(`${server.url}/api/v1/applications?upsert=true&validate=false`, application("web"));
    expect(seen).toMatchObject([{ username: "admin", password: "secret" }, { upsert: true, validate: false, application: application("web") }]);
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
    const server = await serve({ "application.ApplicationService": { List: async () => ({ metadata: { resourceVersion: "7" }, items: [new Prepared(APPLICATION, { ...application("web"), status: { sync: { status: "Synced" } } })] }) } });
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

describe("server streams", () => {
  const watch = (events: object[], after?: Error): Services => ({
    "application.ApplicationService": {
      async *Watch() {
        yield* events;
        if (after) throw after;
      },
    },
  });
  const event = (name: string, labels?: object): object => ({ type: "MODIFIED", application: { metadata: { name, namespace: "argocd", ...(labels && { labels }) } } });

  it("are lines of results by REST", async () => {
    const server = await serve(watch([event("a"), event("b")]));
    const lines = (await (await fetch(`${server.url}/api/v1/stream/applications`)).text()).trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { result: { application: { metadata: { name: string } } } }).result.application.metadata.name)).toEqual(["a", "b"]);
  });

  it("are events for who accepts text/event-stream, without repeats of what fields hide", async () => {
    const server = await serve(watch([event("a"), event("a", { x: "1" }), event("b")]));
    const answer = await fetch(`${server.url}/api/v1/stream/applications?fields=result.application.metadata.name`, { headers: { accept: "text/event-stream" } });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(await answer.text()).toBe(['data: {"result":{"application":{"metadata":{"name":"a"}}}} \n\n\n', 'data: {"result":{"application":{"metadata":{"name":"b"}}}} \n\n\n'].join(""));
  });

  it("tell a failure by status before the first message, by line after it", async () => {
    const denied = new AppError("permission denied", { reason: "PermissionDenied", code: Code.PermissionDenied });
    const early = await fetch(`${(await serve(watch([], denied))).url}/api/v1/stream/applications`);
    const error = { error: { grpc_code: 7, http_code: 403, message: "permission denied", http_status: "Forbidden" } };
    expect([early.status, await early.json()]).toEqual([403, error]);
    const late = await fetch(`${(await serve(watch([event("a")], denied))).url}/api/v1/stream/applications`);
    expect([late.status, JSON.parse((await late.text()).split("\n")[1]!)]).toEqual([200, error]);
  });

  it("stop the handler when the reader leaves", async () => {
    const left = Promise.withResolvers<void>();
    const server = await serve({
      "application.ApplicationService": {
        async *Watch(_request: unknown, { signal }: CallContext) {
          yield event("a");
          await once(signal, "abort");
          left.resolve();
        },
      },
    });
    const reading = httpRequest(`${server.url}/api/v1/stream/applications`).end();
    const [answer] = (await once(reading, "response")) as [NodeJS.ReadableStream];
    await once(answer, "data");
    reading.destroy();
    await left.promise;
  });

  it("end with the server, and tell why over gRPC", async () => {
    const server = await serve({
      "application.ApplicationService": {
        async *Watch(_request: unknown, { signal }: CallContext) {
          yield event("a");
          await once(signal, "abort");
          throw signal.reason;
        },
      },
    });
    const client = new Client(server.url.slice("http://".length), credentials.createInsecure());
    const call = client.makeServerStreamRequest("/application.ApplicationService/Watch", (x: Buffer) => x, (x: Buffer) => x, Buffer.alloc(0));
    await once(call, "data");
    const [failure] = (await Promise.all([once(call, "error"), server.stop()]))[0] as [ServiceError];
    expect(failure).toMatchObject({ code: Code.Unavailable, details: "the server is shutting down" });
    client.close();
  });

  it("come in frames over gRPC-Web, a late failure in the trailers", async () => {
    const server = await serve(watch([event("a"), event("b")], new AppError("50 % gone", { reason: "Test", code: Code.Aborted })));
    const frames = await framesOf(await grpcWeb(server, "application.ApplicationService/Watch", {}));
    expect(frames.map(({ flag }) => flag)).toEqual([0, 0, 0x80]);
    expect(frames[2]!.bytes.toString()).toBe("grpc-status: 10\r\ngrpc-message: 50 %25 gone\r\n");
  });

  it("give logs as a file", async () => {
    const server = await serve({
      "application.ApplicationService": {
        async *PodLogs() {
          yield { content: "one" };
          yield { content: "two" };
          yield { last: true };
        },
      },
    });
    const answer = await fetch(`${server.url}/api/v1/applications/web/pods/p/logs?download=true&namespace=user01&podName=p&container=c`);
    expect(answer.headers.get("content-disposition")).toBe('attachment;filename="user01-p-c.log"');
    expect(await answer.text()).toBe("one\ntwo\n");
  });
});

describe("gRPC and gRPC-Web", () => {
  it("tell errors where official clients look: in the headers", async () => {
    const server = await serve({ "application.ApplicationService": { Get: () => Promise.reject(new AppError("applications.argoproj.io \"absent\" not found", { reason: "NotFound", code: Code.NotFound })) } });
    await expect(grpc(server, "application.ApplicationService/Get", { name: "absent" })).rejects.toMatchObject({ code: Code.NotFound, details: 'applications.argoproj.io "absent" not found' });
    const web = await grpcWeb(server, "application.ApplicationService/Get", { name: "absent" });
    expect([web.status, web.headers.get("grpc-status"), web.headers.get("grpc-message")]).toEqual([200, "5", 'applications.argoproj.io "absent" not found']);
  });

  it("refuse malformed frames and messages with what is wrong with them", async () => {
    const server = await serve({ "application.ApplicationService": { Get: async () => ({}) } });
    const said = async (body: Buffer): Promise<string | null> => (await grpcWeb(server, "application.ApplicationService/Get", body)).headers.get("grpc-message");
    expect(await said(Buffer.from([0, 0]))).toBe("gRPC-Web frame 0: its header has 2 of 5 bytes");
    expect(await said(Buffer.from([0, 0, 0, 0, 9, 1]))).toBe("gRPC-Web frame 0: it announces 9 bytes and has 1");
    expect(await said(Buffer.from([1, 0, 0, 0, 0]))).toBe("gRPC-Web frame 0: compressed messages are not taken");
    expect(await said(frame(Buffer.from([0x0a, 0xff])))).toContain("application.ApplicationQuery cannot be read");
    const unknown = await fetch(`${server.url}/no.Service/Method`, { method: "POST", headers: { "content-type": "application/grpc-web+proto" } });
    expect(unknown.headers.get("grpc-message")).toBe("unknown service or method no.Service/Method");
  });

  it("describe themselves by reflection", async () => {
    const server = await serve({ "application.ApplicationService": {} });
    const client = new Client(server.url.slice("http://".length), credentials.createInsecure());
    const symbol = "application.ApplicationService";
    const call = client.makeBidiStreamRequest("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", (x: Buffer) => x, (x: Buffer) => x);
    call.end(Buffer.concat([Buffer.from([0x22, symbol.length]), Buffer.from(symbol)]));
    const [answer] = (await once(call, "data")) as [Buffer];
    expect(answer.toString("latin1")).toContain("RevisionMetadataQuery");
    client.close();
  });

  it("run the same hook around every door", async () => {
    const doors: string[] = [];
    const server = await serve(
      { "version.VersionService": { Version: async () => ({ Version: "v3.5.1" }) } },
      {
        around: async (call: CallContext, _request: unknown, next: () => Promise<void>) => {
          doors.push(`${call.door} ${call.method} ${call.header("x-who") ?? ""}`.trim());
          if (call.header("x-who") === "stranger") throw new AppError("no session information", { reason: "Unauthenticated", code: Code.Unauthenticated });
          await next();
        },
      },
    );
    expect((await fetch(`${server.url}/api/version`, { headers: { "X-Who": "stranger" } })).status).toBe(401);
    await grpc(server, "version.VersionService/Version", {});
    await grpcWeb(server, "version.VersionService/Version", {});
    expect(doors).toEqual(["rest version.VersionService/Version stranger", "grpc version.VersionService/Version", "grpc-web version.VersionService/Version"]);
  });
});

async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
