import { givenCluster, KINDS } from "../given-cluster.ts";

const { Pod } = KINDS;
const ResourceQuota = { group: "", version: "v1", kind: "ResourceQuota" };
const ConfigMap = { group: "", version: "v1", kind: "ConfigMap" };

let it_: Awaited<ReturnType<typeof givenCluster>>;
beforeAll(async () => {
  it_ = await givenCluster();
});
afterAll(async () => {
  expect(it_.problems).toEqual([]);
  await it_[Symbol.asyncDispose]();
});

const aPod = (name: string, cpu: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec: { containers: [{ name: "main", image: "web:1", resources: { requests: { cpu } } }] } });
const aMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } });

describe("a ResourceQuota", () => {
  it("knows what is there, is charged for what comes, and gets back what goes", async () => {
    const it = it_;
    await it.create(aPod("first", "250m"));
    await it.create({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "team", namespace: "default" }, spec: { hard: { pods: "2", "requests.cpu": "1" } } });
    await it.becomes(ResourceQuota, "team", (quota) => quota.status?.used?.pods === "1");
    await it.create(aPod("second", "500m"));
    expect((await it.find(ResourceQuota, "team"))!["status"]).toEqual({ hard: { pods: "2", "requests.cpu": "1" }, used: { pods: "2", "requests.cpu": "750m" } });
    await expect(it.create(aPod("third", "100m"))).rejects.toThrow('pods "third" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2');
    await it.delete(Pod, "first");
    await it.becomes(ResourceQuota, "team", (quota) => quota.status.used.pods === "1" && quota.status.used["requests.cpu"] === "500m");
    await it.create(aPod("third", "100m"));
  });

  it("counts objects of any kind", async () => {
    const it = it_;
    const present = (await it.list(ConfigMap)).length;
    await it.create({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "maps", namespace: "default" }, spec: { hard: { "count/configmaps": String(present + 1) } } });
    await it.becomes(ResourceQuota, "maps", (quota) => quota.status?.used?.["count/configmaps"] === String(present));
    await it.create(aMap("one"));
    await expect(it.create(aMap("two"))).rejects.toThrow(`exceeded quota: maps, requested: count/configmaps=1, used: count/configmaps=${present + 1}, limited: count/configmaps=${present + 1}`);
  });
});
