import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "@trireme/launcher";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { Api, phaseIs, syncIs } from "../support/api.ts";
import { isWrite, proxyKubeconfig, type Proxy, type SeenRequest } from "../support/proxy.ts";
import { Repository } from "../support/repository.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const MAIN = path.resolve(import.meta.dirname, "../../services/application-controller/src/main.ts");
const JOB = { group: "batch", version: "v1", kind: "Job" };
/** A holder that is not heard of for 15 s loses its shard; then the other one lists, compares and works. */
const TAKEOVER_MS = 60_000;

const hook = (name: string, phase: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: { argocd.argoproj.io/hook: ${phase} }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: hook
          image: registry.example.com/tools/hook:1
          command: ["true"]
`;
const configMap = (name: string, wave: number) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: { argocd.argoproj.io/sync-wave: "${wave}" }
data: { value: "1" }
`;

/** One replica of the application-controller, as its pod would run it, seen through proxies of its own. */
interface Replica {
  child: ChildProcess;
  control: Proxy;
  /** What its /readyz says. */
  readiness(): Promise<string>;
  ended: Promise<unknown>;
}

describe("several replicas of the application-controller", () => {
  let work: string;
  let stack: OwnStack;
  let api: Api;
  let client: KubeClient;
  let near: Proxy;
  let destination: Proxy;
  let repository: Repository;
  let environment: Record<string, string>;
  let ports: { controller: string; repoServer: number };
  const replicas: Replica[] = [];
  let counter = 0;

  beforeAll(async () => {
    work = await mkdtemp(path.join(os.tmpdir(), "trireme-sharding-"));
    const addresses = await twoAddresses();
    const shared = { ARGOCD_CONTROLLER_REPLICAS: "2" };
    stack = await startStack({
      environment: {
        "application-controller": { ...shared, ARGOCD_CONTROLLER_SHARD: "0", TRIREME_CONTROLLER_LISTEN_ADDRESS: addresses.replace("{shard}", "0") },
        "api-server": { ...shared, TRIREME_CONTROLLER_ADDRESS: addresses },
      },
    });
    const data = path.dirname(stack.logs);
    ports = { controller: addresses.replace("{shard}", "1"), repoServer: JSON.parse(await readFile(path.join(data, "ports.json"), "utf8")).repoServer };
    environment = { ...shared, ARGOCD_CONTROLLER_SHARD: "1", ARGOCD_SYNC_WAVE_DELAY: "0", REDIS_SERVER: `127.0.0.1:${stack.redis.port}`, REDIS_PASSWORD: stack.redis.password, TRIREME_KEYS_FILE: path.join(data, "keys.json"), ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER: `127.0.0.1:${ports.repoServer}` };
    near = await proxyKubeconfig(stack.kubeconfig, path.join(work, "near"));
    await stack.trio.processes["application-controller"].restart({ env: { KUBECONFIG: path.join(work, "near") } });
    await stack.trio.processes["application-controller"].waitReady();
    // The second destination: the same cluster under another address, pinned to shard 1.
    destination = await proxyKubeconfig(stack.kubeconfig, path.join(work, "destination"));
    api = await Api.signIn(stack);
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    await api.must("POST", "/api/v1/clusters", { server: destination.url, name: "far", config: {}, shard: 1 });
    repository = await Repository.create(stack, "sharding", { "before.yaml": hook("before", "PreSync"), "one.yaml": configMap("one", 0), "two.yaml": configMap("two", 1), "after.yaml": hook("after", "PostSync") });
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
  }, 120_000);
  afterAll(async () => {
    for (const { child } of replicas) child.kill("SIGKILL");
    await Promise.allSettled([...replicas.map(({ ended }) => ended), repository?.[Symbol.asyncDispose](), client?.close()]);
    await Promise.allSettled([near, destination, ...replicas.map(({ control }) => control)].map((proxy) => proxy?.[Symbol.asyncDispose]()));
    await stack?.[Symbol.asyncDispose]();
    await rm(work, { recursive: true, force: true });
  });
  afterEach(() => {
    destination.tap = {};
    for (const { control } of replicas) control.tap = {};
  });

  /** Two addresses on loopback that differ in the shard's number alone. */
  async function twoAddresses(): Promise<string> {
    for (let tens = 2_300 + Math.floor(Math.random() * 800); ; tens++) {
      const [zero, one] = [tens * 10, tens * 10 + 1];
      if ((await freePort(zero, new Set())) === zero && (await freePort(one, new Set())) === one) return `127.0.0.1:${tens}{shard}`;
    }
  }

  async function startReplica(name: string, listen?: string): Promise<Replica> {
    const kubeconfig = path.join(work, `${name}-${replicas.length}`);
    const control = await proxyKubeconfig(stack.kubeconfig, kubeconfig);
    const probes = `127.0.0.1:${await freePort(27_000 + replicas.length * 50, new Set())}`;
    const log = openSync(path.join(stack.logs, `${name}-${replicas.length}.log`), "a");
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...environment, KUBECONFIG: kubeconfig, POD_NAME: name, TRIREME_CONTROLLER_LISTEN_ADDRESS: listen ?? `127.0.0.1:${await freePort(28_000 + replicas.length * 50, new Set())}`, TRIREME_PROBES_ADDRESS: probes },
      stdio: ["ignore", log, log],
    });
    const replica: Replica = { child, control, ended: once(child, "exit"), readiness: async () => (await fetch(`http://${probes}/readyz`)).text() };
    replicas.push(replica);
    return replica;
  }

  const says = (replica: Replica, text: string, timeoutMs = 30_000) => until(`the replica to say '${text}'`, () => replica.readiness(), (said) => said === text || { notYet: said }, timeoutMs);
  const holder = async () => (await client.get({ group: "coordination.k8s.io", version: "v1", kind: "Lease", namespace: "argocd", name: "trireme-shard-1" }))["spec"].holderIdentity as string;
  const about = (name: string) => (request: SeenRequest) => isWrite(request) && (request.path.endsWith(`/applications/${name}`) || request.path.includes(`/namespaces/${name}/`));

  async function application(server: string) {
    const name = `sharded-${counter++}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await api.must("POST", "/api/v1/applications", { metadata: { name, namespace: "argocd" }, spec: { project: "default", source: { repoURL: repository.url, path: ".", targetRevision: "main" }, destination: { server, namespace: name } } });
    return name;
  }
  const sync = (name: string) => api.must("POST", `/api/v1/applications/${name}/sync`, {});
  const synced = (name: string, timeoutMs = 30_000) =>
    until(
      `application ${name} to be synced`,
      () => api.app(name),
      (app) => [phaseIs("Succeeded"), syncIs("Synced")].map((judge) => judge(app)).find((verdict) => verdict !== true) ?? true,
      timeoutMs,
    );

  let first: Replica;
  let standby: Replica;
  it("work on the applications of their own clusters, and on no others", async () => {
    first = await startReplica("controller-1", ports.controller);
    await says(first, "ok");
    const [here, there] = [await application("https://kubernetes.default.svc"), await application(destination.url)];
    for (const name of [here, there]) await api.becomes(name, syncIs("OutOfSync"));
    for (const name of [here, there]) await sync(name);
    for (const name of [here, there]) await synced(name);
    expect([near.requests.some(about(here)), first.control.requests.some(about(there))]).toEqual([true, true]);
    expect([...near.requests.filter(about(there)), ...first.control.requests.filter(about(here)), ...destination.requests.filter(about(here))]).toEqual([]);
  }, 90_000);

  it("let a second process for the same shard wait, which does nothing meanwhile", async () => {
    standby = await startReplica("controller-1-new");
    await says(standby, "waiting for shard 1");
    const name = await application(destination.url);
    await api.becomes(name, syncIs("OutOfSync"));
    await sync(name);
    await synced(name);
    expect(await standby.readiness()).toBe("waiting for shard 1");
    expect(standby.control.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(await holder()).toBe("controller-1");
  }, 90_000);

  it("take a shard over whose holder was killed, end its operation, and begin what was asked for meanwhile", async () => {
    const [running, asked] = [await application(destination.url), await application(destination.url)];
    for (const name of [running, asked]) await api.becomes(name, syncIs("OutOfSync"));
    const killed = Promise.withResolvers<void>();
    destination.tap = {
      after: (request) => {
        // After the hook and the first wave, before the second.
        if (!about(running)(request) || !request.path.includes("/configmaps") || first.child.killed) return;
        first.child.kill("SIGKILL");
        killed.resolve();
      },
    };
    await sync(running);
    await killed.promise;
    await first.ended;
    expect((await api.app(running)).status.operationState.phase).toBe("Running");
    await sync(asked);
    await says(standby, "ok", TAKEOVER_MS);
    expect(await holder()).toBe("controller-1-new");
    for (const name of [running, asked]) await synced(name);
    for (const name of [running, asked]) {
      const jobs = (await client.list(JOB, { namespace: name })).items;
      expect(jobs.map((job) => job.metadata.name).sort()).toEqual(["after", "before"]);
      expect(destination.requests.filter(({ method, path: url }) => method === "POST" && url.endsWith(`/namespaces/${name}/jobs`))).toHaveLength(2);
      const { resources } = (await api.app(name)).status.operationState.syncResult;
      expect(resources.map((each: any) => each.name).sort()).toEqual(["after", "before", "one", "two"]);
      expect(resources.filter((each: any) => each.hookType !== undefined).map((each: any) => each.hookPhase)).toEqual(["Succeeded", "Succeeded"]);
    }
  }, 120_000);

  it("hand a shard on at once when they are stopped", async () => {
    const next = await startReplica("controller-1", ports.controller);
    await says(next, "waiting for shard 1");
    standby.child.kill("SIGTERM");
    await standby.ended;
    await says(next, "ok");
    expect(await holder()).toBe("controller-1");
    const name = await application(destination.url);
    await api.becomes(name, syncIs("OutOfSync"));
    await sync(name);
    await synced(name);
    first = next;
  }, 90_000);

  it("leave their shard to a newer process of their own name, as a replaced pod has it", async () => {
    const next = await startReplica("controller-1");
    await says(next, "ok");
    await first.ended;
    expect(await holder()).toBe("controller-1");
    const name = await application(destination.url);
    await api.becomes(name, syncIs("OutOfSync"));
    await sync(name);
    await synced(name);
    expect(next.control.requests.some(about(name))).toBe(true);
  }, 90_000);
});
