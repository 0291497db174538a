import { connect } from "node:net";
import { Api, condition, syncIs } from "../support/api.ts";
import { kubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { sharedStack, type Stack } from "../support/stack.ts";

const IN_CLUSTER = "https://kubernetes.default.svc";

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: ${image}
          ports:
            - containerPort: 8080
`;
const service = (metadata: string) => `apiVersion: v1
kind: Service
metadata:
  name: web
${metadata}spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
`;
const ingress = (port: number) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  number: ${port}
`;

/** What a user gets wrong is answered with the thing and the place, and nothing is half-applied. */
describe("bad input", () => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;

  beforeAll(async () => {
    stack = await sharedStack();
    api = await Api.signIn(stack);
    repository = await Repository.create(stack, "bad-input", {
      "good/configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\ndata:\n  a: b\n",
      "broken-yaml/first.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: first\n",
      "broken-yaml/second.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: second\n  labels: {a: [}\n",
      "no-kind/good.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\n---\napiVersion: v1\nmetadata:\n  name: nameless-kind\n",
      "duplicates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\ndata:\n  from: a\n",
      "duplicates/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\ndata:\n  from: b\n",
      "typo/configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: beside-typo\n",
      "typo/service.yaml": service("  nmaespace: user01\n"),
      "unreplaced/configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: beside-unreplaced\n",
      "unreplaced/deployment.yaml": deployment("registry.example.com/${USER_IDENTITY}/web:1.0.0"),
      "wrong-port/deployment.yaml": deployment("registry.example.com/web:1.0.0"),
      "wrong-port/service.yaml": service(""),
      "wrong-port/ingress.yaml": ingress(8080),
    });
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  const application = (name: string, change: { path?: string; targetRevision?: string; repoURL?: string; project?: string; namespace?: string; server?: string; automated?: boolean } = {}) => ({
    metadata: { name, namespace: "argocd" },
    spec: {
      project: change.project ?? "default",
      source: { repoURL: change.repoURL ?? repository.url, path: change.path ?? "good", targetRevision: change.targetRevision ?? "main" },
      destination: { server: change.server ?? IN_CLUSTER, namespace: change.namespace ?? name },
      syncPolicy: { syncOptions: ["CreateNamespace=true"], ...(change.automated === true && { automated: { prune: true, selfHeal: true } }) },
    },
  });
  const refused = async (body: unknown) => {
    const { status, body: answer } = await api.call("POST", "/api/v1/applications", body);
    return { status, code: answer.code, message: answer.message as string };
  };

  test.each([
    { what: "an unknown revision", change: { targetRevision: "mian" }, want: /unable to resolve 'mian' to a commit SHA/ },
    { what: "a missing path", change: { path: "absent" }, want: /absent: app path does not exist/ },
    { what: "an unknown project", change: { project: "absent" }, want: /absent/ },
    { what: "an unknown cluster", change: { server: "https://nowhere.example.com" }, want: /nowhere\.example\.com/ },
  ])("an application with $what is refused, and not stored", async ({ what, change, want }) => {
    const name = `bad-${what.replaceAll(" ", "-")}`;
    const { status, message } = await refused(application(name, change));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message).toMatch(want);
    expect((await api.call("GET", `/api/v1/applications/${name}?project=default`)).status).toBe(404);
  });

  it("refuses an invalid name, by the rule", async () => {
    const { status, message } = await refused(application("Not_A_Name"));
    expect(status).toBe(400);
    expect(message).toContain("Not_A_Name");
  });

  it("refuses what a project forbids, naming the project and the destination", async () => {
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: "narrow" }, spec: { sourceRepos: [repository.url], destinations: [{ server: IN_CLUSTER, namespace: "allowed" }] } } });
    const { status, message } = await refused(application("bad-destination", { project: "narrow", namespace: "forbidden" }));
    expect(status).toBe(400);
    expect(message).toMatch(/application destination server 'https:\/\/kubernetes\.default\.svc' and namespace 'forbidden' do not match any of the allowed destinations in project 'narrow'/);
  });

  it("refuses bad credentials with the Git server's reason", async () => {
    const { status, body } = await api.call("POST", "/api/v1/repositories", { type: "git", repo: `${stack.git.url}/main-job.git`, username: "nobody", password: "wrong" });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.message).toMatch(/authentication|401/i);
  });

  test.each([
    { name: "broken-yaml", want: /broken-yaml\/second\.yaml:5/ },
    { name: "no-kind", want: /no-kind\/good\.yaml:6: Object 'Kind' is missing/ },
  ])("$name: a ComparisonError names file and line, and nothing is applied", async ({ name, want }) => {
    await api.must("POST", "/api/v1/applications?validate=false", application(name, { path: name, automated: true }));
    await api.becomes(name, syncIs("Unknown"), condition("ComparisonError", want));
    expect((await kubectl(stack, ["get", "configmaps", "-A", "-o", "name"])).stdout).not.toMatch(/configmap\/first$/m);
  });

  it("warns of duplicate objects, and applies the last", async () => {
    await api.must("POST", "/api/v1/applications", application("duplicates", { path: "duplicates", automated: true }));
    await api.becomes("duplicates", syncIs("Synced"), condition("RepeatedResourceWarning", /twice appeared 2 times/));
    expect((await kubectl(stack, ["-n", "duplicates", "get", "configmap", "twice", "-o", "jsonpath={.data.from}"])).stdout).toBe("b");
  });

  it("refuses a mistyped field, with the file, the line and the likely cure; nothing is half-applied", async () => {
    await api.must("POST", "/api/v1/applications?validate=false", application("typo", { path: "typo", automated: true }));
    await api.becomes("typo", condition("ComparisonError", "typo/service.yaml:5: metadata.nmaespace is not a field of Service; did you mean namespace?"));
    expect((await kubectl(stack, ["-n", "typo", "get", "configmap", "beside-typo"])).code).not.toBe(0);
  });

  it("refuses a placeholder that nobody replaced, with the file and the line; nothing is half-applied", async () => {
    await api.must("POST", "/api/v1/applications?validate=false", application("unreplaced", { path: "unreplaced", automated: true }));
    await api.becomes("unreplaced", condition("ComparisonError", /unreplaced\/deployment\.yaml:16: .*\$\{USER_IDENTITY\}/));
    expect((await kubectl(stack, ["-n", "unreplaced", "get", "configmap", "beside-unreplaced"])).code).not.toBe(0);
  });

  it("warns of an Ingress that points at a port its Service lacks, with the file, the line and the ports there are", async () => {
    await api.must("POST", "/api/v1/applications", application("wrong-port", { path: "wrong-port" }));
    const app = await api.becomes("wrong-port", syncIs("OutOfSync"));
    expect((app.status.conditions ?? []).map((found: any) => found.message).join("\n")).toMatch(/wrong-port\/ingress\.yaml:16: .*Service web has no port 8080.*did you mean 80\?/);
  });

  describe("at the door", () => {
    it("answers malformed JSON, unknown routes, wrong methods and content types clearly", async () => {
      expect(await api.call("POST", "/api/v1/applications", "{not json")).toMatchObject({ status: 400 });
      expect(await api.call("GET", "/api/v1/absent")).toMatchObject({ status: 404 });
      expect(await api.call("POST", "/api/v1/applications", "a=b", { "content-type": "application/x-www-form-urlencoded" })).toMatchObject({ status: 415 });
    });

    it("refuses an oversized body and stays there for others", async () => {
      const big = Buffer.alloc(300 << 20, "a");
      const answer = await fetch(`${stack.url}/api/v1/applications`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${api.token}` }, body: big }).then(
        ({ status }) => status,
        () => "connection closed",
      );
      expect([413, 400, 429, "connection closed"]).toContain(answer);
      expect((await api.call("GET", "/api/version")).status).toBe(200);
    });

    test.each([
      { what: "half an HTTP/2 preface", bytes: Buffer.from("PRI * HTTP/2.0\r\n") },
      { what: "a preface and a frame of rubbish", bytes: Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Buffer.alloc(64, 0xff)]) },
      { what: "a TLS hello on a plain port", bytes: Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]) },
    ])("survives $what", async ({ bytes }) => {
      const { hostname, port } = new URL(stack.url);
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.end(bytes));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        socket.setTimeout(3000, () => socket.destroy());
      });
      expect((await api.call("GET", "/api/version")).status).toBe(200);
    });

    it("refuses a malformed gRPC-Web frame", async () => {
      const answer = await fetch(`${stack.url}/application.ApplicationService/List`, { method: "POST", headers: { "content-type": "application/grpc-web+proto", authorization: `Bearer ${api.token}` }, body: Buffer.from([0, 0, 0, 0, 9, 1]) });
      const status = answer.headers.get("grpc-status") ?? /grpc-status: ?(\d+)/i.exec(Buffer.from(await answer.arrayBuffer()).toString("latin1"))?.[1];
      expect(Number(status)).toBeGreaterThan(0);
    });
  });
});
