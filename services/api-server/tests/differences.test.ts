import type { clusters } from "@trireme/rpc";
import { Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SAID = { group: "apps", kind: "Deployment", namespace: "team", name: "web", state: "Modified", desired: '{"kind":"Deployment"}', live: '{"kind":"Deployment"}', fields: [{ path: "spec.replicas", desired: "1", live: "3", writer: "kubectl-scale", operation: "Update", writtenAt: "2026-01-01T00:00:00Z" }] };

describe("what differs between an application and its cluster", () => {
  it("is told to whoever may see it, with who wrote it", async () => {
    expect((await given("default/web", "List")).items).toEqual([SAID]);
  });

  it("is told of an entry of the history too, which the controller finds by its number", async () => {
    expect((await given("default/web", "ListRollback")).items).toEqual([{ ...SAID, name: "entry 7" }]);
  });

  test.each(["List", "ListRollback"])("%s is nobody else's", async (method) => {
    await expect(given("default/other", method)).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});

async function given(object: string, method: string) {
  const said = async function* (item: object): AsyncGenerator<clusters.JsonChunk> {
    yield { json: Buffer.from(JSON.stringify(item)) };
  };
  const world = aWorld({
    objects: [anApplication("web", { metadata: { uid: "app-uid" } })],
    rbac: { "policy.csv": `p, ann, applications, get, ${object}, allow` },
    controller: { differences: () => said(SAID), rollbackDifferences: ({ historyId }) => said({ ...SAID, name: `entry ${historyId}` }) },
  });
  return world.call("trireme.v1.DifferenceService", method, { name: "web", id: 7 }, { token: await world.tokenFor("ann") });
}
