import { configMap, type Setup, setUp } from "./_repo-server.ts";

let on: Setup;

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

const failureOf = (work: Promise<unknown>): Promise<Error & { reason?: string; retry?: string; details?: any }> => work.then(() => new Error("it worked"), (error: Error) => error);

describe("a Git server that fails", () => {
  beforeEach(async () => {
    on = await setUp({ env: { ARGOCD_GIT_REQUEST_TIMEOUT: "300ms" } });
    on.commit({ "app/a.yaml": configMap("a") });
  });

  it.each([
    { name: "answers 500", fault: { kind: "status", status: 500, body: "out of disk" } as const, reason: "GitServerError", says: /^failed to list refs: unexpected status code 500 from http:\/\/127.*app\.git.*: out of disk$/ },
    { name: "hangs", fault: { kind: "hang" } as const, reason: "GitTimeout", says: /^failed to list refs: (?:answer|ls-remote) of http:\/\/127.*app\.git.* took longer than 0\.[36] s$/ },
    { name: "cuts the connection", fault: { kind: "cut" } as const, reason: "GitServerUnreachable", says: /^failed to list refs: failed to reach http:\/\/127.*app\.git/ },
    { name: "lost the repository", fault: { kind: "status", status: 404, body: "" } as const, reason: "RepositoryNotFound", says: /^failed to list refs: repository not found: {2}\(http:\/\/127.*\/app\.git\)$/ },
  ])("and $name is named, with its repository, also when the commit is known", async ({ fault, reason, says }) => {
    await on.render({ path: "app" });
    on.git.fault = fault;
    expect(await failureOf(on.render({ path: "app" }))).toMatchObject({ reason, message: expect.stringMatching(says), retry: "later", details: { repository: on.url } });
    on.git.fault = { kind: "none" };
    expect((await on.render({ path: "app" })).objects).toHaveLength(1);
  });

  it("while it fetches is named with the commit that was wanted", async () => {
    await on.render({ path: "app" });
    const sha = on.commit({ "app/a.yaml": configMap("b") });
    on.git.fault = { kind: "cut" };
    const sources = [{ repository: on.access, sourceJson: Buffer.from('{"path":"app"}'), revision: sha }];
    expect(await failureOf(on.render({}, { sources }))).toMatchObject({ reason: "GitServerUnreachable", message: expect.stringContaining(`failed to fetch ${sha}: failed to reach ${on.url}/git-upload-pack`) });
    on.git.fault = { kind: "none" };
    expect((await on.render({}, { sources })).objects[0]!.json.metadata.name).toBe("b");
  });

  it("is told to a repository's test in Argo's words", async () => {
    on.git.fault = { kind: "status", status: 404, body: "" };
    expect((await failureOf(on.client.test({ repository: on.access }))).message).toBe("unable to ls-remote HEAD on repository: failed to list refs: repository not found: ");
  });

  it("does not stop renders of a known commit once these credentials were let in", async () => {
    const { header } = await on.render({ path: "app" });
    on.git.fault = { kind: "status", status: 500 };
    const sources = [{ repository: on.access, sourceJson: Buffer.from('{"path":"app"}'), revision: header.sources[0]!.revision }];
    expect((await on.render({}, { sources })).objects).toHaveLength(1);
  });
});

describe("credentials", () => {
  beforeEach(async () => {
    on = await setUp({ git: { credentials: "user01:s3cret" }, access: { username: "user01", password: "s3cret" } });
    on.commit({ "app/a.yaml": configMap("a") });
  });

  it("that are wrong are refused with the server's own reason", async () => {
    const failure = await failureOf(on.client.test({ repository: { ...on.access, password: "wrong-one" } }));
    expect(failure).toMatchObject({ reason: "GitAuthenticationRequired", retry: "never", message: "unable to ls-remote HEAD on repository: failed to list refs: authentication required: Invalid username or token. Password authentication is not supported." });
    expect(JSON.stringify(failure.details)).not.toContain("wrong-one");
    await on.client.test({ repository: on.access });
  });

  it("open nothing for others, not even what is on disk already", async () => {
    const { header } = await on.render({ path: "app" });
    const stranger = [{ repository: { url: on.url }, sourceJson: Buffer.from('{"path":"app"}'), revision: header.sources[0]!.revision }];
    expect(await failureOf(on.render({}, { sources: stranger }))).toMatchObject({ reason: "GitAuthenticationRequired", message: `failed to fetch ${header.sources[0]!.revision}: authentication required: Invalid username or token. Password authentication is not supported. (${on.url})` });
  });
});

