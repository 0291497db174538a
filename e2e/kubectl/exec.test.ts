import { Agent, WebSocket } from "undici";
import { loadKubeconfig } from "@trireme/kube";
import { kubectl, mustKubectl, type Outcome } from "../support/kubectl.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NS = "exec";

const objects = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { color: blue, "app.conf": "a=1\\n" }
---
apiVersion: v1
kind: Secret
metadata: { name: password }
stringData: { word: swordfish }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - name: main
      image: web:1
      env:
        - { name: PLAIN, value: one }
        - { name: BOTH, value: "$(PLAIN)-two" }
        - { name: COLOR, valueFrom: { configMapKeyRef: { name: settings, key: color } } }
        - { name: WORD, valueFrom: { secretKeyRef: { name: password, key: word } } }
        - { name: ME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
      volumeMounts: [{ name: settings, mountPath: /etc/settings }, { name: password, mountPath: /etc/password, readOnly: true }]
    - { name: side, image: side:1 }
  volumes: [{ name: settings, configMap: { name: settings } }, { name: password, secret: { secretName: password } }]
---
apiVersion: v1
kind: Pod
metadata: { name: over }
spec:
  restartPolicy: Never
  containers: [{ name: main, image: task:1, command: ["true"] }]
---
apiVersion: v1
kind: Pod
metadata: { name: waiting }
spec:
  containers: [{ name: main, image: "web:broken" }]
`;

/** kubectl speaks WebSockets, and SPDY where that is refused or turned off; both end at the node. */
describe.each([{ carrier: "WebSockets", env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: "true" } }, { carrier: "SPDY", env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: "false" } }])("kubectl exec over $carrier", ({ env }) => {
  let stack: Stack;
  const run = (args: string[], input?: string): Promise<Outcome> => kubectl(stack, ["-n", NS, "exec", ...args], { env, ...(input !== undefined && { input }) });
  const inWeb = (...command: string[]): Promise<Outcome> => run(["web", "-c", "main", "--", ...command]);
  const outOf = async (...command: string[]): Promise<string> => (await inWeb(...command)).stdout;

  beforeAll(async () => {
    stack = await sharedStack();
    if ((await kubectl(stack, ["get", "namespace", NS])).code !== 0) await mustKubectl(stack, ["create", "namespace", NS]);
    await until("the namespace's account", () => kubectl(stack, ["-n", NS, "get", "serviceaccount", "default"]), ({ code, stderr }) => code === 0 || { notYet: stderr });
    await mustKubectl(stack, ["-n", NS, "apply", "-f", "-"], { input: objects });
    await mustKubectl(stack, ["-n", NS, "wait", "--for=condition=Ready", "pod/web", "--timeout=60s"], { timeoutMs: 90_000 });
    await mustKubectl(stack, ["-n", NS, "wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/over", "--timeout=60s"], { timeoutMs: 90_000 });
  }, 180_000);

  it("runs a command and brings its output", async () => {
    expect(await inWeb("cat", "/etc/hostname")).toEqual({ code: 0, stdout: "web\n", stderr: "" });
    expect(await run(["web", "--", "hostname"])).toMatchObject({ code: 0, stdout: "web\n" });
  });

  it("carries what is typed, and its end", async () => {
    expect(await run(["-i", "web", "-c", "main", "--", "cat"], "one\ntwo\n")).toEqual({ code: 0, stdout: "one\ntwo\n", stderr: "" });
    expect(await run(["-i", "web", "-c", "main", "--", "sh"], "echo hello; cd /etc/settings\npwd; exit 5\n")).toMatchObject({ code: 5, stdout: "hello\n/etc/settings\n" });
    const large = "0123456789abcdef".repeat(1 << 16);
    expect((await run(["-i", "web", "-c", "main", "--", "cat"], large)).stdout.length).toBe(large.length);
  });

  it("ends with the command's exit code", async () => {
    expect(await inWeb("sh", "-c", "echo out; echo err >&2; exit 3")).toEqual({ code: 3, stdout: "out\n", stderr: "err\ncommand terminated with exit code 3\n" });
    expect((await inWeb("false")).code).toBe(1);
    expect((await inWeb("true")).code).toBe(0);
    expect((await inWeb("test", "-f", "/etc/settings/color")).code).toBe(0);
    expect((await inWeb("test", "-f", "/etc/settings/none")).code).toBe(1);
  });

  it("finds environment, ConfigMaps and Secrets as the pod asks for them", async () => {
    expect(await outOf("sh", "-c", 'echo "$PLAIN $BOTH $COLOR $WORD $ME"')).toBe("one one-two blue swordfish web\n");
    expect((await outOf("env")).split("\n")).toEqual(expect.arrayContaining(["PLAIN=one", "COLOR=blue", "HOSTNAME=web"]));
    expect(await outOf("ls", "/etc/settings")).toBe("app.conf\ncolor\n");
    expect(await outOf("cat", "/etc/settings/app.conf", "/etc/password/word")).toBe("a=1\nswordfish");
    expect((await outOf("sh", "-c", "cat /var/run/secrets/kubernetes.io/serviceaccount/namespace; echo; wc -c < /var/run/secrets/kubernetes.io/serviceaccount/token")).split("\n")).toEqual([NS, expect.stringMatching(/^\d{3,4}$/), ""]);
    expect(await inWeb("sh", "-c", "echo x > /etc/password/word")).toMatchObject({ code: 1, stderr: expect.stringContaining("sh: can't create /etc/password/word: Read-only file system\n") });
  });

  it("keeps what a command wrote for the next one", async () => {
    await inWeb("sh", "-c", "echo kept > /tmp/file && echo more >> /tmp/file");
    expect(await outOf("cat", "/tmp/file")).toBe("kept\nmore\n");
    expect(await run(["web", "-c", "side", "--", "cat", "/tmp/file"])).toMatchObject({ code: 1, stderr: expect.stringContaining("can't open '/tmp/file'") });
  });

  it("says what is not there", async () => {
    expect(await inWeb("sh", "-c", "psql -l")).toMatchObject({ code: 127, stderr: "sh: psql: not found\ncommand terminated with exit code 127\n" });
    expect(await inWeb("psql")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: Internal error occurred: .*OCI runtime exec failed: exec failed: unable to start container process: exec: "psql": executable file not found in \$PATH: unknown\n$/) });
    expect(await inWeb("/opt/psql")).toMatchObject({ code: 1, stderr: expect.stringContaining('exec: "/opt/psql": stat /opt/psql: no such file or directory: unknown') });
    expect(await run(["web", "-c", "none", "--", "ls"])).toMatchObject({ code: 1, stderr: expect.stringContaining("container none is not valid for pod web") });
    expect(await run(["nobody", "--", "ls"])).toMatchObject({ code: 1, stderr: 'Error from server (NotFound): pods "nobody" not found\n' });
    expect(await run(["over", "--", "ls"])).toMatchObject({ code: 1, stderr: "error: cannot exec into a container in a completed pod; current phase is Succeeded\n" });
    expect(await run(["waiting", "--", "ls"])).toMatchObject({ code: 1, stderr: expect.stringContaining('container not found ("main")') });
  });

  it("ends with the container that it runs in", async () => {
    const name = `short-${env.KUBECTL_REMOTE_COMMAND_WEBSOCKETS}`;
    await mustKubectl(stack, ["-n", NS, "run", name, "--image=web:1"]);
    await mustKubectl(stack, ["-n", NS, "wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s"], { timeoutMs: 90_000 });
    const sleeping = run([name, "--", "sh", "-c", "echo begun > /tmp/begun; sleep 600"]);
    await until("the command to run", () => run([name, "--", "cat", "/tmp/begun"]), ({ stdout, stderr }) => stdout === "begun\n" || { notYet: stderr });
    await mustKubectl(stack, ["-n", NS, "delete", "pod", name, "--wait=false"]);
    expect(await sleeping).toMatchObject({ code: 137 });
  }, 120_000);
});

describe("exec for other clients", () => {
  it.each(["v5.channel.k8s.io", "v4.channel.k8s.io"])("answers %s with a byte for the channel and a status at the end", async (protocol) => {
    const { kubeconfig } = await sharedStack();
    const connection = await loadKubeconfig(kubeconfig);
    const { cert, key, authorization } = await connection.credentials();
    const dispatcher = new Agent({ connect: { ca: connection.tls?.ca, cert, key } as never });
    const query = new URLSearchParams([["container", "main"], ["stdout", "true"], ["stderr", "true"], ["command", "sh"], ["command", "-c"], ["command", "echo hi; exit 7"]]);
    const socket = new WebSocket(`${connection.server.replace("https:", "wss:")}/api/v1/namespaces/${NS}/pods/web/exec?${query}`, { protocols: [protocol], dispatcher, ...(authorization && { headers: { authorization } }) });
    socket.binaryType = "arraybuffer";
    const channels: Record<number, string> = {};
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("message", ({ data }) => {
        const bytes = Buffer.from(data as ArrayBuffer);
        channels[bytes[0]!] = (channels[bytes[0]!] ?? "") + bytes.toString("utf8", 1);
      });
      socket.addEventListener("close", () => resolve());
      socket.addEventListener("error", ({ error }) => reject(error ?? new Error("the WebSocket failed")));
    });
    await dispatcher.close();
    expect(channels[1]).toBe("hi\n");
    expect(JSON.parse(channels[3]!)).toMatchObject({ status: "Failure", reason: "NonZeroExitCode", details: { causes: [{ reason: "ExitCode", message: "7" }] } });
  });
});
