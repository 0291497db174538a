import { type Setup, setUp } from "./_repo-server.ts";
import { describeWithTools, tools } from "./_tools.ts";

let on: Setup;

beforeEach(async () => {
  on = await setUp({ env: tools.env });
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

const template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  namespace: {{ .Release.Namespace }}\ndata: {{- toYaml .Values | nindent 2 }}\n";
const chart = (folder: string, values = "a: chart\n"): Record<string, string> => ({ [`${folder}/Chart.yaml`]: "apiVersion: v2\nname: mini\nversion: 1.0.0\n", [`${folder}/values.yaml`]: values, [`${folder}/templates/cm.yaml`]: template });

describeWithTools("Helm", () => {
  it("renders a chart with parameters over files over the chart's values, and names each template", async () => {
    const sha = on.commit({ ...chart("chart", "a: chart\nb: chart\nc: chart\nd: chart\n"), "chart/one.yaml": "b: one\nc: one\nd: one\n", "envs/two.yaml": "c: two\nd: two\n", "chart/text": "from a file" });

    const { header, objects } = await on.render(
      {
        path: "chart",
        helm: {
          valueFiles: ["one.yaml", "/envs/*.yaml", "missing.yaml"],
          ignoreMissingValueFiles: true,
          valuesObject: { d: "inline" },
          values: "d: ignored",
          parameters: [{ name: "list", value: "{x,y}" }, { name: "e", value: "1,2" }, { name: "f", value: "7", forceString: true }, { name: "g", value: "r-$ARGOCD_APP_REVISION_SHORT" }],
          fileParameters: [{ name: "h", path: "text" }],
        },
      },
      { kubeVersion: "1.36.3", apiVersions: ["v1", "apps/v1"] },
    );

    expect(objects.map(({ json }) => json)).toEqual([{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "hello", namespace: "user01" }, data: { a: "chart", b: "one", c: "two", d: "inline", e: "1,2", f: "7", g: `r-${sha.slice(0, 7)}`, h: "from a file", list: ["x", "y"] } }]);
    expect(objects[0]!.provenance).toMatchObject({ file: "chart/templates/cm.yaml", document: 0 });
    expect(header.sources[0]).toMatchObject({ sourceType: "Helm" });
    expect(header.sources[0]!.commands).toEqual([
      `helm template . --name-template hello --namespace user01 --kube-version 1.36.3 --set 'list={x,y}' --set 'e=1\\,2' --set-string f=7 --set g=r-${sha.slice(0, 7)} --set-file h=text --values one.yaml --values envs/two.yaml --values <temp file with values from source.helm.values/valuesObject> --api-versions v1 --api-versions apps/v1 --include-crds`,
    ]);
  });

  it("takes value files of another source, and renders again only when they change", async () => {
    const first = on.commit({ ...chart("chart"), "env/prod.yaml": "a: prod\n", "env/other.yaml": "a: other\n" });
    const sources = [
      { repository: on.access, sourceJson: Buffer.from(JSON.stringify({ repoURL: on.url, path: "chart", targetRevision: "main", helm: { valueFiles: ["$values/env/prod.yaml"] } })) },
      { repository: on.access, sourceJson: Buffer.from(JSON.stringify({ repoURL: on.url, targetRevision: "main", ref: "values" })) },
    ];
    const { header, objects } = await on.render({}, { sources });
    expect(objects[0]!.json.data).toEqual({ a: "prod" });
    expect(header.sources.map(({ revision, sourceType }) => [revision, sourceType])).toEqual([[first, "Helm"], [first, ""]]);

    on.forks.length = 0;
    on.commit({ "env/other.yaml": "a: changed\n" });
    const known = [{ inputsKey: header.sources[0]!.inputsKey, revision: first }];
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known })).touched).toEqual([false]);
    await on.render({}, { sources });
    expect(on.forks).toEqual([]);

    const lent = [{ inputsKey: header.sources[1]!.inputsKey, revision: first }];
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known: lent })).touched).toEqual([false]);
    on.commit({ "chart/values.yaml": "a: other\n" });
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known: [...known, ...lent] })).touched).toEqual([true, false]);
    on.commit({ "env/prod.yaml": "a: new\n" });
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known: lent })).touched).toEqual([true]);
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known })).touched).toEqual([true]);
    expect((await on.render({}, { sources })).objects[0]!.json.data).toEqual({ a: "new" });
  });

  it("takes charts beside it by file://, and skips what it is told to skip", async () => {
    on.commit({
      ...chart("app"),
      "app/Chart.yaml": "apiVersion: v2\nname: mini\nversion: 1.0.0\ndependencies:\n  - name: lib\n    version: 1.0.0\n    repository: file://../lib\n",
      "lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n",
      "lib/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-lib\n",
      "app/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: xs.example.com\n",
    });
    const all = await on.render({ path: "app" });
    expect(all.objects.map(({ json, provenance }) => [json.kind, json.metadata.name, provenance?.file])).toEqual([
      ["CustomResourceDefinition", "xs.example.com", "app/crds/crd.yaml"],
      ["ConfigMap", "from-lib", "app/charts/lib/templates/cm.yaml"],
      ["ConfigMap", "hello", "app/templates/cm.yaml"],
    ]);
    expect((await on.render({ path: "app", helm: { skipCrds: true, releaseName: "named" } })).objects.map(({ json }) => json.metadata.name)).toEqual(["from-lib", "named"]);
  });

  it.each([
    { name: "a value file outside", helm: { valueFiles: ["../../secret.yaml"] }, says: /resolved to outside repository root/ },
    { name: "a link that leads out", helm: { valueFiles: ["/elsewhere/link.yaml"] }, says: /link\.yaml leads out of the repository/ },
    { name: "a missing value file", helm: { valueFiles: ["absent.yaml"] }, says: /absent\.yaml: no such file below chart/ },
    { name: "a source that there is not", helm: { valueFiles: ["$nowhere/a.yaml"] }, says: /no source has ref "nowhere"/ },
    { name: "a scheme that is not allowed", helm: { valueFiles: ["ftp://x/y.yaml"] }, says: /the URL scheme 'ftp' is not allowed/ },
    { name: "a glob without match", helm: { valueFiles: ["*.none"] }, says: /values file glob "\*\.none" matched no files/ },
    { name: "what Helm refuses", helm: { releaseName: "Not_Valid" }, says: /^failed running helm: `helm template \. .*` failed exit status 1: / },
  ])("refuses $name, by name", async ({ helm, says }) => {
    on.commit({ ...chart("chart"), "elsewhere/link.yaml": { link: "../../../etc/passwd" } });
    await expect(on.render({ path: "chart", helm })).rejects.toThrow(says);
  });
});
