import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { startNodes } from "@trireme/dev-cluster/nodes";
import { allocatePorts, answers, ensureRedis, ensureRepository, ensureTools, GIT_USER, redisCommand, SAMPLE_REPOSITORY, supervise, type Supervised } from "@trireme/launcher";
import { chart, type Manifest } from "../chart/helm.ts";
import { Api, phaseIs, syncIs } from "../support/api.ts";
import { kubectl, mustKubectl } from "../support/kubectl.ts";
import { startControlPlane } from "../control-plane/control-plane.ts";
import { describeUnless } from "../support/sample.ts";
import { clusterKind, type Stack } from "../support/stack.ts";
import { startPod, type Machine } from "./pod-as-process.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");

/**
 * Where no container engine runs: the Dockerfile's own bundle step, the three bundles started from a folder that holds
 * only what the image would, with the environment and the ServiceAccounts' tokens of the installed chart.
 */
describeUnless(clusterKind === "real" ? undefined : "runs with `--cluster real` and in `npm run e2e:full`", "the image, installed by the chart", () => {
  const PASSWORD = "correct horse battery";
  const TENANT = "tenant";
  const stack = new AsyncDisposableStack();
  let machine: Machine;
  let imageBefore: string[];
  let installed: Stack;
  let ports: Record<string, number>;

  beforeAll(async () => {
    const work = await mkdtemp(path.join(os.tmpdir(), "trireme-image-"));
    stack.defer(() => rm(work, { recursive: true, force: true, maxRetries: 3 }));
    const logs = path.join(work, "logs");
    await mkdir(logs);

    const image = path.join(work, "app");
    await run(process.execPath, [path.join(root, "services/bundle.mjs"), image], { timeout: 120_000 });
    imageBefore = await filesBelow(image);

    const controlPlane = stack.use(await startControlPlane());
    const client = createKubeClient({ connection: await loadKubeconfig(controlPlane.kubeconfig) });
    stack.defer(() => client.close());
    stack.use(await startNodes(client, { brokenImages: ["broken"], serveKubelet: true }));

    ports = await allocatePorts(path.join(work, "ports.json"), Object.fromEntries(["api", "git", "repoServer", "controller", "redis", "apiProbes", "repoProbes", "controllerProbes"].map((name) => [name, { near: 30_000 }])));
    const redis = { port: ports["redis"]!, password: "redis-password" };
    const git = await startAround(stack, work, logs, redis);
    const tools = await ensureTools();
    machine = { client, server: { url: controlPlane.url, ca: Buffer.from(controlPlane.caData, "base64").toString() }, image, imageEnvironment: await imageEnvironment(), root: path.join(work, "pods"), logs };
    installed = { cluster: "real", url: `http://127.0.0.1:${ports["api"]}`, adminPassword: PASSWORD, kubeconfig: controlPlane.kubeconfig, git, redis, kubectl: tools.kubectl, helm: tools.helm, logs };
    await helm(installed, "install", values(redis), "--create-namespace");
  }, 45 * 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  it("starts all three with nothing but what the chart gives them", async () => {
    // The door first: it makes the Secrets that the other two mount.
    for (const [kind, name, pod] of [
      ["Deployment", "argocd-server", "argocd-server-0"],
      ["Deployment", "argocd-repo-server", "argocd-repo-server-0"],
      ["StatefulSet", "argocd-application-controller", "argocd-application-controller-0"],
    ] as const) {
      const workload = await machine.client.get({ group: "apps", kind, namespace: "argocd", name });
      stack.use(await startPod(machine, workload as unknown as Manifest, pod));
    }
  }, 180_000);

  it("plays the main job", async () => {
    const description = path.join(machine.root, "stack.json");
    await writeFile(description, JSON.stringify(installed));
    const outcome = await jest(["tests/main-job"], { TRIREME_E2E_STACK: description, TRIREME_E2E_CLUSTER: "real" });
    if (outcome.code !== 0) throw new Error(`the main job failed:\n${outcome.text}\n${await tails(machine)}`);
  }, 300_000);

  it("keeps the password through an upgrade that leaves the controller only impersonation, and still deploys", async () => {
    const password = () => mustKubectl(installed, ["-n", "argocd", "get", "secret", "argocd-secret", "-o", "jsonpath={.data.admin\\.password}"]);
    const before = await password();
    const own = values(installed.redis) as { controller: object; config: object };
    await helm(installed, "upgrade", { ...own, controller: { ...own.controller, clusterAccess: "impersonation" }, config: { ...own.config, cm: { "application.sync.impersonation.enabled": true } } });
    expect(await password()).toBe(before);
    const mayCreate = await kubectl(installed, ["auth", "can-i", "create", "deployments", "-n", TENANT, "--as=system:serviceaccount:argocd:argocd-application-controller"]);
    expect(mayCreate.stdout.trim()).toBe("no");

    await mustKubectl(installed, ["create", "namespace", TENANT]);
    await mustKubectl(installed, ["-n", TENANT, "create", "serviceaccount", "deployer"]);
    await mustKubectl(installed, ["-n", TENANT, "create", "rolebinding", "deployer", "--clusterrole=edit", `--serviceaccount=${TENANT}:deployer`]);
    const api = await Api.signIn(installed);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: installed.git.sample, username: installed.git.user, password: installed.git.token });
    const server = "https://kubernetes.default.svc";
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: TENANT }, spec: { sourceRepos: ["*"], destinations: [{ server, namespace: TENANT }], destinationServiceAccounts: [{ server, namespace: TENANT, defaultServiceAccount: "deployer" }] } } });
    await api.must("POST", "/api/v1/applications", { metadata: { name: TENANT }, spec: { project: TENANT, source: { repoURL: installed.git.sample, path: "hello-world-flask", targetRevision: "main" }, destination: { server, namespace: TENANT } } });
    await api.must("POST", `/api/v1/applications/${TENANT}/sync`, {});
    await api.becomes(TENANT, phaseIs("Succeeded"), syncIs("Synced"));
  }, 120_000);

  it("writes only where the chart gives it room", async () => {
    expect(await filesBelow(machine.image)).toEqual(imageBefore);
    for (const pod of await readdir(machine.root, { withFileTypes: true })) {
      if (pod.isDirectory()) expect((await readdir(path.join(machine.root, pod.name))).filter((name) => !["data", "etc", "kubeconfig", "tmp", "var"].includes(name))).toEqual([]);
    }
  });

  it("was never refused anything by the API server", async () => {
    expect(await forbidden(machine)).toEqual([]);
  });

  function values(redis: { port: number; password: string }): object {
    const address = (name: string) => `127.0.0.1:${ports[name]}`;
    const extraEnv = (pairs: Record<string, string>) => Object.entries(pairs).map(([name, value]) => ({ name, value }));
    return {
      server: {
        insecure: true,
        ingress: { enabled: true, hostname: "cd.example.com" },
        extraEnv: extraEnv({ TRIREME_API_SERVER_LISTEN_ADDRESS: address("api"), TRIREME_PROBES_ADDRESS: address("apiProbes"), TRIREME_CONTROLLER_ADDRESS: address("controller") }),
      },
      repoServer: { extraEnv: extraEnv({ TRIREME_REPO_SERVER_LISTEN_ADDRESS: address("repoServer"), TRIREME_PROBES_ADDRESS: address("repoProbes") }) },
      controller: { extraEnv: extraEnv({ TRIREME_CONTROLLER_LISTEN_ADDRESS: address("controller"), TRIREME_PROBES_ADDRESS: address("controllerProbes") }) },
      redis: { enabled: false },
      externalRedis: { host: "127.0.0.1", port: redis.port, password: redis.password },
      config: { params: { "repo.server": address("repoServer") }, secret: { argocdServerAdminPassword: PASSWORD } },
    };
  }

  /** What stands around the trio: Redis and the Git server. */
  async function startAround(stack: AsyncDisposableStack, work: string, logs: string, redis: { port: number; password: string }): Promise<Stack["git"]> {
    const keep = (supervised: Supervised) => {
      stack.defer(() => supervised.stop());
      return supervised;
    };
    const passwordFile = path.join(work, "redis.conf");
    await writeFile(passwordFile, `requirepass ${redis.password}\n`);
    const binary = await ensureRedis(() => undefined);
    const redisProcess = keep(supervise({ name: "redis", ...redisCommand(binary, { port: redis.port, passwordFile, dir: work }) }, { logs }));
    const gitRoot = path.join(work, "git");
    await ensureRepository(gitRoot, SAMPLE_REPOSITORY);
    const url = `http://127.0.0.1:${ports["git"]}`;
    const token = "git-token";
    const gitServer = keep(
      supervise(
        {
          name: "git-server",
          command: process.execPath,
          args: [path.join(root, "packages/launcher/src/git-server-main.ts")],
          env: { TRIREME_GIT_ROOT: gitRoot, TRIREME_GIT_PORT: String(ports["git"]), TRIREME_GIT_USER: GIT_USER, TRIREME_GIT_TOKEN: token },
          ready: (signal) => answers(`${url}/healthz`, signal),
        },
        { logs },
      ),
    );
    await Promise.all([redisProcess.waitReady(), gitServer.waitReady()]);
    return { url, root: gitRoot, user: GIT_USER, token, sample: `${url}/${SAMPLE_REPOSITORY}.git` };
  }
});

