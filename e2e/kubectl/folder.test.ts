import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { kubectl, mustKubectl, type Outcome } from "../support/kubectl.ts";
import { clusterKind, sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NS = "folder";
const TEAMS = 30;
const SECOND = 1000;

/** What people do with a folder of manifests, whichever cluster it is. */
describe("the real kubectl and a folder of 300 objects", () => {
  let stack: Stack;
  let folder: string;
  const run = (...args: string[]): Promise<string> => mustKubectl(stack, ["-n", NS, ...args], { timeoutMs: 120 * SECOND });
  const tried = (...args: string[]): Promise<Outcome> => kubectl(stack, ["-n", NS, ...args], { timeoutMs: 120 * SECOND });

  beforeAll(async () => {
    stack = await sharedStack();
    folder = await mkdtemp(path.join(os.tmpdir(), "trireme-folder-"));
    for (let team = 0; team < TEAMS; team++) {
      const home = path.join(folder, `team-${team}`);
      await mkdir(home);
      for (const object of objectsOf(`team-${team}`)) await writeFile(path.join(home, `${object.kind.toLowerCase()}.yaml`), stringify(object));
    }
    await mustKubectl(stack, ["create", "namespace", NS]);
  }, 60_000);
  afterAll(async () => {
    await tried("delete", "namespace", NS, "--wait=false");
    await rm(folder, { recursive: true, force: true });
  });

  it("apply creates all of them, and finds all of them unchanged", async () => {
    const created = (await run("apply", "-R", "-f", folder)).trim().split("\n");
    expect(created).toHaveLength(10 * TEAMS);
    expect(created.filter((line) => !line.endsWith(" created"))).toEqual([]);
    const again = (await run("apply", "-R", "-f", folder)).trim().split("\n");
    expect(again).toHaveLength(10 * TEAMS);
    // The selector of a budget is replaced as a whole: kubectl sends it each time, whatever the server.
    expect(again.filter((line) => !line.endsWith(" unchanged") && !/^poddisruptionbudget.policy\/\S+ configured$/.test(line))).toEqual([]);
  }, 240_000);

  it("apply --server-side takes all of them over without a conflict", async () => {
    const lines = (await run("apply", "--server-side", "-R", "-f", folder)).trim().split("\n");
    expect(lines).toHaveLength(10 * TEAMS);
    expect(lines.filter((line) => !line.endsWith(" serverside-applied"))).toEqual([]);
  }, 240_000);

  it("diff says nothing of what is equal, and shows the two lines of what is not", async () => {
    const home = path.join(folder, "team-7");
    expect(await tried("diff", "-R", "-f", home)).toMatchObject({ code: 0, stdout: "" });
    const file = path.join(home, "configmap.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("mode: plain", "mode: fancy"));
    const { code, stdout, stderr } = await tried("diff", "-R", "-f", home);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout.split("\n").filter((line) => /^[-+](?![-+])/.test(line))).toEqual(["-  mode: plain", "+  mode: fancy"]);
    expect(await run("apply", "-R", "-f", home)).toContain("configmap/team-7 configured\n");
    expect(await tried("diff", "-R", "-f", home)).toMatchObject({ code: 0, stdout: "" });
  }, 120_000);

  it("wait --for=condition returns when all are available, and says what it waited for in vain", async () => {
    const met = (await run("wait", "--for=condition=Available", "deployment", "--all", "--timeout=90s")).trim().split("\n");
    expect(met.toSorted()).toEqual(Array.from({ length: TEAMS }, (_, team) => `deployment.apps/team-${team} condition met`).toSorted());
    const vain = await tried("wait", "--for=condition=Progressing=False", "deployment/team-3", "--timeout=1s");
    expect(vain).toMatchObject({ code: 1, stderr: "error: timed out waiting for the condition on deployments/team-3\n" });
    expect(await tried("wait", "--for=condition=Available", "deployment/nobody", "--timeout=1s")).toMatchObject({ code: 1, stderr: 'Error from server (NotFound): deployments.apps "nobody" not found\n' });
    expect(await run("wait", "--for=jsonpath={.status.readyReplicas}=2", "deployment/team-3", "--timeout=60s")).toBe("deployment.apps/team-3 condition met\n");
  }, 120_000);

  it("rollout undo brings back the last revision, or the one asked for", async () => {
    const image = (): Promise<string> => run("get", "deployment", "team-5", "-o", "jsonpath={.spec.template.spec.containers[0].image}");
    const rolledOut = (): Promise<string> => run("rollout", "status", "deployment/team-5", "--timeout=60s");
    for (const version of ["web:2", "web:3"]) {
      await run("set", "image", "deployment/team-5", `web=${version}`);
      await rolledOut();
    }
    expect(await run("rollout", "undo", "deployment/team-5")).toBe("deployment.apps/team-5 rolled back\n");
    expect(await rolledOut()).toContain("successfully rolled out");
    expect(await image()).toBe("web:2");
    expect(await run("rollout", "undo", "deployment/team-5", "--to-revision=1")).toBe("deployment.apps/team-5 rolled back\n");
    await rolledOut();
    expect(await image()).toBe("web:1");
    expect((await run("rollout", "history", "deployment/team-5")).match(/^\d+/gm)).toEqual(["3", "4", "5"]);
    expect(await tried("rollout", "undo", "deployment/team-5", "--to-revision=1")).toMatchObject({ code: 1, stderr: expect.stringMatching(/(^|\n)error: unable to find specified revision 1 in history\n$/) });
  }, 240_000);

  it("get -w -o wide tells every step of a pod as a row", async () => {
    using watching = listen(stack, ["-n", NS, "get", "pods", "-w", "-o", "wide", "--field-selector", "metadata.name=seen"]);
    await run("run", "seen", "--image=web:1");
    await until("kubectl get -w -o wide", async () => watching.rows(), (rows) => rows.some((row) => row[2] === "Running") || { notYet: JSON.stringify(rows) }, 60_000);
    await run("delete", "pod", "seen", "--grace-period=1", "--timeout=60s");
    const rows = await until("the end of the pod", async () => watching.rows(), (all) => all.some((row) => row[2] === "Terminating") || { notYet: JSON.stringify(all) }, 60_000);
    expect(rows[0]).toEqual(["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES"]);
    const steps = rows.slice(1).map((row) => row[2]);
    expect(steps.filter((step, at) => step !== steps[at - 1])).toEqual(["Pending", "ContainerCreating", "Running", "Terminating"].filter((step) => steps.includes(step)).concat(steps.at(-1) === "Terminating" ? [] : [steps.at(-1)!]));
    const running = rows.find((row) => row[2] === "Running")!;
    expect(running).toEqual(["seen", "1/1", "Running", "0", expect.stringMatching(/^\d+s$/), expect.stringMatching(/^10\.\d+\.\d+\.\d+$/), "node-1", "<none>", "<none>"]);
  }, 120_000);

  it("delete --cascade=foreground returns when the pods are gone before their owner", async () => {
    const owned = (): Promise<string> => run("get", "replicasets,pods", "-l", "app=team-9", "-o", "name");
    expect(await owned()).toMatch(/replicaset[^]*pod\//);
    const deleted = tried("delete", "deployment", "team-9", "--cascade=foreground", "--timeout=90s");
    const marked = await until("the owner to wait for what it owns", () => tried("get", "deployment", "team-9", "-o", "jsonpath={.metadata.finalizers}"), ({ code, stdout }) => code !== 0 || stdout.includes("foregroundDeletion") || { notYet: stdout });
    if (marked.code === 0) expect(marked.stdout).toBe('["foregroundDeletion"]');
    expect(await deleted).toMatchObject({ code: 0, stdout: expect.stringContaining('deployment.apps "team-9" deleted') });
    expect(await owned()).toBe("");
  }, 120_000);

  it("delete --cascade=orphan leaves what was owned, without an owner", async () => {
    await run("delete", "deployment", "team-8", "--cascade=orphan", "--timeout=60s");
    const { items } = JSON.parse(await run("get", "replicasets", "-l", "app=team-8", "-o", "json"));
    expect(items.map((set: any) => set.metadata.ownerReferences)).toEqual([undefined]);
  }, 120_000);

  it("explain --recursive shows the whole tree of a kind", async () => {
    const text = await run("explain", "deployment", "--recursive");
    expect(text).toMatch(/^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n/);
    const lines = text.split("\n");
    const at = (line: RegExp): string | undefined => lines.find((one) => line.test(one))?.replace(/[^ ].*/, "").length.toString();
    expect([/^ +spec\s<DeploymentSpec>$/, /^ +template\s<PodTemplateSpec> -required-$/, /^ +containers\s<\[\]Container> -required-$/, /^ +imagePullPolicy\s<string>$/].map(at)).toEqual(["2", "4", "8", "10"]);
    expect(lines).toContain("          enum: Always, IfNotPresent, Never");
    expect(await run("explain", "application.spec", "--recursive")).toMatch(/^ +destination\s<Object> -required-\n +name\s<string>\n +namespace\s<string>\n +server\s<string>$/m);
  }, 60_000);

  it("port-forward is refused with a sentence", async () => {
    await run("run", "door", "--image=web:1");
    await run("wait", "--for=condition=Ready", "pod/door", "--timeout=60s");
    const { code, stderr } = await tried("port-forward", "pod/door", "18080:80");
    expect(code).toBe(1);
    // A real API server passes on what the kubelet says.
    const what = clusterKind === "dev" ? "pods/portforward is not served by the embedded cluster" : "port-forward is not served by this node";
    expect(stderr).toContain(`${what}: its containers are simulated and run no processes to connect to`);
  }, 120_000);
});

/** Ten objects of ten kinds. */
function objectsOf(name: string): { kind: string; [field: string]: unknown }[] {
  const metadata = { name, labels: { team: name } };
  const selector = { app: name };
  const rbac = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { mode: "plain", text: "several\nlines\n" } },
    { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: { password: "MTIzNDU=" } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }] },
    { apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata, roleRef: { apiGroup: rbac, kind: "Role", name }, subjects: [{ kind: "ServiceAccount", name }] },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector, ports: [{ name: "http", port: 80, targetPort: 8080 }, { name: "dns", port: 53, protocol: "UDP" }] } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 2, selector: { matchLabels: selector }, template: { metadata: { labels: selector }, spec: { serviceAccountName: name, containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 8080 }], resources: { requests: { cpu: "10m", memory: "16Mi" } }, envFrom: [{ configMapRef: { name } }] }] } } } },
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec: { rules: [{ host: `${name}.example.com`, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port: { number: 80 } } } }] } }] } },
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec: { podSelector: { matchLabels: selector }, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080, protocol: "TCP" }] }] } },
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { minAvailable: 1, selector: { matchLabels: selector } } },
  ];
}

function listen(stack: Stack, args: readonly string[]): Disposable & { rows(): string[][] } {
  let seen = "";
  const child = execFile(stack.kubectl, ["--kubeconfig", stack.kubeconfig, ...args]);
  child.stdout!.on("data", (chunk: string) => (seen += chunk));
  return {
    rows: () => seen.split("\n").filter(Boolean).map((line) => line.trim().split(/ {2,}/)),
    [Symbol.dispose]: () => void child.kill(),
  };
}
