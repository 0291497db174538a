import { AppError, Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SERVICE = "trireme.v1.ReleaseService";
const RELEASE = { namespace: "team", name: "web", strategy: "BlueGreen", waitingFor: { reason: "AnalysisRunning", message: "AnalysisRun run is measuring" } };

describe("the releases of an application", () => {
  it("are what the controller says of its Rollouts, for whoever may see the application", async () => {
    const { ask, asked } = await given("p, ann, applications, get, default/web, allow", async () => ({ json: Buffer.from(JSON.stringify([RELEASE])) }));
    expect(await ask({ name: "web" })).toEqual({ rollouts: [RELEASE] });
    expect(asked).toEqual([{ namespace: "argocd", name: "web", uid: "app-uid" }]);
  });

  it("are nobody else's", async () => {
    const { ask, asked } = await given("p, ann, applications, get, default/other, allow", async () => ({ json: Buffer.from("[]") }));
    await expect(ask({ name: "web" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect(asked).toEqual([]);
  });

  it("are unknown, not empty, while the controller is away", async () => {
    const { ask } = await given("p, ann, applications, get, default/web, allow", async () => {
      throw new AppError("away", { reason: "ServiceUnavailable", code: Code.Unavailable, retry: "now" });
    });
    await expect(ask({ name: "web" })).rejects.toMatchObject({ code: Code.Unavailable });
  });
});

async function given(policy: string, releases: () => Promise<{ json: Buffer }>) {
  const asked: unknown[] = [];
  const world = aWorld({ objects: [anApplication("web", { metadata: { uid: "app-uid" } })], rbac: { "policy.csv": policy }, controller: { releases: async (request) => (asked.push(request), releases()) } });
  const token = await world.tokenFor("ann");
  return { asked, ask: (request: unknown) => world.call(SERVICE, "Get", request, { token }) };
}