/** `helm install` or `helm upgrade` of the chart in this tree. */
async function helm(stack: Stack, command: "install" | "upgrade", values: object, ...args: string[]): Promise<void> {
  const home = await mkdtemp(path.join(os.tmpdir(), "trireme-helm-"));
  try {
    const file = path.join(home, "values.json");
    await writeFile(file, JSON.stringify(values));
    const env = { ...process.env, HELM_CONFIG_HOME: home, HELM_CACHE_HOME: home, HELM_DATA_HOME: home };
    await run(stack.helm, [command, "argocd", chart, "--namespace", "argocd", "--kubeconfig", stack.kubeconfig, "--values", file, ...args], { env, timeout: 60_000 });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function imageEnvironment(): Promise<Record<string, string>> {
  const dockerfile = await readFile(path.join(root, "Dockerfile"), "utf8");
  const [, block = ""] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  return Object.fromEntries(block.replaceAll("\\\n", " ").trim().split(/\s+/).map((pair) => pair.split("=") as [string, string]));
}

function jest(patterns: readonly string[], environment: Record<string, string>): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", path.join(root, "node_modules/jest/bin/jest.js"), "-c", path.join(root, "e2e/jest.config.js"), "--runInBand", ...patterns], { cwd: root, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text: text.slice(-12_000) }));
  });
}

async function tails(machine: Machine): Promise<string> {
  const logs = ["argocd-server-0", "argocd-repo-server-0", "argocd-application-controller-0"];
  return (await Promise.all(logs.map(async (name) => `== ${name}\n${(await readFile(path.join(machine.logs, `${name}.log`), "utf8").catch(() => "")).slice(-3_000)}`))).join("\n");
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

/** Lines in which a service says that its ServiceAccount may not do something: a right that the chart forgot. */
async function forbidden(machine: Machine): Promise<string[]> {
  const lines = await Promise.all(["argocd-server-0", "argocd-application-controller-0"].map(async (name) => (await readFile(path.join(machine.logs, `${name}.log`), "utf8")).split("\n")));
  return lines.flat().filter((line) => /is forbidden|cannot \w+ resource/i.test(line));
}
