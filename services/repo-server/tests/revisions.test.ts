import { configMap, type Setup, setUp } from "./_repo-server.ts";

let on: Setup;

beforeEach(async () => {
  on = await setUp();
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

describe("revisions", () => {
  it("are read as Argo CD reads them", async () => {
    const commits = ["1", "2", "3", "4"].map((n) => on.commit({ "app/a.yaml": configMap("a", { n }) }, `commit ${n}`));
    const tag = (name: string, commit: string, ...more: string[]): string => on.repository.git("tag", ...more, name, commit);
    tag("v1.0.0", commits[0]!, "-a", "-m", "one");
    tag("v1.4.0", commits[1]!);
    tag("v2.0.0-rc.1", commits[2]!);
    tag("web/1.1.0", commits[2]!);
    on.repository.git("branch", "feature/x", commits[1]!);
    on.repository.git("push", "-q", "origin", "--tags", "feature/x");
    const resolve = async (source: object): Promise<string> => {
      const { revisions } = await on.client.resolve({ sources: [{ repository: on.access, sourceJson: Buffer.from(JSON.stringify(source)) }], noRevisionCache: true });
      return `${commits.indexOf(revisions[0]!.revision) + 1} ${revisions[0]!.ambiguousRevision.replace(/ \(.*/, "")}`;
    };

    expect(await resolve({})).toBe("4 HEAD");
    expect(await resolve({ targetRevision: "main" })).toBe("4 main");
    expect(await resolve({ targetRevision: "refs/heads/feature/x" })).toBe("2 refs/heads/feature/x");
    expect(await resolve({ targetRevision: "feature/x" })).toBe("2 feature/x");
    expect(await resolve({ targetRevision: "v1.0.0" })).toBe("1 v1.0.0");
    expect(await resolve({ targetRevision: "1.x" })).toBe("2 1.x");
    expect(await resolve({ targetRevision: ">=2.0.0-0" })).toBe("3 >=2.0.0-0");
    expect(await resolve({ targetRevision: "^1.0", tagPrefix: "web/" })).toBe("3 ^1.0");
    expect(await resolve({ targetRevision: commits[0]! })).toBe("1 ");
    expect(await resolve({ targetRevision: commits[0]!.slice(0, 8) })).toBe(`1 ${commits[0]!.slice(0, 8)}`);
    await expect(resolve({ targetRevision: "9.x" })).rejects.toThrow("unable to resolve '9.x' to a commit SHA");
    await expect(resolve({ targetRevision: "^9", tagPrefix: "web/" })).rejects.toThrow("unable to resolve '^9' to a commit SHA");
  });

  it("have metadata and tags; repositories list their refs and paths", async () => {
    const sha = on.commit({ "plain/a.yaml": configMap("a"), "k/kustomization.yaml": "resources: []\n", "charts/c/Chart.yaml": "name: c\n", "Chart.yaml": "name: root\n" }, "First version\n\nwith a body");
    on.repository.git("tag", "v1.0.0");
    on.repository.git("push", "-q", "origin", "--tags");

    expect(await on.client.revisionMetadata({ repository: on.access, revision: sha })).toEqual({ author: "dev <dev@example.test>", date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), tags: ["v1.0.0"], message: "First version\n\nwith a body", signatureInfo: "" });
    expect(await on.client.listRefs({ repository: on.access })).toEqual({ branches: ["main"], tags: ["v1.0.0"] });
    expect(await on.client.listPaths({ repository: on.access, revision: "main" })).toEqual({ revision: sha, typesByPath: { ".": "Helm", k: "Kustomize", "charts/c": "Helm" }, directories: [], moreDirectories: false });
    expect(await on.client.listPaths({ repository: on.access, revision: "main", mostDirectories: 5 })).toMatchObject({ directories: ["plain"], moreDirectories: false });
    expect(await on.client.listPaths({ repository: on.access, revision: "main", tools: { helmDisabled: true } })).toMatchObject({ typesByPath: { k: "Kustomize" } });
  });

  it("of a list of refs that is young enough are not asked for again; a hint is fetched beside the question", async () => {
    const first = on.commit({ "app/a.yaml": configMap("a") });
    const { header } = await on.render({ path: "app" });
    const known = [{ inputsKey: header.sources[0]!.inputsKey, revision: first }];
    on.git.requests.length = 0;
    await on.client.changed({ repository: on.access, targetRevision: "main", known, maxAgeMs: 60_000 });
    expect(on.git.requests).toEqual([]);

    const second = on.commit({ "app/a.yaml": configMap("b") });
    expect(await on.client.changed({ repository: on.access, targetRevision: "main", hintRevision: second, known })).toEqual({ revision: second, touched: [true] });
    expect([...on.git.requests].sort()).toEqual(["POST git-upload-pack:fetch", "POST git-upload-pack:ls-refs"]);

    const wrong = await on.client.changed({ repository: on.access, targetRevision: "main", hintRevision: "2".repeat(40), known });
    expect(wrong).toEqual({ revision: second, touched: [true] });
  });

  it("honour manifest-generate-paths where it is set", async () => {
    const first = on.commit({ "app/a.yaml": configMap("a"), "lib/x.txt": "1" });
    const { header } = await on.render({ path: "app" });
    const touched = async (generatePaths: string[]): Promise<boolean> => (await on.client.changed({ repository: on.access, targetRevision: "main", known: [{ inputsKey: header.sources[0]!.inputsKey, revision: first, generatePaths }] })).touched[0]!;
    on.commit({ "app/a.yaml": configMap("changed") });
    expect(await touched([])).toBe(true);
    expect(await touched(["/app"])).toBe(true);
    expect(await touched(["app/*.yaml"])).toBe(true);
    expect(await touched(["/lib"])).toBe(false);
  });
});
