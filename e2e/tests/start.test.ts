import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { GIT_ENVIRONMENT } from "@trireme/launcher";
import { Api, syncIs } from "../support/api.ts";
import { clusterKind } from "../support/stack.ts";
import { describeUnless } from "../support/sample.ts";
import { until } from "../support/until.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** `npm start` as a new user meets it. */
describeUnless(clusterKind === "real" ? "starts its own embedded cluster, whichever the run's is" : undefined, "npm start", () => {
  let data: string;
  let child: ChildProcess | undefined;
  let printed = "";

  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), "trireme-start-"));
  });
  afterAll(async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await stop();
    await rm(data, { recursive: true, force: true, maxRetries: 3 });
  });

  async function start(...more: string[]): Promise<Record<string, string>> {
    printed = "";
    child = spawn(process.execPath, [path.join(root, "packages/launcher/bootstrap.mjs"), "start", "--data", data, "--port", "28080", ...more], { stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const gone = once(child, "exit").then(([code]) => code as number);
    await until(
      "npm start",
      async () => printed,
      (text) => text.includes("Ctrl-C stops") || (child!.exitCode !== null ? { never: `it ended with ${child!.exitCode}:\n${text}` } : { notYet: `at:\n${text}` }),
      90_000,
    );
    void gone;
    return Object.fromEntries([...printed.matchAll(/^ {2}(Address|User|Password|Kubeconfig|Sample) +(\S+)$/gm)].map((match) => [match[1]!, match[2]!]));
  }

  async function stop(): Promise<void> {
    const ended = once(child!, "exit");
    process.kill(-child!.pid!, "SIGINT");
    await ended;
  }

  const ours = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      const folder = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      if (command.includes(data) || folder.startsWith(data) || (environment.includes(data) && /services\/|packages\//.test(command))) found.push(command.replaceAll("\0", " "));
    }
    return found;
  };

  const isGuard = (pid: string): boolean => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return command.includes("trireme-guard") && command.includes(data);
    } catch {
      return false;
    }
  };

  let first: Record<string, string>;

  it("prints, in this order, the address, the user and password, the kubeconfig, the clone URL and the next thing to try; each works", async () => {
    first = await start();
    expect(Object.keys(first)).toEqual(["Address", "User", "Password", "Kubeconfig", "Sample"]);
    expect(printed.indexOf("argocd login")).toBeGreaterThan(printed.indexOf(first["Sample"]!));
    expect(printed).toContain(`argocd login ${new URL(first["Address"]!).host} --plaintext`);
    const api = await Api.signIn({ url: first["Address"]!, adminPassword: first["Password"]! }, first["User"]);
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: "kept" }, spec: {} } });
    const page = await fetch(first["Address"]!);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
    expect(await readFile(first["Kubeconfig"]!, "utf8")).toContain("certificate-authority-data");
    const sample = new URL(first["Sample"]!);
    const authorization = `Basic ${Buffer.from(`${sample.username}:${sample.password}`).toString("base64")}`;
    sample.username = sample.password = "";
    const refs = await fetch(`${sample.href}/info/refs?service=git-upload-pack`, { headers: { authorization } });
    expect([refs.status, await refs.text()]).toEqual([200, expect.stringContaining("refs/heads/main")]);
  }, 120_000);

  it("hears of a push at once, as from a Git host", async () => {
    const api = await Api.signIn({ url: first["Address"]!, adminPassword: first["Password"]! });
    const sample = new URL(first["Sample"]!);
    const work = path.join(data, "work");
    const git = async (...args: string[]): Promise<string> => (await promisify(execFile)("git", args, { env: { ...process.env, ...GIT_ENVIRONMENT } })).stdout.trim();
    await git("clone", "-q", sample.href, work);
    await api.must("POST", "/api/v1/repositories", { repo: `${sample.origin}${sample.pathname}`, username: sample.username, password: sample.password });
    await api.must("POST", "/api/v1/applications", { metadata: { name: "told" }, spec: { project: "default", source: { repoURL: `${sample.origin}${sample.pathname}`, path: "hello-world-spring" }, destination: { server: "https://kubernetes.default.svc", namespace: "told" } } });
    await api.becomes("told", syncIs("OutOfSync", await git("-C", work, "rev-parse", "HEAD")));
    await appendFile(path.join(work, "hello-world-spring/kustomization.yaml"), "configMapGenerator: [{name: another, literals: [a=b]}]\n");
    await git("-C", work, "commit", "-q", "-am", "Another");
    await git("-C", work, "push", "-q");
    // Nobody looks by itself before two minutes have passed.
    await api.becomes("told", syncIs("OutOfSync", await git("-C", work, "rev-parse", "HEAD")));
  }, 120_000);

  it("refuses a second start on the same folder, by name", async () => {
    const second = spawn(process.execPath, [path.join(root, "packages/launcher/bootstrap.mjs"), "start", "--data", data], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    second.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = await once(second, "exit");
    expect([code, said]).toEqual([1, expect.stringContaining(`runs on ${data} already`)]);
  });

  it("ends all of it on Ctrl-C, and keeps the state for the next start", async () => {
    await stop();
    expect(await ours()).toEqual([]);
    const again = await start();
    expect(again).toEqual(first);
    const api = await Api.signIn({ url: again["Address"]!, adminPassword: again["Password"]! });
    expect((await api.must("GET", "/api/v1/projects/kept")).body.metadata.name).toBe("kept");
  }, 120_000);

  const kill = async (): Promise<void> => {
    const gone = once(child!, "exit");
    process.kill(-child!.pid!, "SIGKILL");
    await gone;
  };

  it("leaves nothing behind when it is killed itself", async () => {
    expect((await ours()).join("\n")).toContain("redis-server");
    await kill();
    await until("everything to end", ours, (left) => left.length === 0 || { notYet: left.join("\n") });
  });

  it("ends what an earlier start has left, where nothing could end it then", async () => {
    await start();
    process.kill(Number((await readdir("/proc")).find((name) => /^\d+$/.test(name) && isGuard(name))), "SIGKILL");
    await kill();
    expect((await ours()).join("\n")).toContain("redis-server");
    const again = await start();
    expect(again["Address"]).toBe(first["Address"]);
    await stop();
    expect(await ours()).toEqual([]);
  }, 120_000);

  it("starts over with --fresh", async () => {
    const fresh = await start("--fresh");
    expect(fresh["Password"]).not.toBe(first["Password"]);
    const api = await Api.signIn({ url: fresh["Address"]!, adminPassword: fresh["Password"]! });
    expect((await api.call("GET", "/api/v1/projects/kept")).status).not.toBe(200);
    await stop();
  }, 120_000);
});
