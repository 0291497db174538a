import { startTestGithub } from "@trireme/git/testing";
import { configMap, type Setup, setUp } from "./_repo-server.ts";
import { describeWithTools, tools } from "./_tools.ts";

let on: Setup;

beforeEach(async () => {
  on = await setUp({ env: tools.env });
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

const deployment = (image = "registry.test/web"): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels: { app: web }\n  template:\n    metadata:\n      labels: { app: web }\n    spec:\n      containers:\n        - name: web\n          image: ${image}\n`;
const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n";
const kustomization = (extra = ""): string => `resources:\n  - deployment.yaml\n  - service.yaml\n${extra}`;
const app = { "app/deployment.yaml": deployment(), "app/service.yaml": service, "app/kustomization.yaml": kustomization("images:\n  - name: registry.test/web\n    newTag: 1.0.0\n") };

describeWithTools("Kustomize", () => {
  it("builds what the directory names, with the place of every resource", async () => {
    on.commit({ ...app, "other/huge.yaml": "x" });

    const { header, objects } = await on.render({ path: "app" });

    expect(header.sources[0]).toMatchObject({ sourceType: "Kustomize", commands: ["kustomize build ./app"] });
    const web = objects.find(({ json }) => json.kind === "Deployment")!;
    expect(web.json.spec.template.spec.containers[0].image).toBe("registry.test/web:1.0.0");
    expect(web.provenance).toMatchObject({ file: "app/deployment.yaml", document: 0, line: 1 });
    expect(JSON.parse(objects.find(({ json }) => json.kind === "Service")!.provenance!.fieldLinesJson.toString())["spec.ports[0].port"]).toBe(7);
  });

  it("is not built again for commits that touch nothing it read", async () => {
    const first = on.commit({ ...app, "app/README.md": "one" });
    const { header } = await on.render({ path: "app" });
    const second = on.commit({ "app/README.md": "two", "elsewhere/a.yaml": configMap("a") });
    on.forks.length = 0;

    const known = [{ inputsKey: header.sources[0]!.inputsKey, revision: first }];
    expect(await on.client.changed({ repository: on.access, targetRevision: "main", known })).toEqual({ revision: second, touched: [false] });
    expect((await on.render({ path: "app" })).header).toMatchObject({ digest: header.digest, sources: [{ revision: second }] });
    expect(on.forks).toEqual([]);

    on.commit({ "app/kustomization.yaml": kustomization("images:\n  - name: registry.test/web\n    newTag: 2.0.0\n") });
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known })).touched).toEqual([true]);
    expect((await on.render({ path: "app" })).header.digest).not.toBe(header.digest);
    expect(on.forks).toEqual(["kubectl kustomize"]);
  });

  it("fetches a remote base as the GitHub App that opens the repository", async () => {
    await on[Symbol.asyncDispose]();
    on = await setUp({ env: tools.env, git: { credentials: "robot:p" } });
    await using github = await startTestGithub({ git: { url: on.git.url, user: "robot", password: "p" }, installations: [{ id: 7, account: "team" }] });
    const url = `${github.url}/team/app.git`;
    on.commit({ "base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": configMap("from-base"), "app/kustomization.yaml": `resources: ["${url}//base?ref=main"]\n` });
    const sources = [{ repository: { url, githubAppId: github.app, githubAppPrivateKey: github.privateKey, githubAppEnterpriseBaseUrl: github.api }, sourceJson: Buffer.from(JSON.stringify({ repoURL: url, path: "app", targetRevision: "main" })) }];
    const { objects } = await on.render({}, { sources });
    expect(objects.map(({ json }) => json.metadata.name)).toEqual(["from-base"]);
    expect(github.tokens.length).toBe(1);
  });

  it("applies every override of the application", async () => {
    const sha = on.commit({ ...app, "comp/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [cm.yaml]\n", "comp/cm.yaml": configMap("from-component") });

    const { header, objects } = await on.render({
      path: "app",
      kustomize: {
        namePrefix: "pre-",
        nameSuffix: "-suf",
        namespace: "somewhere",
        images: ["registry.test/web=other.test:5000/web:${ARGOCD_APP_REVISION_SHORT}"],
        replicas: [{ name: "web", count: "3" }],
        commonLabels: { team: "$ARGOCD_APP_NAME" },
        commonAnnotations: { note: "$ARGOCD_APP_NAME" },
        labelWithoutSelector: true,
        patches: [{ target: { kind: "Service" }, patch: "- op: replace\n  path: /spec/ports/0/port\n  value: 81\n" }],
        components: ["../comp", "../missing"],
        ignoreMissingComponents: true,
      },
    });

    const web = objects.find(({ json }) => json.kind === "Deployment")!;
    expect(web.json).toMatchObject({ metadata: { name: "pre-web-suf", namespace: "somewhere", labels: { team: "hello" }, annotations: { note: "$ARGOCD_APP_NAME" } }, spec: { replicas: 3, selector: { matchLabels: { app: "web" } } } });
    expect(web.json.spec.selector.matchLabels.team).toBeUndefined();
    expect(web.json.spec.template.spec.containers[0].image).toBe(`other.test:5000/web:${sha.slice(0, 7)}`);
    expect(web.provenance?.file).toBe("app/deployment.yaml");
    expect(objects.find(({ json }) => json.kind === "Service")!.json.spec.ports[0].port).toBe(81);
    expect(objects.find(({ json }) => json.kind === "ConfigMap")!.provenance?.file).toBe("comp/cm.yaml");
    expect(header.sources[0]!.commands).toEqual([
      "kustomize edit set nameprefix -- pre-",
      "kustomize edit set namesuffix -- -suf",
      `kustomize edit set image registry.test/web=other.test:5000/web:${sha.slice(0, 7)}`,
      "kustomize edit set replicas web=3",
      "kustomize edit add label --without-selector team:hello",
      "kustomize edit add annotation 'note:$ARGOCD_APP_NAME'",
      "kustomize edit set namespace -- somewhere",
      expect.stringContaining("# kustomization.yaml updated with patches"),
      "kustomize edit add component ../comp",
      "kustomize build ./app",
    ]);
  });

  it("takes overrides from .argocd-source files, the application's own last", async () => {
    on.commit({ ...app, "app/.argocd-source.yaml": "kustomize:\n  images: [registry.test/web:2.0.0]\n  namePrefix: a-\npath: elsewhere\n", "app/.argocd-source-hello.yaml": "kustomize:\n  namePrefix: b-\n" });
    const { objects } = await on.render({ path: "app" });
    const web = objects.find(({ json }) => json.kind === "Deployment")!.json;
    expect([web.metadata.name, web.spec.template.spec.containers[0].image]).toEqual(["b-web", "registry.test/web:2.0.0"]);
  });

  it("says what Kustomize says, without the private path", async () => {
    on.commit({ ...app, "app/kustomization.yaml": "resources:\n  - absent.yaml\n" });
    const failure = await on.render({ path: "app" }).catch((error: Error) => error);
    expect(failure).toMatchObject({ reason: "ToolFailed", message: expect.stringMatching(/^`kustomize build \.\/app` failed exit status 1: .*absent\.yaml/s) });
    expect((failure as Error).message).not.toMatch(/render-|\/tmp/);
  });

  it("names file and line of a kustomization that does not parse", async () => {
    on.commit({ ...app, "app/kustomization.yaml": "resources:\n  - a\n bad: [\n" });
    await expect(on.render({ path: "app" })).rejects.toThrow(/app\/kustomization\.yaml:\d: /);
  });

  it("renders charts inside a kustomization with Helm 3", async () => {
    on.commit({
      "app/kustomization.yaml": "helmCharts:\n  - name: mini\n    releaseName: inside\n",
      "app/charts/mini/Chart.yaml": "apiVersion: v2\nname: mini\nversion: 1.0.0\n",
      "app/charts/mini/values.yaml": "{}\n",
      "app/charts/mini/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
    });
    const { objects } = await on.render({ path: "app" }, { tools: { kustomizeBuildOptions: "--enable-helm" } });
    expect(objects.map(({ json }) => json.metadata.name)).toEqual(["inside"]);
  });

  it("does not read outside of the repository", async () => {
    on.commit({ ...app, "app/kustomization.yaml": "resources: [link.yaml]\n", "app/link.yaml": { link: "/etc/passwd" } });
    await expect(on.render({ path: "app" })).rejects.toMatchObject({ reason: "PathOutsideRepository", message: expect.stringContaining("app/link.yaml leads out of the repository") });
    on.commit({ "app/kustomization.yaml": "resources: [../../../../../../etc/passwd]\n" });
    await expect(on.render({ path: "app" })).rejects.toMatchObject({ reason: "PathOutsideRepository" });
  });
});
