import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials } from "@grpc/grpc-js";
import { AppError, Code } from "@trireme/runtime";
import { clusters, createAuthority, createClient, createInternalServer, issue, repository, type InternalServer } from "../index.ts";

type Repo = repository.RepositoryClient;
const HERE = { host: "127.0.0.1", port: 0 };
const running: AsyncDisposable[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server[Symbol.asyncDispose]();
});

async function serve(handlers: Partial<repository.RepositoryHandlers>, options: { port?: number; tls?: { cert: string; key: string; ca: string } } = {}): Promise<InternalServer> {
  const server = await createInternalServer({ services: { [repository.REPOSITORY_SERVICE]: handlers as repository.RepositoryHandlers }, listen: { ...HERE, port: options.port ?? 0 }, ...(options.tls && { tls: options.tls }) });
  running.push(server);
  return server;
}

describe(createInternalServer, () => {
  it("carries a request with its defaults filled, int64 as numbers and bytes as buffers", async () => {
    let seen: repository.ResolveRequest | undefined;
    const server = await serve({ Resolve: async (request) => ((seen = request), { revisions: [{ revision: "4f2c", ambiguousRevision: "main (4f2c)" }] }) });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);

    const answer = await client.resolve({ sources: [{ repository: { url: "https://git.test/web", depth: 2 ** 40 }, sourceJson: Buffer.from("{}") }] });

    expect(answer).toEqual({ revisions: [{ revision: "4f2c", ambiguousRevision: "main (4f2c)" }] });
    expect(seen?.noRevisionCache).toBe(false);
    expect(seen?.sources[0]).toMatchObject({ revision: "", repository: { url: "https://git.test/web", depth: 2 ** 40, insecure: false } });
    expect(seen?.sources[0]?.sourceJson.toString()).toBe("{}");
  });

  it("gives the caller the very error that the handler threw", async () => {
    const thrown = new AppError("branch 'mian' is not in https://git.test/web", { reason: "RevisionNotFound", code: Code.NotFound, retry: "never", details: { ref: "mian" } });
    const server = await serve({ Resolve: () => Promise.reject(thrown) });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);

    const failure = await client.resolve({}).catch((error: AppError) => error);

    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ message: thrown.message, reason: "RevisionNotFound", code: Code.NotFound, retry: "never", details: { ref: "mian" } });
  });

  it("streams, and stops the handler when the caller leaves the loop", async () => {
    const stopped = Promise.withResolvers<void>();
    const server = await serve({
      async *Render(_request, { signal }) {
        signal.addEventListener("abort", () => stopped.resolve());
        for (let line = 1; ; line += 1) yield { objects: { objects: [{ hash: `${line}` }] } };
      },
    });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);

    const hashes: (string | undefined)[] = [];
    for await (const { objects } of client.render({})) {
      hashes.push(objects?.objects[0]?.hash);
      if (hashes.length === 3) break;
    }

    expect(hashes).toEqual(["1", "2", "3"]);
    await stopped.promise;
  });

  it("ends a stream with the error that the handler threw in the middle", async () => {
    const server = await serve({
      async *Render() {
        yield { header: { digest: "d" } };
        throw new AppError("web/service.yaml:5: bad indentation", { reason: "YamlInvalid", code: Code.InvalidArgument, retry: "never" });
      },
    });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);

    const read = async (): Promise<void> => {
      for await (const { header } of client.render({})) expect(header?.digest).toBe("d");
    };

    await expect(read()).rejects.toMatchObject({ reason: "YamlInvalid", code: Code.InvalidArgument });
  });

  it("says deadline and method when nobody answers in time, and tells the handler", async () => {
    const told = Promise.withResolvers<void>();
    const server = await serve({ Charts: async () => ({}), Test: (_request, { signal }) => new Promise(() => signal.addEventListener("abort", () => told.resolve())) });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);
    await client.charts({});

    await expect(client.test({}, { deadlineMs: 500 })).rejects.toMatchObject({ reason: "DeadlineExceeded", code: Code.DeadlineExceeded, message: expect.stringContaining("trireme.repo.v1.Repository/Test") });
    await told.promise;
  });

  it("cancels when the caller's signal does", async () => {
    const server = await serve({ Test: (_request, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))) });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);
    const stop = new AbortController();

    const call = client.test({}, { signal: stop.signal });
    stop.abort();

    await expect(call).rejects.toMatchObject({ reason: "Canceled", code: Code.Canceled });
  });

  it("names a method that nobody serves", async () => {
    const server = await serve({});
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);
    await expect(client.charts({})).rejects.toMatchObject({ code: Code.Unimplemented, message: expect.stringContaining("trireme.repo.v1.Repository/Charts") });
  });

  it("takes an answer of 20 MB", async () => {
    const json = Buffer.alloc(20 * 1024 * 1024, 7);
    const server = await serve({
      async *Render() {
        yield { objects: { objects: [{ json }] } };
      },
    });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);
    for await (const { objects } of client.render({})) expect(objects?.objects[0]?.json.equals(json)).toBe(true);
  });

  it("is usable within a fraction of a second after a peer came back", async () => {
    const first = await serve({ Test: async () => ({}) });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, first.address);
    await client.test({});
    await first.stop();
    const whileAway = client.test({}, { deadlineMs: 5_000 });

    await serve({ Test: async () => ({}) }, { port: first.port });
    const back = performance.now();
    await Promise.all([whileAway, client.test({})]);

    expect(performance.now() - back).toBeLessThan(1_000);
  });

  it("ends streams when it stops, saying so", async () => {
    const server = await serve({
      async *Render(_request, { signal }) {
        yield { header: { digest: "d" } };
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address);
    const read = async (): Promise<void> => {
      for await (const { header } of client.render({}, { deadlineMs: Infinity })) if (header) void server.stop();
    };
    await expect(read()).rejects.toMatchObject({ reason: "ShuttingDown", code: Code.Unavailable, retry: "now" });
  });

  it("says after a while that a peer cannot be reached, and why", async () => {
    const gone = await serve({});
    await gone.stop();
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, gone.address, { patienceMs: 200 });
    const failure = { reason: "ServiceUnavailable", code: Code.Unavailable, retry: "now", message: expect.stringMatching(new RegExp(`^trireme.repo.v1.Repository/\\w+ at ${gone.address}: .*ECONNREFUSED`)) };
    await expect(client.test({})).rejects.toMatchObject(failure);
    const read = async (): Promise<void> => {
      for await (const _part of client.render({})) expect(true).toBe(false);
    };
    await expect(read()).rejects.toMatchObject(failure);
    const stop = AbortSignal.timeout(50);
    await expect(client.test({}, { signal: stop })).rejects.toMatchObject({ code: Code.Canceled });
  });

  it("answers health checks and lists its services by reflection", async () => {
    const server = await serve({});
    const raw = new Client(server.address, credentials.createInsecure());
    const check = (): Promise<Buffer> =>
      new Promise((resolve, reject) => raw.makeUnaryRequest("/grpc.health.v1.Health/Check", (x: Buffer) => x, (x: Buffer) => x, Buffer.alloc(0), (error, answer) => (error ? reject(error) : resolve(answer!))));

    expect([...(await check())]).toEqual([8, 1]);
    server.setServing(false);
    expect([...(await check())]).toEqual([8, 2]);

    const listServices = Buffer.from([0x3a, 0x01, 0x2a]);
    const reflected = await new Promise<Buffer>((resolve, reject) => {
      const call = raw.makeBidiStreamRequest("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", (x: Buffer) => x, (x: Buffer) => x);
      call.once("data", resolve).once("error", reject);
      call.end(listServices);
    });
    expect(reflected.toString()).toContain(repository.REPOSITORY_SERVICE);
    expect(reflected.toString()).not.toContain(clusters.CLUSTERS_SERVICE);
    raw.close();
  });

  it("refuses plain text off this machine, on both sides", async () => {
    await expect(createInternalServer({ services: {}, listen: { host: "0.0.0.0", port: 0 } })).rejects.toMatchObject({ reason: "PlaintextRefused" });
    expect(() => createClient(repository.REPOSITORY_SERVICE, "repo-server.argocd.svc:8081")).toThrow(/plain text is allowed on loopback only/);
  });
});

