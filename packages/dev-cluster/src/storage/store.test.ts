import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "@trireme/api";
import { Journal } from "./journal.ts";
import { lockFolder } from "./folder-lock.ts";
import { Store, type Change } from "./store.ts";

const aMap = (name: string, data: Record<string, string> = {}): KubeObject => ({ kind: "ConfigMap", apiVersion: "v1", metadata: { name, namespace: "default" }, data });
const put = (store: Store, name: string, data?: Record<string, string>) => store.put("configmaps", `default/${name}`, aMap(name, data));

describe(Store, () => {
  it("numbers every write, and leaves the given object alone", () => {
    const store = new Store();
    const object = aMap("a");
    const first = store.put("configmaps", "default/a", object);
    const second = store.put("secrets", "default/a", aMap("a"));
    expect(second.revision).toBe(first.revision + 1);
    expect(first.object.metadata.resourceVersion).toBe(String(first.revision));
    expect(object.metadata.resourceVersion).toBeUndefined();
    expect(JSON.parse(first.json)).toEqual(first.object);
  });

  it("lists in order, by namespace, and as it once was", () => {
    const store = new Store();
    put(store, "b");
    const { revision } = put(store, "a");
    put(store, "c");
    store.remove("configmaps", "default/b");
    put(store, "a", { changed: "yes" });
    store.put("configmaps", "other/x", { ...aMap("x"), metadata: { name: "x", namespace: "other" } });
    expect(store.list("configmaps").map(({ key }) => key)).toEqual(["default/a", "default/c", "other/x"]);
    expect(store.list("configmaps", "default").map(({ key }) => key)).toEqual(["default/a", "default/c"]);
    const then = store.listAt("configmaps", "default", revision)!;
    expect(then.map(({ key, object }) => [key, object["data"]])).toEqual([["default/a", {}], ["default/b", {}]]);
  });

  it("tells subscribers what they missed and what comes, and forgets the oldest", () => {
    const store = new Store({ history: 4 });
    const { revision } = put(store, "a");
    put(store, "a", { n: "1" });
    const seen: Change[] = [];
    const stop = store.subscribe("configmaps", revision, (change) => seen.push(change));
    store.remove("configmaps", "default/a");
    stop();
    put(store, "a");
    expect(seen.map(({ type, revision: at }) => [type, at])).toEqual([["MODIFIED", revision + 1], ["DELETED", revision + 2]]);
    for (let n = 0; n < 10; n++) put(store, "a", { n: String(n) });
    expect(store.oldest("configmaps")).toBeGreaterThan(revision);
    expect(store.listAt("configmaps", "", revision)).toBeUndefined();
  });
});

describe(Journal, () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "journal-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("tells watchers only what is on disk", async () => {
    const store = new Store({ journal: new Journal(dir) });
    const seen: string[] = [];
    store.subscribe("configmaps", store.revision, ({ stored }) => {
      expect(readFileSync(join(dir, "journal.jsonl"), "utf8")).toContain(`"k":"${stored.key}"`);
      seen.push(stored.key);
    });
    put(store, "a");
    put(store, "b");
    expect(seen).toEqual([]);
    await store.settled();
    expect(seen).toEqual(["default/a", "default/b"]);
    await store.close();
  });

  it("is rewritten when most of it is past, and keeps the present and the revision", async () => {
    const store = new Store({ journal: new Journal(dir, { rewriteBytes: 2_000 }) });
    for (let n = 0; n < 200; n++) {
      put(store, "busy", { n: String(n) });
      if (n % 10 === 0) await store.settled();
    }
    put(store, "gone");
    store.remove("configmaps", "default/gone");
    await store.settled();
    const { revision } = store;
    await store.close();
    expect(statSync(join(dir, "journal.jsonl")).size).toBeLessThan(4_000);
    const again = new Store({ journal: new Journal(dir) });
    expect(again.revision).toBe(revision);
    expect(again.list("configmaps").map(({ object }) => [object.metadata.name, object["data"]])).toEqual([["busy", { n: "199" }]]);
    await again.close();
  });
});

describe(lockFolder, () => {
  it("lets one process in, and takes over from one that is gone", () => {
    const dir = mkdtempSync(join(tmpdir(), "lock-"));
    try {
      const unlock = lockFolder(dir);
      expect(() => lockFolder(dir)).toThrow(`the data folder ${dir} is in use by process ${process.pid}`);
      unlock();
      lockFolder(dir)();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
