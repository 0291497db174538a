import type { KubeObject } from "@trireme/api";
import { Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SECRET: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "token", namespace: "team", uid: "s" }, data: { a: "c2VjcmV0LWE=", b: "c2VjcmV0LWI=" } };
const SERVICE = "trireme.v1.DryRunService";

describe("a dry run of a resource's patch", () => {
  const patch = (body: unknown) => ({ name: "web", kind: "Secret", version: "v1", namespace: "team", resourceName: "token", patchType: "application/merge-patch+json", patch: JSON.stringify(body) });

  it("shows what would change of a Secret and never what it holds, and writes nothing", async () => {
    const { world, call } = await given("update/*");
    const { before, after } = await call("PatchResource", patch({ data: { a: "bmV3" } }));
    expect(before + after).not.toMatch(/c2VjcmV0|bmV3/);
    const [was, is] = [JSON.parse(before).data, JSON.parse(after).data];
    expect(is.a).not.toBe(was.a);
    expect(is.b).toBe(was.b);
    expect(world.plane.writes).toEqual([]);
  });

  it("asks what the patch itself asks", async () => {
    const { call } = await given("get");
    await expect(call("PatchResource", patch({}))).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  it("knows only objects of the application", async () => {
    const { call } = await given("update/*");
    await expect(call("PatchResource", { ...patch({}), resourceName: "other" })).rejects.toThrow("not found as part of application web");
  });
});

describe("a dry run of an application's update", () => {
  const changed = (change: object) => ({ name: "web", application: JSON.stringify({ ...anApplication("web"), ...change }) });

  it("shows what the application would become, and writes nothing", async () => {
    const { world, call } = await given("update");
    const { before, after } = await call("UpdateApplication", changed({ spec: { ...anApplication("web")["spec"], syncPolicy: { automated: { prune: true } } } }));
    expect(JSON.parse(before).spec).not.toHaveProperty("syncPolicy");
    expect(JSON.parse(after).spec.syncPolicy).toEqual({ automated: { prune: true } });
    expect(world.plane.writes).toEqual([]);
  });

  it("tries again on what the application has become meanwhile", async () => {
    const { world, call } = await given("update");
    const { update } = world.plane.client;
    let raced = false;
    world.plane.client.update = async (object, options) => {
      if (!raced) {
        raced = true;
        await world.plane.client.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" }, "merge", { status: { reconciledAt: "2026-01-02T00:00:00Z" } });
      }
      return update(object, options);
    };
    const { after } = await call("UpdateApplication", changed({ spec: { ...anApplication("web")["spec"], revisionHistoryLimit: 3 } }));
    expect(JSON.parse(after).spec.revisionHistoryLimit).toBe(3);
  });

  it("refuses what cannot be rendered, as saving would", async () => {
    const { call } = await given("update", { failing: true });
    await expect(call("UpdateApplication", changed({}))).rejects.toThrow("Unable to generate manifests");
  });

  it("asks what the update itself asks", async () => {
    const { call } = await given("get");
    await expect(call("UpdateApplication", changed({}))).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  test.each([
    ["{", "is not JSON"],
    ["{}", "metadata and spec must both be there"],
    [JSON.stringify(anApplication("other")), "metadata.name and metadata.namespace must stay web and argocd"],
  ])("says what is wrong with %s", async (application, message) => {
    const { call } = await given("update");
    await expect(call("UpdateApplication", { name: "web", application })).rejects.toThrow(message);
  });
});

async function given(action: string, { failing = false } = {}) {
  const tree = { nodes: [{ version: "v1", kind: "Secret", namespace: "team", name: "token", uid: "s" }] };
  const world = aWorld({
    objects: [anApplication("web", { metadata: { uid: "app-uid" } }), SECRET],
    rbac: { "policy.csv": `p, ann, applications, ${action}, default/web, allow` },
    controller: { resourceTree: async () => ({ json: Buffer.from(JSON.stringify(tree)) }) },
    repo: {
      async *render() {
        if (failing) throw new Error("no such path");
        yield { header: null, objects: null } as never;
      },
    },
  });
  const token = await world.tokenFor("ann");
  return { world, call: (method: string, request: unknown) => world.call(SERVICE, method, request, { token }) };
}