describe("mutual TLS", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "trireme-rpc-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (who: string, pair: { cert: string; key: string; ca: string }): Promise<{ cert: string; key: string; ca: string }> => {
    const files = { cert: join(folder, `${who}.crt`), key: join(folder, `${who}.key`), ca: join(folder, `${who}-ca.crt`) };
    await Promise.all([writeFile(files.cert, pair.cert), writeFile(files.key, pair.key), writeFile(files.ca, pair.ca)]);
    return files;
  };

  it("lets in who holds a certificate of the authority, and nobody else", async () => {
    const now = new Date();
    const authority = await createAuthority({ now });
    const stranger = await createAuthority({ now });
    const server = await serve({ Test: async () => ({}) }, { tls: await write("server", await issue(authority, { name: "repo-server", now })) });
    const known = await write("known", await issue(authority, { name: "api-server", now }));
    const unknown = await write("unknown", { ...(await issue(stranger, { name: "api-server", now })), ca: authority.cert });

    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address, { tls: known, peer: "repo-server" });
    await expect(client.test({})).resolves.toEqual({});
    using outsider = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address, { tls: unknown, peer: "repo-server", patienceMs: 300 });
    await expect(outsider.test({})).rejects.toMatchObject({ code: Code.Unavailable });
    using mistaken = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address, { tls: known, peer: "application-controller", patienceMs: 300 });
    await expect(mistaken.test({})).rejects.toMatchObject({ code: Code.Unavailable });
  });

  it("goes on with a new authority once its files are replaced", async () => {
    const now = new Date();
    const [old, fresh] = [await createAuthority({ now }), await createAuthority({ now })];
    const server = await serve({ Test: async () => ({}) }, { tls: await write("server", await issue(old, { name: "repo-server", now })) });
    using client = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address, { tls: await write("client", await issue(old, { name: "api-server", now })), peer: "repo-server" });
    await client.test({});

    await write("server", await issue(fresh, { name: "repo-server", now }));
    await write("client", await issue(fresh, { name: "api-server", now }));
    const both = await write("other", await issue(fresh, { name: "application-controller", now }));

    using newcomer = createClient<Repo>(repository.REPOSITORY_SERVICE, server.address, { tls: both, peer: "repo-server" });
    await newcomer.test({}, { deadlineMs: 5_000 });
    await client.test({}, { deadlineMs: 5_000 });
  });
});
