import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startWholeCluster, type DevCluster } from "@trireme/dev-cluster";
import { ensureTools } from "@trireme/launcher";
import { kubectl, mustKubectl, type Outcome } from "../support/kubectl.ts";
import { until } from "../support/until.ts";

const CRDS = path.resolve(import.meta.dirname, "../../charts/trireme/crds");

const web = (image: string, replicas = 2): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { app: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: main
          image: ${image}
          ports: [{ containerPort: 80 }]
`;

describe("the real kubectl on the embedded cluster", () => {
  let dir: string;
  let cluster: DevCluster;
  let target: { kubectl: string; kubeconfig: string };
  const run = (...args: string[]): Promise<string> => mustKubectl(target, args);
  const tried = (...args: string[]): Promise<Outcome> => kubectl(target, args);
  const given = (input: string, ...args: string[]): Promise<string> => mustKubectl(target, args, { input });

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "trireme-kubectl-test-"));
    cluster = await startWholeCluster({ nodes: { brokenImages: ["broken"], backoffMs: 100 } });
    const kubeconfig = path.join(dir, "kubeconfig");
    cluster.writeKubeconfig(kubeconfig);
    target = { kubectl: (await ensureTools()).kubectl, kubeconfig };
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it("version, cluster-info, api-versions and api-resources know the server", async () => {
    expect(await run("version")).toContain("Server Version: v1.36.3");
    expect(await run("cluster-info")).toContain(cluster.url);
    expect(await run("api-versions")).toContain("apps/v1\n");
    expect(await run("api-resources")).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
  });

  it("apply creates, changes and leaves alone", async () => {
    expect(await given(web("web:1"), "apply", "-f", "-")).toBe("deployment.apps/web created\n");
    expect(await given(web("web:1"), "apply", "-f", "-")).toBe("deployment.apps/web unchanged\n");
    expect(await given(web("web:2"), "apply", "-f", "-")).toBe("deployment.apps/web configured\n");
    expect(await run("rollout", "status", "deployment/web", "--timeout=20s")).toContain("successfully rolled out");
  });

  it("get shows tables, wide ones, YAML, JSON and single fields", async () => {
    expect(await run("get", "deployment", "web")).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\S+\n$/);
    expect(await run("get", "pods", "-o", "wide")).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n(web-\S+ +1\/1 +Running +0 +\S+ +\S+ +node-1 .*\n){2}/);
    expect(await run("get", "all", "--all-namespaces")).toContain("service/kubernetes");
    expect(await run("get", "deployment", "web", "-o", "yaml")).toContain("image: web:2");
    expect(JSON.parse(await run("get", "deployment", "web", "-o", "json"))).toMatchObject({ apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 2 } });
    expect(await run("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}")).toBe("2");
    expect(await run("get", "pods", "-l", "app=web", "-o", "name")).toMatch(/^(pod\/web-\S+\n){2}$/);
    expect((await tried("get", "deployment", "none")).stderr).toBe('Error from server (NotFound): deployments.apps "none" not found\n');
  });

  it("get -w tells changes as they come", async () => {
    const child = execFile(target.kubectl, ["--kubeconfig", target.kubeconfig, "get", "configmap", "-w", "--field-selector", "metadata.name=watched", "-o", "name"]);
    let seen = "";
    child.stdout!.on("data", (chunk: string) => (seen += chunk));
    try {
      await run("create", "configmap", "watched", "--from-literal=a=b");
      await until("kubectl get -w", async () => seen, (text) => text.includes("configmap/watched") || { notYet: `printed ${JSON.stringify(text)}` });
    } finally {
      child.kill();
    }
  });

  it("describe tells the whole story", async () => {
    const text = await run("describe", "deployment", "web");
    expect(text).toMatch(/Replicas: +2 desired \| 2 updated \| 2 total \| 2 available/);
    expect(text).toContain("ScalingReplicaSet");
    expect(await run("describe", "node", "node-1")).toContain("Ready");
  });

  it("diff shows what an apply would change, and says so in its exit code", async () => {
    const different = await kubectl(target, ["diff", "-f", "-"], { input: web("web:3") });
    expect(different.code).toBe(1);
    expect(different.stdout).toMatch(/^- +- image: web:2\n\+ +- image: web:3$|-.*image: web:2[\s\S]*\+.*image: web:3/m);
    expect((await kubectl(target, ["diff", "-f", "-"], { input: web("web:2") })).code).toBe(0);
  });

  it("apply --server-side owns fields, and meets the owners of others", async () => {
    const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: owned }\ndata: { a: '1' }\n";
    expect(await given(config, "apply", "--server-side", "-f", "-")).toBe("configmap/owned serverside-applied\n");
    const refused = await kubectl(target, ["apply", "--server-side", "--field-manager", "other", "-f", "-"], { input: config.replace("'1'", "'2'") });
    expect(refused.stderr).toContain('Apply failed with 1 conflict: conflict with "kubectl": .data.a');
    expect(await given(config.replace("'1'", "'2'"), "apply", "--server-side", "--force-conflicts", "--field-manager", "other", "-f", "-")).toBe("configmap/owned serverside-applied\n");
    expect(await run("get", "configmap", "owned", "-o", "jsonpath={.metadata.managedFields[*].manager}")).toBe("other");
  });

  it("patch knows all its types", async () => {
    await run("create", "configmap", "patched", "--from-literal=a=1");
    expect(await run("patch", "configmap", "patched", "--type=merge", "-p", '{"data":{"b":"2"}}')).toContain("patched");
    await run("patch", "configmap", "patched", "--type=json", "-p", '[{"op":"add","path":"/data/c","value":"3"}]');
    await run("patch", "configmap", "patched", "-p", '{"data":{"d":"4"}}');
    expect(JSON.parse(await run("get", "configmap", "patched", "-o", "jsonpath={.data}"))).toEqual({ a: "1", b: "2", c: "3", d: "4" });
  });

  it("edit changes what the editor changed", async () => {
    const editor = path.join(dir, "editor.sh");
    await writeFile(editor, '#!/bin/sh\nsed -i "s/a: \\"1\\"/a: edited/" "$1"\n', { mode: 0o755 });
    const before = process.env["EDITOR"];
    process.env["EDITOR"] = editor;
    try {
      expect(await run("edit", "configmap", "patched")).toBe("configmap/patched edited\n");
    } finally {
      if (before === undefined) delete process.env["EDITOR"];
      else process.env["EDITOR"] = before;
    }
    expect(await run("get", "configmap", "patched", "-o", "jsonpath={.data.a}")).toBe("edited");
  });

  it("label, annotate and set image change just that", async () => {
    await run("label", "deployment", "web", "team=a");
    await run("annotate", "deployment", "web", "note=b");
    await run("set", "image", "deployment/web", "main=web:4");
    expect(JSON.parse(await run("get", "deployment", "web", "-o", "json"))).toMatchObject({ metadata: { labels: { team: "a" }, annotations: { note: "b" } }, spec: { template: { spec: { containers: [{ image: "web:4" }] } } } });
  });

  it("scale and rollout follow through", async () => {
    expect(await run("scale", "deployment", "web", "--replicas=3")).toBe("deployment.apps/web scaled\n");
    expect(await run("rollout", "status", "deployment/web", "--timeout=20s")).toContain("successfully rolled out");
    expect(await run("get", "deployment", "web", "-o", "jsonpath={.status.availableReplicas}")).toBe("3");
    expect(await run("rollout", "history", "deployment/web")).toContain("REVISION");
    expect(await run("rollout", "undo", "deployment/web")).toContain("rolled back");
    expect(await run("rollout", "restart", "deployment/web")).toContain("restarted");
    expect(await run("rollout", "status", "deployment/web", "--timeout=20s")).toContain("successfully rolled out");
  });

  it("rollout status waits for what never becomes ready", async () => {
    await run("create", "deployment", "sick", "--image=sick:broken");
    const { code, stderr } = await tried("rollout", "status", "deployment/sick", "--timeout=1s");
    expect([code, stderr]).toEqual([1, expect.stringContaining("timed out waiting for the condition")]);
    await until("the broken pod", () => run("get", "pods", "-l", "app=sick"), (text) => /ErrImagePull|ImagePullBackOff/.test(text) || { notYet: text });
  });

  it("logs come from the containers", async () => {
    await run("run", "talker", "--image=busybox", "--restart=Never", "--command", "--", "sh", "-c", "echo hello; exit 3");
    await run("wait", "--for=jsonpath={.status.phase}=Failed", "pod/talker", "--timeout=20s");
    expect(await run("logs", "talker")).toContain("hello");
    expect(await run("get", "pod", "talker", "-o", "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}")).toBe("3");
    expect((await tried("logs", "talker", "-c", "none")).stderr).toContain("container none is not valid for pod talker");
    expect((await tried("exec", "talker", "--", "ls")).code).toBe(1);
  });

  it("explain reads the schemas, of CRDs too", async () => {
    expect(await run("explain", "deployment.spec.replicas")).toContain("FIELD: replicas <integer>");
    await run("apply", "--server-side", "-f", CRDS);
    const count = (await readdir(CRDS)).length;
    expect((await run("get", "crd", "-o", "name")).trim().split("\n")).toHaveLength(count);
    expect(await run("explain", "application.spec.source")).toContain("repoURL");
    expect(await run("api-resources", "--api-group=argoproj.io")).toMatch(/^applications +app,apps +argoproj.io\/v1alpha1 +true +Application$/m);
  });

  it("refuses fields that do not exist before anything is written", async () => {
    const refused = await kubectl(target, ["apply", "-f", "-"], { input: "apiVersion: v1\nkind: Service\nmetadata: { name: bad, nmaespace: x }\nspec: { ports: [{ port: 80 }] }\n" });
    expect(refused.stderr).toContain('strict decoding error: unknown field "metadata.nmaespace"');
    expect((await tried("get", "service", "bad")).code).toBe(1);
  });

  it("auth can-i answers for oneself and for others", async () => {
    expect(await run("auth", "can-i", "create", "pods")).toBe("yes\n");
    expect((await tried("auth", "can-i", "create", "pods", "--as", "nobody")).stdout).toBe("no\n");
    await run("create", "rolebinding", "viewers", "--clusterrole=view", "--user=vera");
    expect(await run("auth", "can-i", "list", "pods", "--as", "vera")).toBe("yes\n");
    expect(await run("auth", "can-i", "--list", "--as", "vera")).toMatch(/^configmaps +\[\] +\[\] +\[.*get list watch.*\]$/m);
    expect(await run("auth", "whoami")).toContain("kubernetes-admin");
    expect((await tried("get", "secrets", "--as", "vera")).stderr).toBe('Error from server (Forbidden): secrets is forbidden: User "vera" cannot list resource "secrets" in API group "" in the namespace "default"\n');
  });

  it("creates what it has words for", async () => {
    await run("create", "namespace", "words");
    await run("create", "secret", "generic", "s", "--from-literal=a=b", "-n", "words");
    await run("create", "serviceaccount", "robot", "-n", "words");
    expect(await run("create", "token", "robot", "-n", "words")).toMatch(/^\S+\.\S+\.\S+$/);
    await run("create", "job", "once", "--image=busybox", "-n", "words");
    await run("create", "ingress", "in", "--rule=a.test/*=web:80", "-n", "words");
    await run("expose", "deployment", "web", "--port=80");
    await until("endpoints of the service", () => run("get", "endpoints", "web"), (text) => /10\.\d+\.\d+\.\d+:80/.test(text) || { notYet: text });
  });

  it("delete ends things, and waits until they are gone", async () => {
    expect(await run("delete", "deployment", "web", "--timeout=20s")).toContain('deployment.apps "web" deleted');
    await until("the pods of the deployment", () => run("get", "pods", "-l", "app=web", "-o", "name"), (names) => names === "" || { notYet: names });
    expect(await run("delete", "namespace", "words", "--timeout=20s")).toContain('namespace "words" deleted');
    expect((await tried("get", "namespace", "words")).code).toBe(1);
    expect(await run("delete", "configmap", "--all")).toContain("deleted");
  });
});
