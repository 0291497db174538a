import type { clusters } from "@trireme/rpc";
import { AppError, Code } from "@trireme/runtime";
import { anApplication, aProject, aWorld, type WorldOptions } from "./context.ts";

const HEAD = { revisions: ["4f2c"], sourceTypes: ["Directory"], conditions: [{ type: "ManifestWarning", message: "web.yaml:3: hardly meant" }] };
const OBJECT = { group: "apps", version: "v1", kind: "Deployment", namespace: "team", name: "web", state: "New", desired: '{"kind":"Deployment"}', fields: [], hooks: [] };

describe("a preview of an application", () => {
  it("is what the controller would make of it, asked as it would be created, and writes nothing", async () => {
    const { world, preview, asked } = given();
    const answer = await preview(anApplication("new", { spec: { project: "" } }));
    expect(answer).toEqual({ ...HEAD, items: [OBJECT], exists: false });
    expect(asked[0]).toMatchObject({ metadata: { name: "new", namespace: "argocd" }, spec: { project: "default" } });
    expect(world.plane.writes).toEqual([]);
  });

  test.each(["create", "get"])("is refused to who may only %s", async (action) => {
    const { preview } = given({ rbac: { "policy.csv": `p, ann, applications, ${action}, default/new, allow` } });
    await expect(preview(anApplication("new"))).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  it("asks for the right in the project that is named", async () => {
    const { preview } = given({ objects: [aProject("team")] });
    await expect(preview(anApplication("new", { spec: { project: "team" } }))).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  it("says that the name is taken, unless it is the same application", async () => {
    const { preview } = given({ objects: [anApplication("new")] });
    expect((await preview(anApplication("new"))).exists).toBe(false);
    expect((await preview(anApplication("new", { spec: { revisionHistoryLimit: 3 } }))).exists).toBe(true);
  });

  it("refuses what creating would: a source that the project does not permit", async () => {
    const { preview } = given({ objects: [aProject("default", { sourceRepos: ["https://git.test/other.git"] })] });
    await expect(preview(anApplication("new"))).rejects.toThrow("application repo https://git.test/app.git is not permitted in project 'default'");
  });

  it("says of a source that cannot be rendered what creating would say", async () => {
    const { preview } = given({ failure: new AppError("kustomization.yaml: no such file", { reason: "RenderFailed", code: Code.Unknown, retry: "never" }) });
    await expect(preview(anApplication("new"))).rejects.toThrow("application spec for new is invalid: InvalidSpecError: Unable to generate manifests in new:");
  });

  it("lets the cluster's own failure through as it is", async () => {
    const { preview } = given({ failure: new AppError("cannot read Deployment.apps", { reason: "ClusterUnreadable", code: Code.Unavailable, retry: "later" }) });
    await expect(preview(anApplication("new"))).rejects.toMatchObject({ code: Code.Unavailable, message: expect.stringContaining("cannot read Deployment.apps") });
  });

  it("has the API server try it as it was written, stray fields and all", async () => {
    const { world, preview } = given();
    const tried: unknown[] = [];
    const { create } = world.plane.client;
    world.plane.client.create = async (object, options) => (tried.push({ object, options }), create(object, options));
    await preview({ ...anApplication("new"), status: { health: {} }, operation: {}, spec: { ...anApplication("new")["spec"], stray: 1 } });
    expect(tried).toEqual([{ object: expect.objectContaining({ spec: expect.objectContaining({ stray: 1 }) }), options: expect.objectContaining({ dryRun: true, fieldValidation: "Strict" }) }]);
    expect((tried[0] as { object: object }).object).not.toHaveProperty("operation");
  });

  test.each([["{", "is not JSON"], ["{}", "metadata and spec must both be there"], ["null", "metadata and spec must both be there"]])("says what is wrong with %s", async (application, message) => {
    const { call } = given();
    await expect(call({ application })).rejects.toThrow(message);
  });
});

function given({ failure, ...options }: WorldOptions & { failure?: AppError } = {}) {
  const asked: unknown[] = [];
  const world = aWorld({
    rbac: { "policy.csv": "p, ann, applications, create, default/new, allow\np, ann, applications, get, default/new, allow" },
    controller: {
      async *preview({ applicationJson }): AsyncGenerator<clusters.JsonChunk> {
        asked.push(JSON.parse(String(applicationJson)));
        if (failure !== undefined) throw failure;
        for (const said of [HEAD, OBJECT]) yield { json: Buffer.from(JSON.stringify(said)) };
      },
    },
    ...options,
  });
  const call = async (request: unknown) => world.call("trireme.v1.PreviewService", "Get", request, { token: await world.tokenFor("ann") });
  return { world, asked, call, preview: (app: object) => call({ application: JSON.stringify(app) }) };
}
