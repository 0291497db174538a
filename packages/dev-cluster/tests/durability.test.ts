import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startDevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap, aWidgetCrd } from "./support/objects.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";

describe("a cluster with a data folder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "dev-cluster-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("comes back as it was, with its keys, kinds and versions", async () => {
    const first = await startDevCluster({ dataDir: dir });
    let revision: string;
    {
      using http = new Http(first);
      await http.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", aWidgetCrd());
      await http.post("/apis/test.dev/v1/namespaces/default/widgets", { apiVersion: "test.dev/v1", kind: "Widget", metadata: { name: "w" }, spec: { size: "small" } });
      await http.post(MAPS, aConfigMap("deleted"));
      await http.delete(`${MAPS}/deleted`);
      revision = (await http.post(MAPS, aConfigMap("kept"))).body.metadata.resourceVersion;
      await first.stop();
    }
    await using second = await startDevCluster({ dataDir: dir });
    using http = new Http({ ...second, caData: first.caData, adminToken: first.adminToken });
    expect((await http.get(`${MAPS}/kept`)).body).toMatchObject({ data: { key: "value" }, metadata: { resourceVersion: revision } });
    expect((await http.get(`${MAPS}/deleted`)).code).toBe(404);
    expect((await http.get("/apis/test.dev/v1/widgets")).body.items).toHaveLength(1);
    expect(Number((await http.post(MAPS, aConfigMap("later"))).body.metadata.resourceVersion)).toBeGreaterThan(Number(revision));
    using watch = await http.watch(`${MAPS}?watch=1&resourceVersion=1`);
    expect(await watch.next()).toMatchObject({ type: "ERROR", object: { code: 410 } });
  });

  it("loses nothing that it answered when it is killed", async () => {
    const script = `import { startDevCluster } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      const cluster = await startDevCluster({ dataDir: ${JSON.stringify(dir)} });
      console.log(JSON.stringify({ url: cluster.url, caData: cluster.caData, adminToken: cluster.adminToken }));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, "line")) as [string];
    const answered: string[] = [];
    {
      using http = new Http(JSON.parse(line));
      const writes = Array.from({ length: 200 }, async (_, index) => {
        const { code } = await http.post(MAPS, aConfigMap(`map-${index}`));
        if (code === 201) answered.push(`map-${index}`);
        if (answered.length === 60) child.kill("SIGKILL");
      });
      await Promise.allSettled(writes);
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(answered.length).toBeGreaterThanOrEqual(60);

    await using again = await startDevCluster({ dataDir: dir });
    using http = new Http(again);
    const there = new Set((await http.get(MAPS)).body.items.map((item: any) => item.metadata.name));
    expect(answered.filter((name) => !there.has(name))).toEqual([]);
  });

  it("cuts off a line that was never finished", async () => {
    const first = await startDevCluster({ dataDir: dir });
    {
      using http = new Http(first);
      await http.post(MAPS, aConfigMap("whole"));
    }
    await first.stop();
    const journal = join(dir, "journal.jsonl");
    const whole = readFileSync(journal, "utf8");
    appendFileSync(journal, '{"r":999,"b":"configmaps","k":"default/half","o":{"kind":"Conf');
    await using second = await startDevCluster({ dataDir: dir });
    using http = new Http(second);
    expect((await http.get(MAPS)).body.items.map((item: any) => item.metadata.name)).toEqual(["whole"]);
    expect(readFileSync(journal, "utf8").startsWith(whole)).toBe(true);
    expect(readFileSync(journal, "utf8")).not.toContain("half");
  });
});
