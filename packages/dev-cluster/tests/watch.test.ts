import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap } from "./support/objects.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";

describe("watches", () => {
  let cluster: DevCluster;
  let http: Http;
  beforeEach(async () => {
    cluster = await startDevCluster({ history: 8 });
    http = new Http(cluster);
  });
  afterEach(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });
  const listed = async (): Promise<string> => (await http.get(MAPS)).body.metadata.resourceVersion;

  it("tell every change after the version that they start from, in order", async () => {
    await http.post(MAPS, aConfigMap("before"));
    const from = await listed();
    await http.post(MAPS, aConfigMap("a"));
    using watch = await http.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
    await http.patch(`${MAPS}/a`, "merge", { data: { key: "2" } });
    await http.delete(`${MAPS}/a`);
    const events = [await watch.next(), await watch.next(), await watch.next()];
    expect(events.map(({ type, object }) => [type, object.metadata.name, object.data.key])).toEqual([["ADDED", "a", "value"], ["MODIFIED", "a", "2"], ["DELETED", "a", "2"]]);
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(events[0].object).toMatchObject({ kind: "ConfigMap", apiVersion: "v1" });
  });

  it("begin with what is there when they start from nothing", async () => {
    await http.post(MAPS, aConfigMap("there"));
    using watch = await http.watch(`${MAPS}?watch=1`);
    expect(await watch.next()).toMatchObject({ type: "ADDED", object: { metadata: { name: "there" } } });
  });

  it("end the initial events with a bookmark that says so", async () => {
    await http.post(MAPS, aConfigMap("there"));
    using watch = await http.watch(`${MAPS}?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`);
    expect(await watch.next()).toMatchObject({ type: "ADDED" });
    expect(await watch.next()).toMatchObject({ type: "BOOKMARK", object: { kind: "ConfigMap", metadata: { resourceVersion: await listed(), annotations: { "k8s.io/initial-events-end": "true" } } } });
    expect((await http.get(`${MAPS}?watch=1&sendInitialEvents=true`)).body.message).toContain("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  });

  it("see objects come into and go out of their selector", async () => {
    const from = await listed();
    using watch = await http.watch(`${MAPS}?watch=1&resourceVersion=${from}&labelSelector=team%3Da`);
    const { body } = await http.post(MAPS, aConfigMap("moving"));
    await http.patch(`${MAPS}/moving`, "merge", { metadata: { labels: { team: "a" } } });
    await http.patch(`${MAPS}/moving`, "merge", { metadata: { labels: { team: "b" } } });
    expect(await watch.next()).toMatchObject({ type: "ADDED", object: { metadata: { uid: body.metadata.uid, labels: { team: "a" } } } });
    expect(await watch.next()).toMatchObject({ type: "DELETED", object: { metadata: { labels: { team: "a" } } } });
  });

  it("say 410 where the start is forgotten", async () => {
    const from = await listed();
    await http.post(MAPS, aConfigMap("busy"));
    for (let round = 0; round < 30; round++) await http.patch(`${MAPS}/busy`, "merge", { data: { round: String(round) } });
    using watch = await http.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
    expect(await watch.next()).toMatchObject({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired", message: expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/) } });
    expect(await watch.next()).toBeUndefined();
  });

  it("end at their timeout", async () => {
    using watch = await http.watch(`${MAPS}?watch=1&timeoutSeconds=1`);
    expect(await watch.next()).toBeUndefined();
  });

  it("come as tables and as metadata", async () => {
    await http.post(MAPS, aConfigMap("shown"));
    using tables = await http.watch(`${MAPS}?watch=1`, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" });
    expect(await tables.next()).toMatchObject({ type: "ADDED", object: { kind: "Table", columnDefinitions: [{ name: "Name" }, { name: "Data" }, { name: "Age" }], rows: [{ cells: ["shown", 1, expect.any(String)] }] } });
    await http.post(MAPS, aConfigMap("second"));
    expect((await tables.next()).object.columnDefinitions).toBeNull();
    using metadata = await http.watch(`${MAPS}?watch=1`, { accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" });
    expect(await metadata.next()).toEqual({ type: "ADDED", object: expect.objectContaining({ kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" }) });
  });
});
