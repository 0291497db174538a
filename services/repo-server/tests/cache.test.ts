import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { configMap, type Setup, setUp } from "./_repo-server.ts";

let on: Setup;

beforeEach(async () => {
  on = await setUp();
});

afterEach(async () => {
  await on[Symbol.asyncDispose]();
});

const cached = (): string[] => {
  const folder = path.join(on.ctx.config.dataFolder, "cache");
  return readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name))).filter((file) => statSync(file).isFile());
};

describe("the cache", () => {
  it("holds no plain text on disk, and believes nothing that was changed there", async () => {
    on.commit({ "app/a.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2hunter2\n" });
    const before = await on.render({ path: "app" });
    await on.ctx.store.flush();
    expect(cached().length).toBe(2);
    for (const file of cached()) expect(readFileSync(file).toString("latin1")).not.toMatch(/hunter2|Secret|app\/a\.yaml/);

    const files = cached();
    // One entry in the place of another: sealed by the same key, for another name.
    const sets = files.filter((file) => file.includes("/renders/"));
    writeFileSync(sets[0]!, readFileSync(files.find((file) => file.includes("/causes/"))!));
    await on.restart();
    const after = await on.render({ path: "app" });
    expect(after.header.digest).toBe(before.header.digest);
    expect(await on.count("trireme_yaml_parses_total")).toBe(1);
  });

  it("is passed by where a hard refresh says so", async () => {
    on.commit({ "app/a.yaml": configMap("a") });
    await on.render({ path: "app" });
    expect((await on.render({ path: "app" })).objects).toHaveLength(1);
    const metric = async (flag: string): Promise<number> => (await on.ctx.events.metrics.registry.getSingleMetric("trireme_renders_total")!.get()).values.filter(({ labels }) => labels["cached"] === flag).reduce((sum, { value }) => sum + value, 0);
    expect([await metric("true"), await metric("false")]).toEqual([1, 1]);
    await on.render({ path: "app" }, { noCache: true });
    expect([await metric("true"), await metric("false"), await on.count("trireme_yaml_parses_total")]).toEqual([1, 2, 2]);
  });

  it("serves applications with the same content from one render, and finds it again after a rollback", async () => {
    on.commit({ "app/a.yaml": configMap("a") });
    const first = await on.render({ path: "app" });
    await on.render({ path: "app" }, { appName: "another", instanceName: "another", destinationNamespace: "elsewhere" });
    expect(await on.count("trireme_yaml_parses_total")).toBe(1);
    on.commit({ "app/a.yaml": configMap("b") });
    await on.render({ path: "app" });
    on.commit({ "app/a.yaml": configMap("a") });
    expect((await on.render({ path: "app" })).header.digest).toBe(first.header.digest);
    expect(await on.count("trireme_yaml_parses_total")).toBe(2);
  });

  it("folds the same render asked for by many at once into one", async () => {
    on.commit(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`app/${index}.yaml`, configMap(`c${index}`)])));
    const all = await Promise.all(Array.from({ length: 20 }, () => on.render({ path: "app" }, { noCache: true })));
    expect(new Set(all.map(({ header }) => header.digest)).size).toBe(1);
    expect(await on.count("trireme_yaml_parses_total")).toBe(30);
  });

  it("never gives one commit's objects for another's, whatever is pushed meanwhile", async () => {
    on.commit({ "app/a.yaml": configMap("a", { number: "0" }) });
    const seen: Promise<void>[] = [];
    for (let n = 1; n <= 15; n++) {
      const sha = on.commit({ "app/a.yaml": configMap("a", { number: String(n) }), "app/b.yaml": configMap("b", { number: String(n) }) });
      for (const ask of [on.render({ path: "app" }), on.render({ path: "app", targetRevision: sha })]) {
        seen.push(
          ask.then(({ header, objects }) => {
            const claimed = on.repository.git("show", `${header.sources[0]!.revision}:app/a.yaml`);
            expect(objects.map(({ json }) => `number: "${json.data.number}"`)).toEqual(objects.map(() => /number: .*/.exec(claimed)![0]));
          }),
        );
      }
    }
    await Promise.all(seen);
  });

  it("fetches anew where its objects were damaged while it ran", async () => {
    on.commit({ "app/a.yaml": configMap("a") });
    await on.render({ path: "app" });
    const second = on.commit({ "app/a.yaml": configMap("b") });
    await on.client.changed({ repository: on.access, targetRevision: "main", known: [{ inputsKey: "", revision: "" }] });
    const folder = path.join(on.ctx.config.dataFolder, "git");
    for (const name of readdirSync(folder, { recursive: true }).map(String)) {
      if (!name.endsWith(".pack")) continue;
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xff, 14, bytes.length - 20));
    }
    const { header, objects } = await on.render({ path: "app" });
    expect([header.sources[0]!.revision, objects[0]!.json.metadata.name]).toEqual([second, "b"]);
  });
});
