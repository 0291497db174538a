import { Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SAID = {
  synced: false,
  healthy: true,
  reasons: [
    { reason: "Drifted", message: "Service team/web differs at spec.ports", blocker: { group: "", kind: "Service", namespace: "team", name: "web" }, evidence: [{ path: "spec.ports", pointer: "/spec/ports", desired: [{ port: 80 }], writer: { manager: "kubectl-edit", operation: "Update", time: "2026-01-01T00:00:00Z" } }], next: "sync, or ignore the difference" },
    { reason: "OperationRunning", message: "one or more tasks are running", next: "it goes on by itself" },
  ],
};

describe("why an application is not Synced and Healthy", () => {
  it("is told to whoever may see it, with who wrote what differs", async () => {
    expect((await given("default/web")).reasons).toEqual([
      { ...SAID.reasons[0], evidence: [{ path: "spec.ports", desired: '[{"port":80}]', writer: "kubectl-edit", writtenAt: "2026-01-01T00:00:00Z" }] },
      { ...SAID.reasons[1], evidence: [] },
    ]);
  });

  it("is nobody else's", async () => {
    await expect(given("default/other")).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});

async function given(object: string) {
  const world = aWorld({ objects: [anApplication("web", { metadata: { uid: "app-uid" } })], rbac: { "policy.csv": `p, ann, applications, get, ${object}, allow` }, controller: { why: async () => ({ json: Buffer.from(JSON.stringify(SAID)) }) } });
  return world.call("trireme.v1.WhyService", "Get", { name: "web" }, { token: await world.tokenFor("ann") });
}
