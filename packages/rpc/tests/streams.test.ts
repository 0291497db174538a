import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { AppError, Code } from "@trireme/runtime";
import type { CallContext, Services } from "../src/index.ts";
import { framesOf, grpcWeb, serve } from "./_door.ts";

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
