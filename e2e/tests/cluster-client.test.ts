import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { dump, load } from "js-yaml";
import type { KubeObject } from "@trireme/api";
import { createKubeClient, loadKubeconfig, watchCache, type CacheEvent, type KubeClient, type KubeRequestEvent, type KubeResponseEvent } from "@trireme/kube";
import { inParallel } from "../bench/measure.ts";
import { newCertificateAuthority } from "../control-plane/certificates.ts";
import { describeUnless, full } from "../support/sample.ts";
import { clusterKind, sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NS = "cluster-client";
const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
/** 9 s of silence and 5 s for an answer; the rest is what a busy machine adds. */
const NOTICED_MS = 14_000 + 4_000;

/** The project's own client against a whole cluster, where the server's behaviour decides. */
describe("the client", () => {
  let stack: Stack;
  let dir: string;
  let kubeconfig: any;
  let admin: KubeClient;
  const clients: KubeClient[] = [];
  let sent: KubeRequestEvent[] = [];
  let answered: KubeResponseEvent[] = [];

  beforeAll(async () => {
    stack = await sharedStack();
    dir = await mkdtemp(path.join(os.tmpdir(), "trireme-client-"));
    kubeconfig = load(await readFile(stack.kubeconfig, "utf8"));
    admin = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    await admin.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NS } });
  }, 60_000);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await admin?.delete({ group: "", kind: "Namespace", namespace: "", name: NS }).catch(() => undefined);
    await admin?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);
  beforeEach(() => {
    sent = [];
    answered = [];
  });

  /** A client by the stack's kubeconfig, changed. */
  async function clientBy(change: { cluster?: object; user?: object } = {}): Promise<KubeClient> {
    const file = path.join(dir, `kubeconfig-${clients.length}`);
    const [{ name: cluster, cluster: asItIs }] = kubeconfig.clusters;
    const [{ name: user, user: itself }] = kubeconfig.users;
    await writeFile(file, dump({ apiVersion: "v1", kind: "Config", "current-context": "c", contexts: [{ name: "c", context: { cluster, user } }], clusters: [{ name: cluster, cluster: { ...asItIs, ...change.cluster } }], users: [{ name: user, user: change.user ?? itself }] }));
    const client = createKubeClient({ connection: await loadKubeconfig(file), onRequest: (event) => sent.push(event), onResponse: (event) => answered.push(event) });
    clients.push(client);
    return client;
  }
  const requests = (part: string): string[] => sent.filter(({ path: at }) => at.includes(part)).map(({ method, path: at, query }) => `${method} ${at}${query.includes("watch=true") ? " watch" : ""}`);

  describe("and a CRD that is watched", () => {
    const GROUP = "life.example.com";
    const kind = { group: GROUP, kind: "Creature" };
    const version = (name: string, served: boolean, storage: boolean) => ({ name, served, storage, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } });
    const crd = (versions: object[]): KubeObject => ({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: `creatures.${GROUP}` }, spec: { group: GROUP, scope: "Namespaced", names: { plural: "creatures", kind: "Creature" }, versions } });
    const reference = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", namespace: "", name: `creatures.${GROUP}` };
    const creature = (apiVersion: string, name: string): KubeObject => ({ apiVersion: `${GROUP}/${apiVersion}`, kind: "Creature", metadata: { name, namespace: NS } });

    afterAll(() => admin.delete(reference).catch(() => undefined));

    it("appears, changes its version and vanishes: its objects are there, stay there and go", async () => {
      const client = await clientBy();
      await using cache = watchCache(client, kind, { namespace: NS });
      const events: string[] = [];
      cache.on(({ type, object }: CacheEvent) => events.push(`${type} ${object.metadata.name}`));
      await until("the missing kind to be told", async () => cache.failure, (failure) => failure?.reason === "KindNotServed" || { notYet: JSON.stringify(failure) });

      await admin.create(crd([version("v1alpha1", true, true)]));
      await until("the kind to be known", async () => cache.synced, (synced) => synced || { notYet: cache.failure?.message ?? "not listed" }, 60_000);
      await until("an object to be taken", () => admin.create(creature("v1alpha1", "adam")).then(() => true, () => false), (done) => done || { notYet: "refused" });
      await until("the first object", async () => events, (all) => all.includes("added adam") || { notYet: all.join(", ") });

      await admin.patch(reference, "merge", { spec: { versions: [version("v1alpha1", true, false), version("v1", true, true)] } });
      await until("the new version", () => admin.create(creature("v1", "eve")).then(() => true, () => false), (done) => done || { notYet: "refused" });
      await until("the second object", async () => events, (all) => all.includes("added eve") || { notYet: all.join(", ") }, 60_000);
      await admin.patch(reference, "merge", { spec: { versions: [version("v1alpha1", false, false), version("v1", true, true)] } });
      await until("the cache to follow the new version", async () => {
        await admin.patch({ ...kind, version: "v1", namespace: NS, name: "eve" }, "merge", { seen: String(events.length) });
        return cache.get(NS, "eve");
      }, (eve) => eve?.apiVersion === `${GROUP}/v1` || { notYet: `eve is ${eve?.apiVersion}` }, 90_000);
      expect(events.filter((event) => event.startsWith("deleted"))).toEqual([]);
      expect(cache.list().map(({ metadata }) => metadata.name).toSorted()).toEqual(["adam", "eve"]);

      await admin.delete(reference);
      await until("the objects to go", async () => cache.list(), (list) => list.length === 0 || { notYet: `${list.length} are there` }, 60_000);
      await until("the kind to be known as gone", async () => cache, ({ synced, failure }) => (synced && failure === undefined) || { notYet: JSON.stringify(failure) }, 60_000);
      expect(events.filter((event) => event.startsWith("deleted")).toSorted()).toEqual(["deleted adam", "deleted eve"]);
    }, 300_000);
  });

  describe("and a large cluster", () => {
    const OBJECTS = full ? 5_000 : 1_500;
    const KINDS = full ? 200 : 30;

    it(`reads ${OBJECTS} objects in pages, then follows them`, async () => {
      const names = Array.from({ length: OBJECTS }, (_, index) => `many-${index}`);
      await inParallel(names, 16, (name) => admin.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NS, labels: { many: "yes" } }, data: { a: "b" } }));
      const client = await clientBy();
      await using cache = watchCache(client, CONFIG_MAP, { namespace: NS, labelSelector: "many=yes" });
      await cache.waitForSync(AbortSignal.timeout(60_000));
      expect(cache.list()).toHaveLength(OBJECTS);
      await admin.patch({ ...CONFIG_MAP, namespace: NS, name: "many-7" }, "merge", { data: { a: "c" } });
      await until("the change", async () => (cache.get(NS, "many-7")?.["data"] as Record<string, string>)["a"], (value) => value === "c" || { notYet: String(value) });
      expect(requests("/configmaps")).toEqual([...Array.from({ length: OBJECTS / 500 }, () => `GET /api/v1/namespaces/${NS}/configmaps`), `GET /api/v1/namespaces/${NS}/configmaps watch`]);
    }, 300_000);

    it(`knows ${KINDS} more kinds with the three requests of discovery, and watches each with two`, async () => {
      const groups = Array.from({ length: KINDS }, (_, index) => index);
      const name = (index: number): string => `kind${index}s.many.example.com`;
      try {
        await inParallel(groups, 8, (index) => admin.create({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: name(index) }, spec: { group: "many.example.com", scope: "Namespaced", names: { plural: `kind${index}s`, kind: `Kind${index}` }, versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }] } }));
        await until("all to be served", async () => (await admin.discovery({ refresh: true })).resources.filter(({ group }) => group === "many.example.com").length, (count) => count === KINDS || { notYet: `${count} are` }, 120_000);
        const client = await clientBy();
        const caches = groups.map((index) => watchCache(client, { group: "many.example.com", kind: `Kind${index}` }));
        await Promise.all(caches.map((cache) => cache.waitForSync(AbortSignal.timeout(60_000))));
        // A server that has just learnt a kind may put its watch off (429: "storage is (re)initializing").
        const taken = (): KubeResponseEvent[] => answered.filter(({ status }) => status !== 429);
        await until("all watches", async () => taken().filter(({ query }) => query.includes("watch=true")).length, (count) => count === KINDS || { notYet: `${count} are open` });
        expect(taken()).toHaveLength(3 + 2 * KINDS);
        await Promise.all(caches.map((cache) => cache[Symbol.asyncDispose]()));
      } finally {
        await inParallel(groups, 8, (index) => admin.delete({ group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", namespace: "", name: name(index) }).catch(() => undefined));
      }
    }, 300_000);
  });

  it("notices within 15 s that its connection leads nowhere, with watches and requests alike, and comes back", async () => {
    const target = new URL(kubeconfig.clusters[0].cluster.server);
    await using proxy = await swallowing(target.hostname, Number(target.port));
    const client = await clientBy({ cluster: { server: `https://127.0.0.1:${proxy.port}` } });
    await using cache = watchCache(client, CONFIG_MAP, { namespace: NS, labelSelector: "many=no" });
    await cache.waitForSync(AbortSignal.timeout(30_000));
    await until("the watch", async () => requests("configmaps"), (all) => all.some((line) => line.endsWith(" watch")) || { notYet: "not open" });
    await client.list(CONFIG_MAP, { namespace: NS, limit: 1 });
    proxy.swallow(true);
    const began = performance.now();
    const refused = client.list(CONFIG_MAP, { namespace: NS, limit: 1 }).then(() => "answered", (error: Error & { reason: string }) => `${error.reason} after ${Math.round(performance.now() - began)}`);
    await until("the watch to notice", async () => cache.failure, (failure) => failure !== undefined || { notYet: "not yet" }, 60_000);
    const noticed = performance.now() - began;
    const [reason, ms] = (await refused).split(" after ");
    expect({ reason, inTime: Number(ms) <= NOTICED_MS, noticed: noticed <= NOTICED_MS }).toEqual({ reason: "ClusterUnreachable", inTime: true, noticed: true });
    proxy.swallow(false);
    await admin.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "after-silence", namespace: NS, labels: { many: "no" } } });
    await until("what happened since", async () => cache.get(NS, "after-silence"), (found) => found !== undefined || { notYet: cache.failure?.message ?? "not seen" }, 30_000);
    await until("the cache to be current", async () => cache.failure, (failure) => failure === undefined || { notYet: failure.message });
  }, 120_000);

  describe("and who it is", () => {
    const SERVER = "ClusterUnreachable";

    it("is who a credential plugin says, by certificate, asked once", async () => {
      const [{ user }] = kubeconfig.users;
      const pem = (field: string): string => Buffer.from(user[field], "base64").toString();
      const answer = path.join(dir, "credential.json");
      await writeFile(answer, JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status: { clientCertificateData: pem("client-certificate-data"), clientKeyData: pem("client-key-data") } }));
      const plugin = path.join(dir, "plugin.sh");
      await writeFile(plugin, `#!/bin/sh\necho run >> ${dir}/runs\ncat ${answer}\n`, { mode: 0o700 });
      const client = await clientBy({ user: { exec: { command: plugin, apiVersion: "client.authentication.k8s.io/v1" } } });
      for (let index = 0; index < 5; index++) await client.list(CONFIG_MAP, { namespace: NS, limit: 1 });
      expect((await readFile(`${dir}/runs`, "utf8")).trim().split("\n")).toHaveLength(1);
    });

    it("is who its token file says, also after it was written anew", async () => {
      await admin.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot", namespace: NS } });
      await admin.create({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "robot", namespace: NS }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" }, subjects: [{ kind: "ServiceAccount", name: "robot", namespace: NS }] } as KubeObject);
      const token = async (): Promise<string> => {
        const answer = await admin.raw({ method: "POST", path: `/api/v1/namespaces/${NS}/serviceaccounts/robot/token`, body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} } });
        return (JSON.parse(await answer.text()) as { status: { token: string } }).status.token;
      };
      const file = path.join(dir, "token");
      await writeFile(file, await token());
      const client = await clientBy({ user: { tokenFile: file } });
      await expect(client.list(CONFIG_MAP, { namespace: NS, limit: 1 })).resolves.toBeDefined();
      await expect(client.list({ group: "", kind: "Secret" }, { namespace: NS })).rejects.toMatchObject({ reason: "Forbidden" });

      await writeFile(file, "not.a.token");
      const other = await clientBy({ user: { tokenFile: file } });
      await expect(other.list(CONFIG_MAP, { namespace: NS, limit: 1 })).rejects.toMatchObject({ reason: "Unauthorized" });
      await writeFile(file, `${await token()}\n`);
      await expect(other.list(CONFIG_MAP, { namespace: NS, limit: 1 })).resolves.toBeDefined();
    });

    it("takes a server by another of its names, and no other server for it", async () => {
      const named = await clientBy({ cluster: { "tls-server-name": "kubernetes.default.svc" } });
      await expect(named.list(CONFIG_MAP, { namespace: NS, limit: 1 })).resolves.toBeDefined();
      const wrong = await clientBy({ cluster: { "tls-server-name": "elsewhere.test" } });
      await expect(wrong.list(CONFIG_MAP, { namespace: NS, limit: 1 })).rejects.toMatchObject({ reason: SERVER, message: expect.stringMatching(/elsewhere\.test/) });
      const authority = await newCertificateAuthority("another authority");
      const stranger = await clientBy({ cluster: { "certificate-authority-data": Buffer.from(authority.certificate).toString("base64") } });
      await expect(stranger.list(CONFIG_MAP, { namespace: NS, limit: 1 })).rejects.toMatchObject({ reason: SERVER, message: expect.stringMatching(/certificate/) });
    });

    it("goes through the proxy that its kubeconfig names, watches too", async () => {
      await using proxy = await connectProxy();
      const client = await clientBy({ cluster: { "proxy-url": `http://127.0.0.1:${proxy.port}` } });
      await using cache = watchCache(client, CONFIG_MAP, { namespace: NS, labelSelector: "many=proxy" });
      await cache.waitForSync(AbortSignal.timeout(30_000));
      await admin.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "through-a-proxy", namespace: NS, labels: { many: "proxy" } } });
      await until("the event", async () => cache.get(NS, "through-a-proxy"), (found) => found !== undefined || { notYet: cache.failure?.message ?? "not seen" });
      expect(new Set(proxy.asked)).toEqual(new Set([new URL(kubeconfig.clusters[0].cluster.server).host]));
    });
  });
});

