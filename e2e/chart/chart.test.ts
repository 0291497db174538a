import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { kubectl, mustKubectl } from "../support/kubectl.ts";
import { sharedStack } from "../support/stack.ts";
import { chart, find, parseYaml, render, type Rendered } from "./helm.ts";

const installLine = ["--set", "server.ingress.enabled=true", "--set", "server.ingress.hostname=cd.example.com", "--set", "server.insecure=true", "--set", "config.secret.argocdServerAdminPassword=correct horse"];

/** Values that switch on what the defaults leave out. */
const everything = [
  ...installLine,
  "--set", "server.ingress.tls=true,server.ingress.ingressClassName=nginx,server.replicaCount=2,controller.replicaCount=3,controller.clusterAccess=impersonation",
  "--set", "config.params.application\\.namespaces=team-*,config.cm.users\\.anonymous\\.enabled=true,config.rbac.policy\\.default=role:readonly",
  "--set", "config.secret.githubSecret=s3cret,config.tlsCerts.git\\.example\\.com=PEM,repoServer.nodeSelector.disk=fast,server.extraEnv[0].name=HTTPS_PROXY,server.extraEnv[0].value=http://proxy:3128",
];

const variants = [
  { name: "as it is", args: [] },
  { name: "by the documented install line", args: installLine },
  { name: "with everything switched on", args: everything },
  { name: "with an external Redis and no access to its own cluster", args: ["--set", "redis.enabled=false,externalRedis.host=redis.example.com,externalRedis.existingSecret=redis,controller.clusterAccess=none,server.clusterAccess=false,networkPolicy.enabled=false"] },
];

