import type { KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { clusters, createClient } from "@trireme/rpc";
import { configMap, hook, startController, type Running } from "./_controller.ts";

const secret = (value: string): KubeObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "token" }, stringData: { token: value } });
const inTeam = (object: KubeObject, annotations?: Record<string, string>): KubeObject => ({ ...object, metadata: { ...object.metadata, namespace: "team", ...(annotations && { annotations }) } });

describe("a preview of an application that is not there", () => {
  it("tells new, changed, same, left-over and hook apart, and whose an object is already", async () => {
    const mark = (app: string, name: string) => ({ "argocd.argoproj.io/tracking-id": `${app}:/ConfigMap:team/${name}` });
    await using running = await startController({ objects: [configMap("new"), configMap("changed", "2"), configMap("same"), configMap("theirs"), hook("check", "PostSync")] });
    running.cluster.put(inTeam(configMap("changed", "1"), mark("fresh", "changed")));
    running.cluster.put(inTeam(configMap("same"), mark("fresh", "same")));
    running.cluster.put(inTeam(configMap("left"), mark("fresh", "left")));
    running.cluster.put(inTeam(configMap("theirs"), mark("other-ns_other", "theirs")));
    running.cluster.writes.length = 0;
    const { head, items } = await preview(running);
    expect(head).toMatchObject({ revisions: [running.repository.revision], sourceTypes: ["Directory"] });
    expect(items.map(({ name, state, owner, hooks }) => [name, state, owner ?? "", ...hooks])).toEqual([
      ["changed", "Modified", ""],
      ["left", "RequiresPruning", ""],
      ["new", "New", ""],
      ["same", "Same", ""],
      ["theirs", "Modified", "other-ns/other"],
      ["check", "Hook", "", "PostSync"],
    ]);
    expect(items[0]!.fields).toEqual([{ path: "data.value", desired: '"2"', live: '"1"' }]);
    expect(running.cluster.writes.filter(({ name }) => name !== "web")).toEqual([]);
  });

  it("names the namespace that the first sync would create, and nothing of it that is there", async () => {
    await using running = await startController({ objects: [configMap("a")] });
    const created = async (namespace: string) => (await preview(running, { destination: { server: running.cluster.cluster, namespace }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } })).items.filter(({ kind }) => kind === "Namespace").map(({ name, state }) => [name, state]);
    expect(await created("elsewhere")).toEqual([["elsewhere", "New"]]);
    expect(await created("team")).toEqual([]);
  });

  it("says what the project does not permit, and what the cluster does not serve", async () => {
    await using running = await startController({ objects: [configMap("a"), { apiVersion: "widgets.test/v1", kind: "Widget", metadata: { name: "w" } }], project: { namespaceResourceBlacklist: [{ group: "", kind: "ConfigMap" }] } });
    const { items } = await preview(running);
    expect(items.map(({ name, problem }) => [name, problem])).toEqual([
      ["a", "resource :ConfigMap is not permitted in project default"],
      ["w", expect.stringContaining('Make sure the "Widget" CRD is installed')],
    ]);
  });

  it("holds nothing of a Secret, and still shows that it changes", async () => {
    await using running = await startController({ objects: [secret("in-git")] });
    running.cluster.put({ ...inTeam(secret("x")), stringData: undefined, data: { token: Buffer.from("in-cluster").toString("base64") } } as KubeObject);
    const { items } = await preview(running);
    const said = JSON.stringify(items);
    for (const value of ["in-git", "in-cluster"]) expect([said.includes(value), said.includes(Buffer.from(value).toString("base64"))]).toEqual([false, false]);
    expect(items[0]).toMatchObject({ state: "Modified", desired: expect.stringMatching(/"token":"\++"/) });
    expect(JSON.parse(items[0]!.desired!).data).not.toEqual(JSON.parse(items[0]!.live!).data);
  });

  it("is refused where the destination is not the project's", async () => {
    await using running = await startController({ objects: [configMap("a")] });
    await expect(preview(running, { destination: { server: "https://nowhere.test", namespace: "team" } })).rejects.toThrow("application destination spec for fresh is invalid");
  });
});

interface Item {
  kind: string;
  name: string;
  state: string;
  owner?: string;
  problem?: string;
  hooks: string[];
  fields: unknown[];
  desired?: string;
  live?: string;
}

async function preview(running: Running, spec: object = {}): Promise<{ head: object; items: Item[] }> {
  const app = { ...running.app(), metadata: { name: "fresh", namespace: "argocd" }, status: undefined, spec: { ...running.app().spec, ...spec } } as unknown as Application;
  using client = createClient<clusters.ClustersClient>(clusters.CLUSTERS_SERVICE, running.controller.address);
  const said: unknown[] = [];
  for await (const { json } of client.preview({ applicationJson: Buffer.from(JSON.stringify(app)) })) said.push(JSON.parse(String(json)));
  return { head: said[0] as object, items: said.slice(1) as Item[] };
}
