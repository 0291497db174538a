import { Code } from "@trireme/runtime";
import { aProject, aWorld } from "./context.ts";

const POLICY = "p, role:shop, applications, get, default/*, allow\np, role:shop, applications, sync, default/shop, allow\np, role:shop, applications, sync, default/shop-prod, deny\ng, ann, role:shop";

describe("what somebody may do", () => {
  it("is answered question by question, as each call itself would be", async () => {
    const world = aWorld({ rbac: { "policy.csv": POLICY } });
    const questions = [
      { resource: "applications", action: "get", object: "default/shop" },
      { resource: "applications", action: "sync", object: "default/shop" },
      { resource: "applications", action: "sync", object: "default/shop-prod" },
      { resource: "applications", action: "get", object: "team/shop" },
      { resource: "repositories", action: "create", object: "https://git.test/shop.git" },
      {},
    ];
    const ask = async (account: string) => (await world.call("trireme.v1.PermissionService", "Check", { permissions: questions }, { token: await world.tokenFor(account) })).allowed;
    expect(await ask("ann")).toEqual([true, true, false, false, false, false]);
    expect(await ask("bob")).toEqual([false, false, false, false, false, false]);
    expect(await ask("admin")).toEqual([true, true, true, true, true, expect.any(Boolean)]);
  });

  it("is answered before an object is named: is there one that it may be done to?", async () => {
    const world = aWorld({ objects: [aProject("team", { roles: [{ name: "ops", groups: ["bob"], policies: ["p, proj:team:ops, applications, create, team/web-*, allow"] }] })], rbac: { "policy.csv": `${POLICY}\np, role:shop, clusters, delete, x, allow\np, role:shop, clusters, delete, *, deny` } });
    const permissions = ["get", "sync", "create"].map((action) => ({ resource: "applications", action, somewhere: true }));
    const ask = async (account: string, questions: object[] = permissions) => (await world.call("trireme.v1.PermissionService", "Check", { permissions: questions }, { token: await world.tokenFor(account) })).allowed;
    expect(await ask("ann")).toEqual([true, true, false]);
    expect(await ask("admin")).toEqual([true, true, true]);
    expect(await ask("bob")).toEqual([false, false, true]);
    // What is denied for everything is allowed for nothing.
    expect(await ask("ann", [{ resource: "clusters", action: "delete", somewhere: true }])).toEqual([false]);
  });

  it("is not asked without end", async () => {
    const world = aWorld();
    const ask = async (count: number) => world.call("trireme.v1.PermissionService", "Check", { permissions: Array.from({ length: count }, () => ({ resource: "applications" })) }, { token: await world.tokenFor("ann") });
    expect((await ask(1000)).allowed).toHaveLength(1000);
    await expect(ask(1001)).rejects.toMatchObject({ code: Code.InvalidArgument, message: "at most 1000 permissions are answered at once, got 1001" });
  });
});