describeUnless(clusterKind === "real" ? undefined : "the embedded cluster aggregates no other API servers: npm run e2e -- --cluster real", "the client and an aggregated API that is down", () => {
  it("does not know its kinds, and everything else as before", async () => {
    const stack = await sharedStack();
    const client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    const reference = { group: "apiregistration.k8s.io", kind: "APIService", namespace: "", name: "v1.down.example.com" };
    try {
      await client.create({ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: reference.name }, spec: { group: "down.example.com", version: "v1", groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: { namespace: "default", name: "nobody", port: 443 } } } as KubeObject);
      const discovery = await until("discovery to show it", () => client.discovery({ refresh: true }), ({ failed }) => failed.some(({ groupVersion }) => groupVersion === "down.example.com/v1") || { notYet: JSON.stringify(failed) }, 60_000);
      expect(() => discovery.find({ group: "down.example.com", kind: "Anything" })).toThrow("discovery of down.example.com/v1 failed");
      expect(discovery.find({ group: "apps", kind: "Deployment" })).toMatchObject({ version: "v1" });
      await expect(client.list(CONFIG_MAP, { namespace: "default" })).resolves.toBeDefined();
      await expect(client.list({ group: "down.example.com", kind: "Anything" })).rejects.toMatchObject({ reason: "KindUnknown" });
    } finally {
      await client.delete(reference).catch(() => undefined);
      await client.close();
    }
  }, 120_000);
});

/** A door that can stop letting bytes through, while its connections stay open. */
async function swallowing(host: string, port: number) {
  const sockets = new Set<Socket>();
  let closed = false;
  const server = createServer((inside) => {
    const outside = connect(port, host);
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        inside.destroy();
        outside.destroy();
      });
    }
    inside.on("data", (bytes) => void (closed || outside.write(bytes)));
    outside.on("data", (bytes) => void (closed || inside.write(bytes)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    swallow: (on: boolean) => void (closed = on),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function connectProxy() {
  const asked: string[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = createHttpServer().on("connect", (request, inside) => {
    asked.push(request.url!);
    const { hostname, port } = new URL(`http://${request.url}`);
    const outside = connect(Number(port), hostname, () => {
      inside.write("HTTP/1.1 200 OK\r\n\r\n");
      inside.pipe(outside).pipe(inside);
    });
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
