import { configMap, type Setup, setUp } from "./_repo-server.ts";

let on: Setup;

beforeEach(async () => {
  on = await setUp();
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

const ten = (): Record<string, string> => Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`app/${index}.yaml`, configMap(`c${index}`)]));

describe("plain manifests", () => {
  it("are rendered with file, line and field lines", async () => {
    const sha = on.commit({ "app/a.yaml": `${configMap("one")}---\n\n${configMap("two")}`, "app/b.json": JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "three" } }, null, 1), "README.md": "x" });

    const { header, objects } = await on.render({ path: "app" });

    expect(header).toMatchObject({ objectCount: 3, unchanged: false, sources: [{ revision: sha, sourceType: "Directory", warnings: [] }] });
    expect(objects.map(({ json, provenance }) => [json.metadata.name, provenance?.file, provenance?.document, provenance?.line])).toEqual([
      ["one", "app/a.yaml", 0, 1],
      ["two", "app/a.yaml", 1, 9],
      ["three", "app/b.json", 0, 1],
    ]);
    expect(JSON.parse(objects[2]!.provenance!.fieldLinesJson.toString())["metadata.name"]).toBe(5);
    expect(JSON.parse(objects[1]!.provenance!.fieldLinesJson.toString())).toMatchObject({ "metadata.name": 12, "data.key": 14 });
  });

  it("cost two git requests, one parse and no fork when one of ten changed", async () => {
    const first = on.commit(ten());
    const before = await on.render({ path: "app" });
    const second = on.commit({ "app/3.yaml": configMap("c3", { key: "new" }) });
    on.git.requests.length = 0;
    const parses = await on.count("trireme_yaml_parses_total");
    const requests = await on.count("argocd_git_request_total");

    const answer = await on.client.changed({ repository: on.access, targetRevision: "main", known: [{ inputsKey: before.header.sources[0]!.inputsKey, revision: first }] });
    const after = await on.render({ path: "app" }, { sources: [{ repository: on.access, sourceJson: Buffer.from('{"path":"app"}'), revision: second }] });

    expect(answer).toEqual({ revision: second, touched: [true] });
    expect(after.objects.filter(({ hash }) => !before.objects.some((object) => object.hash === hash)).map(({ json }) => json.data)).toEqual([{ key: "new" }]);
    expect(on.git.requests).toEqual(["POST git-upload-pack:ls-refs", "POST git-upload-pack:fetch"]);
    expect((await on.count("argocd_git_request_total")) - requests).toBe(2);
    expect((await on.count("trireme_yaml_parses_total")) - parses).toBe(1);
    expect(on.forks).toEqual([]);
  });

  it("are not touched by commits elsewhere, and a poll of many applications is one git request", async () => {
    const first = on.commit({ ...ten(), "other/x.yaml": configMap("x") });
    const { header } = await on.render({ path: "app" });
    const known = Array.from({ length: 200 }, () => ({ inputsKey: header.sources[0]!.inputsKey, revision: first }));
    on.git.requests.length = 0;

    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known })).touched).not.toContain(true);
    expect(on.git.requests).toEqual(["POST git-upload-pack:ls-refs"]);

    const second = on.commit({ "other/x.yaml": configMap("y"), "app.yaml": "z" });
    expect(await on.client.changed({ repository: on.access, targetRevision: "main", known: known.slice(0, 1) })).toEqual({ revision: second, touched: [false] });
    on.commit({ "app/new.yaml": configMap("n") });
    expect((await on.client.changed({ repository: on.access, targetRevision: "main", known: known.slice(0, 1) })).touched).toEqual([true]);
  });

  it("are found again after a restart without a parse, and not sent to a caller that has them", async () => {
    on.commit(ten());
    const { header } = await on.render({ path: "app" });

    await on.restart();
    const again = await on.render({ path: "app" }, { knownDigest: header.digest });

    expect(again).toMatchObject({ header: { digest: header.digest, unchanged: true, objectCount: 10 }, objects: [] });
    expect(await on.count("trireme_yaml_parses_total")).toBe(0);
  });
});
