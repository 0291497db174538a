import type { KubeObject } from "@trireme/api";
import { Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SERVICE = "application.ApplicationService";
const RESOURCE = { name: "web", group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", resourceName: "web" };
const ROLLOUT: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "team", uid: "rollout-uid", generation: 3 },
  spec: { paused: true, strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } } },
  status: { observedGeneration: "3", currentPodHash: "b", stableRS: "a", currentStepIndex: 1, controllerPause: true, pauseConditions: [{ reason: "CanaryPauseStep" }] },
} as KubeObject;

describe("actions on a Rollout of an application", () => {
  it("are listed for whoever may see the application", async () => {
    const { ask } = await given("p, ann, applications, get, default/web, allow");
    const { actions } = await ask("ListResourceActions", RESOURCE);
    expect(actions).toEqual([
      { name: "abort" },
      { name: "pause", disabled: true },
      { name: "promote-full" },
      { name: "restart", displayName: "Restart Pods" },
      { name: "resume" },
      { name: "retry", disabled: true },
      { name: "skip-current-step" },
    ]);
  });

  it("change status through its own door and the rest through the other, as the plugin does", async () => {
    const { ask, plane, rollout } = await given("p, ann, applications, action/argoproj.io/Rollout/resume, default/web, allow");
    await ask("RunResourceActionV2", { ...RESOURCE, action: "resume" });
    expect(plane.writes.slice(0, 2)).toEqual(["patch Rollout/status web", "patch Rollout web"]);
    expect(await rollout()).toMatchObject({ spec: { paused: false }, status: { controllerPause: true, currentStepIndex: 1 } });
    expect((await rollout())["status"]).not.toHaveProperty("pauseConditions");
  });

  it("are each a right of their own: who may resume may not abort", async () => {
    const { ask, plane } = await given("p, ann, applications, get, default/web, allow\np, ann, applications, action/argoproj.io/Rollout/resume, default/web, allow");
    await expect(ask("RunResourceAction", { ...RESOURCE, action: "abort" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect(plane.writes).toEqual([]);
  });

  it("say what there is when there is none of that name", async () => {
    const { ask } = await given("p, ann, applications, action/*, default/web, allow");
    await expect(ask("RunResourceAction", { ...RESOURCE, action: "promote" })).rejects.toMatchObject({ code: Code.InvalidArgument, message: 'action "promote" is not available for argoproj.io/Rollout; there is abort, pause, promote-full, restart, resume, retry, skip-current-step' });
  });
});

async function given(policy: string) {
  const tree = { nodes: [{ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web", uid: "rollout-uid" }] };
  const world = aWorld({ objects: [anApplication("web", { metadata: { uid: "app-uid" } }), ROLLOUT], rbac: { "policy.csv": policy }, controller: { resourceTree: async () => ({ json: Buffer.from(JSON.stringify(tree)) }) } });
  const token = await world.tokenFor("ann");
  return { ...world, ask: (method: string, request: unknown) => world.call(SERVICE, method, request, { token }), rollout: () => world.plane.client.get<KubeObject>({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web" }) };
}
