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
