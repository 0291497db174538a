import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createKubeClient, mergedPodLogs, podLogs, staticCredentials, type LogLine } from "../src/index.ts";
import { startFakeApiServer, status } from "./fake-api-server.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function given() {
  const server = await startFakeApiServer();
  const client = createKubeClient({ connection: { server: server.url, credentials: staticCredentials({}) } });
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe(podLogs, () => {
  it("yields whole lines, however the bytes are cut, and asks for what was asked", async () => {
    await using it = await given();
    it.server.intercept(({ path }, response) => {
      if (!path.endsWith("/log")) return false;
      response.writeHead(200, { "content-type": "text/plain" });
      for (const part of ["one\ntw", "o\n", "thr", "ee"]) response.write(part);
      response.end();
      return true;
    });
    const lines: string[] = [];
    for await (const line of podLogs(it.client, { namespace: "dev", pod: "web-1", container: "main", tailLines: 10, follow: true, timestamps: true })) lines.push(line.text);
    expect(lines).toEqual(["one", "two", "three"]);
    expect(Object.fromEntries(it.server.exchanges.at(-1)!.query)).toEqual({ container: "main", tailLines: "10", follow: "true", timestamps: "true" });
  });

  it("throws the kubelet's sentence", async () => {
    await using it = await given();
    it.server.intercept(({ path }, response) => {
      if (!path.endsWith("/log")) return false;
      status(response, 400, "BadRequest", 'container "main" in pod "web-1" is waiting to start: ContainerCreating');
      return true;
    });
    await expect(podLogs(it.client, { namespace: "dev", pod: "web-1" }).next()).rejects.toThrow("is waiting to start: ContainerCreating");
  });
});

describe(mergedPodLogs, () => {
  it("reads several at once, as their lines come, and lets one that fails end alone", async () => {
    await using it = await given();
    const open: { write(text: string): unknown; end(): unknown }[] = [];
    it.server.intercept(({ path }, response) => {
      if (path.includes("/pods/bad/")) status(response, 404, "NotFound", 'pods "bad" not found');
      else if (path.endsWith("/log")) {
        response.writeHead(200, { "content-type": "text/plain" });
        response.flushHeaders();
        open.push(response);
      } else return false;
      return true;
    });
    const failures: string[] = [];
    const source = (pod: string) => ({ namespace: "dev", pod, follow: true });
    const logs = mergedPodLogs(it.client, [source("a"), source("b"), source("bad")], ({ pod }, error) => failures.push(`${pod}: ${(error as Error).message}`));
    const first = logs.next();
    while (open.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    open[1]!.write("from the second\n");
    expect((await first).value?.text).toBe("from the second");
    open[0]!.write("from the first\n");
    expect((await logs.next()).value?.text).toBe("from the first");
    for (const response of open) response.end();
    expect(await logs.next()).toEqual({ done: true, value: undefined });
    expect(failures).toEqual(['bad: pods "bad" not found']);
  });

  it("keeps no line that was taken, however long another container is silent", async () => {
    await using it = await given();
    it.server.intercept(({ path }, response) => {
      if (!path.endsWith("/log")) return false;
      response.writeHead(200, { "content-type": "text/plain" });
      if (path.includes("/pods/silent/")) response.flushHeaders();
      else response.write("line\n".repeat(100));
      return true;
    });
    const logs = mergedPodLogs(it.client, ["talks", "silent"].map((pod) => ({ namespace: "dev", pod, follow: true })), () => {});
    const taken: WeakRef<LogLine>[] = [];
    for (let count = 0; count < 100; count++) taken.push(new WeakRef((await logs.next()).value!));
    await new Promise(setImmediate);
    collectGarbage();
    expect(taken.filter((line) => line.deref() !== undefined).length).toBeLessThan(10);
    await logs.return(undefined);
  });

  it("closes its connections when its reader leaves", async () => {
    await using it = await given();
    const closed = Promise.withResolvers<void>();
    it.server.intercept(({ path }, response) => {
      if (!path.endsWith("/log")) return false;
      response.writeHead(200, { "content-type": "text/plain" });
      response.write("line\n");
      response.on("close", () => closed.resolve());
      return true;
    });
    for await (const line of mergedPodLogs(it.client, [{ namespace: "dev", pod: "a", follow: true }], () => {})) {
      expect(line.text).toBe("line");
      break;
    }
    await closed.promise;
  });
});