describe("the chart", () => {
  it.each([
    { name: "at the top", args: ["--set", "servr.insecure=true"], says: "servr" },
    { name: "in a service", args: ["--set", "server.ingres.enabled=true"], says: "ingres" },
    { name: "deep inside", args: ["--set", "config.secret.argocdServerAdminPasword=x"], says: "argocdServerAdminPasword" },
    { name: "of the wrong type", args: ["--set", "server.replicaCount=many"], says: "/server/replicaCount" },
  ])("refuses a key it does not know by its name: $name", async ({ args, says }) => {
    const { code, stderr } = await render(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(says)]);
  });

  it("lists every value that its schema knows, and no other", async () => {
    const schema = JSON.parse(await readFile(path.join(chart, "values.schema.json"), "utf8"));
    const values = parseYaml(await readFile(path.join(chart, "values.yaml"), "utf8"));
    const resolve = (part: any): any => (part?.$ref === undefined ? part : schema.definitions[part.$ref.split("/").at(-1)]);
    const known = (part: any, at: string): string[] => Object.entries<any>(resolve(part)?.properties ?? {}).flatMap(([key, child]) => (resolve(child).properties && !/resources$/.test(key) ? known(child, `${at}${key}.`) : [`${at}${key}`]));
    const listed = (part: any, like: any, at: string): string[] =>
      Object.entries<any>(part).flatMap(([key, child]) => {
        const shape = resolve(resolve(like)?.properties?.[key]);
        return shape?.properties && !/resources$/.test(key) ? listed(child, shape, `${at}${key}.`) : [`${at}${key}`];
      });
    expect(listed(values, schema, "").sort()).toEqual(known(schema, "").filter((key) => key !== "global").sort());
  });

  it("keeps the meaning of the documented install line", async () => {
    const rendered = await render(...installLine);
    expect(find(rendered, "Ingress", "argocd-server").spec.rules).toEqual([{ host: "cd.example.com", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "argocd-server", port: { name: "http" } } } }] } }]);
    expect(find(rendered, "ConfigMap", "argocd-cmd-params-cm")["data"]["server.insecure"]).toBe("true");
    const hash = Buffer.from(find(rendered, "Secret", "argocd-secret")["data"]["admin.password"], "base64").toString();
    const { verify } = await import("@node-rs/bcrypt");
    expect(await verify("correct horse", hash)).toBe(true);
  });

  it("takes a password that is already hashed as it is", async () => {
    const hash = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    const rendered = await render("--set", `config.secret.argocdServerAdminPassword=${hash}`);
    expect(Buffer.from(find(rendered, "Secret", "argocd-secret")["data"]["admin.password"], "base64").toString()).toBe(hash);
  });

  it("runs three services and Redis, none as root, each with probes and resources", async () => {
    const workloads = (await render()).objects.filter((object) => ["Deployment", "StatefulSet"].includes(object.kind));
    expect(workloads.map((object) => `${object.kind} ${object.metadata.name}`).sort()).toEqual(["Deployment argocd-redis", "Deployment argocd-repo-server", "Deployment argocd-server", "StatefulSet argocd-application-controller"]);
    for (const { metadata, spec } of workloads) {
      const [container] = spec.template.spec.containers;
      expect([metadata.name, spec.template.spec.securityContext]).toEqual([metadata.name, expect.objectContaining({ runAsNonRoot: true, runAsUser: 999 })]);
      expect(container.securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
      expect(container).toMatchObject({ livenessProbe: expect.anything(), readinessProbe: expect.anything(), resources: { requests: expect.anything(), limits: expect.anything() } });
      for (const mount of container.volumeMounts) expect(spec.template.spec.volumes.map((volume: { name: string }) => volume.name)).toContain(mount.name);
    }
  });

  it("gives the repo-server and Redis no token of the cluster", async () => {
    const rendered = await render();
    for (const name of ["argocd-repo-server", "argocd-redis"]) expect(find(rendered, "Deployment", name).spec.template.spec.automountServiceAccountToken).toBe(false);
    const subjects = rendered.objects.filter((object) => object.kind.endsWith("RoleBinding")).flatMap((object) => object["subjects"].map((subject: { name: string }) => subject.name));
    expect([...new Set(subjects)].sort()).toEqual(["argocd-application-controller", "argocd-server"]);
  });

  it("lets the user's environment replace its own, each name once", async () => {
    const rendered = await render("--set", "server.extraEnv[0].name=TRIREME_PROBES_ADDRESS,server.extraEnv[0].value=127.0.0.1:9000");
    const env = find(rendered, "Deployment", "argocd-server").spec.template.spec.containers[0].env as { name: string; value?: string }[];
    expect(env.filter(({ name }) => name === "TRIREME_PROBES_ADDRESS")).toEqual([{ name: "TRIREME_PROBES_ADDRESS", value: "127.0.0.1:9000" }]);
  });

  describe.each(variants)("rendered $name", ({ args }) => {
    let rendered: Rendered;

    beforeAll(async () => {
      rendered = await render(...args);
    });

    it("renders", () => expect([rendered.code, rendered.stderr]).toEqual([0, ""]));

    it("is accepted object by object under strict field validation", async () => {
      const stack = await sharedStack();
      const answer = await kubectl(stack, ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-"], { input: rendered.text });
      expect([answer.code, answer.stderr]).toEqual([0, ""]);
      expect(answer.stdout.trim().split("\n")).toHaveLength(rendered.objects.length);
    });
  });

  it("asks for nothing that the restricted pod security standard forbids", async () => {
    const stack = await sharedStack();
    const namespace = "chart-restricted";
    await mustKubectl(stack, ["create", "namespace", namespace]);
    try {
      await mustKubectl(stack, ["label", "namespace", namespace, "pod-security.kubernetes.io/warn=restricted"]);
      const { text } = await render("--namespace", namespace);
      const answer = await kubectl(stack, ["apply", "--server-side", "--dry-run=server", "-f", "-"], { input: text });
      expect([answer.code, answer.stderr]).toEqual([0, ""]);
    } finally {
      await mustKubectl(stack, ["delete", "namespace", namespace, "--wait=false"]);
    }
  });

  it("brings definitions that are accepted under strict field validation", async () => {
    const stack = await sharedStack();
    const folder = path.join(chart, "crds");
    const answer = await kubectl(stack, ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", folder], { timeoutMs: 120_000 });
    expect([answer.code, answer.stderr]).toEqual([0, ""]);
    expect(answer.stdout.trim().split("\n")).toHaveLength((await readdir(folder)).length);
    // The server compiles each schema, on a busy machine for seconds.
  }, 150_000);
});
