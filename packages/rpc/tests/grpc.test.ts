import { once } from "node:events";
import { Client, credentials } from "@grpc/grpc-js";
import { AppError, Code } from "@trireme/runtime";
import type { CallContext } from "../src/index.ts";
import { frame, grpc, grpcWeb, serve } from "./_door.ts";

describe("gRPC and gRPC-Web", () => {
  it("tell errors where official clients look: in the headers", async () => {
    const server = await serve({ "application.ApplicationService": { Get: () => Promise.reject(new AppError("applications.argoproj.io \"absent\" not found", { reason: "NotFound", code: Code.NotFound })) } });
    await expect(grpc(server, "application.ApplicationService/Get", { name: "absent" })).rejects.toMatchObject({ code: Code.NotFound, details: 'applications.argoproj.io "absent" not found' });
    const web = await grpcWeb(server, "application.ApplicationService/Get", { name: "absent" });
    expect([web.status, web.headers.get("grpc-status"), web.headers.get("grpc-message")]).toEqual([200, "5", 'applications.argoproj.io "absent" not found']);
  });

  it("keep what nobody meant to throw to themselves, at every door", async () => {
    const server = await serve({ "application.ApplicationService": { Get: () => Promise.reject(new TypeError("secret of undefined")) } });
    await expect(grpc(server, "application.ApplicationService/Get", { name: "a" })).rejects.toMatchObject({ code: Code.Internal, details: "internal error" });
    expect((await grpcWeb(server, "application.ApplicationService/Get", { name: "a" })).headers.get("grpc-message")).toBe("internal error");
    expect(await (await fetch(`${server.url}/api/v1/applications/a`)).json()).toEqual({ error: "internal error", code: 13, message: "internal error" });
  });

  it("refuse a message that is none, and one that is too large", async () => {
    const server = await serve({ "application.ApplicationService": { Get: async () => ({}) } }, { messageLimit: 1000 });
    const client = new Client(server.url.slice("http://".length), credentials.createInsecure());
    const send = (bytes: Buffer): Promise<unknown> =>
      new Promise((resolve, reject) => client.makeUnaryRequest("/application.ApplicationService/Get", (x: Buffer) => x, (x: Buffer) => x, bytes, (error, answer) => (error ? reject(error) : resolve(answer))));
    await expect(send(Buffer.from([0x0a, 0xff]))).rejects.toMatchObject({ details: expect.stringContaining("application.ApplicationQuery cannot be read") });
    await expect(send(Buffer.alloc(2000))).rejects.toMatchObject({ code: Code.ResourceExhausted });
    client.close();
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