describe("bad input", () => {
  beforeEach(async () => {
    on = await setUp();
  });

  it.each([
    { name: "a revision that there is not", source: { path: "app", targetRevision: "mian" }, reason: "RevisionNotFound", says: /^unable to resolve 'mian' to a commit SHA$/ },
    { name: "a commit that there is not", source: { path: "app", targetRevision: "1".repeat(40) }, reason: "RevisionNotFound", says: /has no commit 1111/ },
    { name: "a path that there is not", source: { path: "hello-world-x" }, reason: "PathNotFound", says: /^hello-world-x: app path does not exist$/ },
    { name: "a path that is a file", source: { path: "app/a.yaml" }, reason: "PathNotFound", says: /^app\/a\.yaml: app path is not a directory$/ },
    { name: "an absolute path", source: { path: "/etc" }, reason: "PathOutsideRepository", says: /^\/etc: app path is absolute$/ },
    { name: "a path outside", source: { path: "app/../../etc" }, reason: "PathOutsideRepository", says: /app path outside root/ },
    { name: "two tools at once", source: { path: "app", helm: {}, kustomize: {} }, reason: "InvalidSource", says: /^multiple application sources defined: Kustomize,Helm$/ },
    { name: "a pattern that does not close", source: { path: "app", directory: { include: "{a" } }, reason: "InvalidSource", says: /^directory\.include: pattern "\{a" has a \{ without \}$/ },
    { name: "a link that leads out", source: { path: "out" }, reason: "PathOutsideRepository", says: /^illegal filepath in symlink: out\/a\.yaml leads out of the repository to \/etc\/passwd$/ },
    { name: "links in a circle", source: { path: "circle" }, reason: "PathOutsideRepository", says: /goes through more than 40 links/ },
    { name: "YAML that does not parse", source: { path: "broken" }, reason: "ManifestInvalid", says: /^Failed to unmarshal "svc\.yaml": failed to unmarshal manifest: broken\/svc\.yaml:10: / },
    { name: "a document without kind", source: { path: "unkind" }, reason: "ManifestInvalid", says: /unkind\/two\.yaml:8: Object 'Kind' is missing$/ },
    { name: "JSON that does not parse", source: { path: "json" }, reason: "ManifestInvalid", says: /json\/a\.json(:2)?: / },
    { name: "too much of it", source: { path: "app" }, request: { tools: { maxCombinedDirectoryManifestsSize: 10 } }, reason: "ManifestTooLarge", says: /the files of app are more than 10 bytes/ },
  ])("names $name", async ({ source, request, reason, says }) => {
    on.commit({
      "app/a.yaml": configMap("a"),
      "out/a.yaml": { link: "/etc/passwd" },
      "circle/a.yaml": { link: "b.yaml" },
      "circle/b.yaml": { link: "a.yaml" },
      "broken/svc.yaml": `${configMap("first")}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: x\n name: y\n`.replace("data:\n  key: \"value\"\n", ""),
      "unkind/two.yaml": `${configMap("first")}---\napiVersion: v1\nmetadata:\n  name: nothing\n`,
      "json/a.json": '{"apiVersion": "v1",\n oops}',
    });
    const failure = await failureOf(on.render(source, request));
    expect(failure).toMatchObject({ reason, message: expect.stringMatching(says) });
  });

  it("leaves out what is somebody else's YAML, follows links inside, and walks as it is told", async () => {
    on.commit({
      "app/values.yaml": "replicas: 3\n",
      "app/broken.yaml": "a: [\n",
      "app/skip.yaml": `# +argocd:skip-file-rendering\n${configMap("skipped")}`,
      "app/link.yaml": { link: "../shared/linked.yaml" },
      "shared/linked.yaml": configMap("linked"),
      "app/deep/er/d.yml": configMap("deep"),
      "app/list.yaml": "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: l1}}\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: l2}}\n---\napiVersion: v1\nkind: ConfigMapList\nitems: null\n",
    });
    const names = async (directory: object): Promise<string[]> => (await on.render({ path: "app", directory })).objects.map(({ json }) => json.metadata.name);
    expect(await names({})).toEqual(["linked", "l1", "l2"]);
    expect(await names({ recurse: true })).toEqual(["deep", "linked", "l1", "l2"]);
    expect(await names({ recurse: true, include: "*.yml" })).toEqual(["deep"]);
    expect(await names({ recurse: true, exclude: "{list.yaml,deep/*}" })).toEqual(["linked"]);
  });
});
