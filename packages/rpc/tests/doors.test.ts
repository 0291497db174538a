import { once } from "node:events";
import { connect as tlsConnect } from "node:tls";
import { type CallContext, createAuthority, issue, messagePlan, type Services } from "../src/index.ts";
import { decode } from "../src/json/decode.ts";
import { anApplication, framesOf, grpc, grpcWeb, serve, textOf, V1 } from "./_door.ts";

describe("one method, three doors", () => {
  const services: Services = {
    "application.ApplicationService": {
      List: async (request: any, call: CallContext) => ({ items: [{ ...anApplication(`${call.door}-${request.projects?.join("+")}`), apiVersion: "argoproj.io/v1alpha1" }] }),
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
