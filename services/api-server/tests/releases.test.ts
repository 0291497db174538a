import type { KubeObject } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SERVICE = "trireme.v1.ReleaseService";
const RELEASE = { namespace: "team", name: "web", strategy: "BlueGreen", waitingFor: { reason: "AnalysisRunning", message: "AnalysisRun run is measuring" } };

const PROVEN = { digest: `sha256:${"a".repeat(64)}`, revisions: ["4f2c1aa"], provenAt: "2026-01-01T00:00:00Z" };

describe("the releases of an application", () => {
  it("are what the controller says of its Rollouts, for whoever may see the application", async () => {
    const { ask, asked } = await given("p, ann, applications, get, default/web, allow", async () => ({ json: Buffer.from(JSON.stringify({ rollouts: [RELEASE], proven: [PROVEN] })) }));
    expect(await ask({ name: "web" })).toEqual({ rollouts: [RELEASE], proven: [PROVEN] });
    expect(asked).toEqual([{ namespace: "argocd", name: "web", uid: "app-uid" }]);
  });

  it("are nobody else's", async () => {
    const { ask, asked } = await given("p, ann, applications, get, default/other, allow", async () => ({ json: Buffer.from("[]") }));
    await expect(ask({ name: "web" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect(asked).toEqual([]);
  });

  it("are let go out again by whoever may sync", async () => {
    const lifted: unknown[] = [];
    const allowed = await given("p, ann, applications, *, default/web, allow", async () => ({ json: Buffer.from("{}") }), (request) => lifted.push(request));
    expect(await allowed.lift({ name: "web", digest: PROVEN.digest })).toEqual({ rollouts: [] });
    expect(lifted).toEqual([{ app: { namespace: "argocd", name: "web", uid: "app-uid" }, digest: PROVEN.digest }]);
    const refused = await given("p, ann, applications, get, default/web, allow", async () => ({ json: Buffer.from("{}") }), (request) => lifted.push(request));
    await expect(refused.lift({ name: "web" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect(lifted).toHaveLength(1);
  });

  it("are unknown, not empty, while the controller is away", async () => {
    const { ask } = await given("p, ann, applications, get, default/web, allow", async () => {
      throw new AppError("away", { reason: "ServiceUnavailable", code: Code.Unavailable, retry: "now" });
    });
    await expect(ask({ name: "web" })).rejects.toMatchObject({ code: Code.Unavailable });
  });
});

async function given(policy: string, releases: () => Promise<{ json: Buffer }>, lift: (request: unknown) => void = () => undefined) {
  const asked: unknown[] = [];
  const world = aWorld({ objects: [anApplication("web", { metadata: { uid: "app-uid" } })], rbac: { "policy.csv": policy }, controller: { releases: async (request) => (asked.push(request), releases()), liftQuarantine: async (request) => (lift(request), { json: Buffer.from('{"rollouts":[]}') }) } });
  const token = await world.tokenFor("ann");
  return { asked, lift: (request: unknown) => world.call(SERVICE, "LiftQuarantine", request, { token }), ask: (request: unknown) => world.call(SERVICE, "Get", request, { token }) };
}

describe("an earlier revision of a Rollout", () => {
  const TREE = { nodes: [{ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web", uid: "web-uid" }] };
  const REF = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web" };
  const template = (image: string, labels: object = {}) => ({ metadata: { labels: { app: "web", ...labels } }, spec: { containers: [{ name: "web", image }] } });
  const aSet = (revision: number): KubeObject => ({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: `web-${revision}`, namespace: "team", annotations: { "rollout.argoproj.io/revision": String(revision) }, ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "web", uid: "web-uid" }] }, spec: { template: template(`web:${revision}`, { "rollouts-pod-template-hash": `hash-${revision}` }) } });
  const rollout: KubeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web", namespace: "team", uid: "web-uid" }, spec: { template: template("web:3") } };
  const UPDATE = "p, ann, applications, update/argoproj.io/Rollout/team/*, default/web, allow";

  async function given(policy: string, automated?: object) {
    const world = aWorld({ objects: [anApplication("web", { metadata: { uid: "app-uid" }, spec: automated === undefined ? {} : { syncPolicy: { automated } } }), rollout, aSet(1), aSet(2), aSet(3)], rbac: { "policy.csv": policy }, controller: { resourceTree: async () => ({ json: Buffer.from(JSON.stringify(TREE)) }) } });
    const token = await world.tokenFor("ann");
    return { undo: (revision: number, name = "web") => world.call(SERVICE, "Undo", { name: "web", namespace: "team", rollout: name, revision }, { token }), image: async () => (await world.plane.client.get<KubeObject>(REF))["spec"].template };
  }

  it("is gone back to by whoever may update it, without the controller's own label", async () => {
    const { undo, image } = await given(UPDATE, { selfHeal: false });
    await undo(1);
    expect(await image()).toEqual(template("web:1"));
    await undo(0);
    expect(await image()).toEqual(template("web:2"));
    await expect(undo(9)).rejects.toMatchObject({ code: Code.InvalidArgument, message: "unable to find specified revision 9 in history" });
    await expect(undo(1, "other")).rejects.toMatchObject({ code: Code.InvalidArgument });
  });

  it("is refused to whoever may not, and where self-heal would undo it", async () => {
    const forbidden = await given("p, ann, applications, sync, default/web, allow");
    await expect(forbidden.undo(1)).rejects.toMatchObject({ code: Code.PermissionDenied });
    const healed = await given(UPDATE, { selfHeal: true });
    await expect(healed.undo(1)).rejects.toMatchObject({ code: Code.FailedPrecondition, reason: "AutomatedSync" });
    for (const { image } of [forbidden, healed]) expect(await image()).toEqual(template("web:3"));
  });
});
