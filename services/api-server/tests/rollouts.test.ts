import type { KubeObject } from "@trireme/api";
import { Code } from "@trireme/runtime";
import { anApplication, aWorld } from "./context.ts";

const SERVICE = "rollout.RolloutService";
const TEMPLATE = (image: string) => ({ metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } });
const CANARY = { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }] } };

function aRollout(name: string, more: { tracked?: boolean; spec?: object; status?: object } = {}): KubeObject {
  const annotations = more.tracked === false ? {} : { "argocd.argoproj.io/tracking-id": `web:argoproj.io/Rollout:team/${name}` };
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name, namespace: "team", uid: `${name}-uid`, generation: 2, annotations }, spec: { strategy: CANARY, template: TEMPLATE("web:3"), ...more.spec }, status: { observedGeneration: "2", phase: "Progressing", currentPodHash: "c", stableRS: "b", currentStepIndex: 0, ...more.status } };
}
const aSet = (hash: string, revision: number): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: `web-${hash}`, namespace: "team", uid: `set-${hash}`, labels: { "rollouts-pod-template-hash": hash }, annotations: { "rollout.argoproj.io/revision": String(revision) }, ownerReferences: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "web", uid: "web-uid" }] },
  spec: { replicas: 1, template: { ...TEMPLATE(`web:${revision}`), metadata: { labels: { app: "web", "rollouts-pod-template-hash": hash } } } },
  status: { replicas: 1, availableReplicas: 1, observedGeneration: 0 },
});

describe("the rollouts dashboard's API", () => {
  it("shows a Rollout to whoever may see its application", async () => {
    const { ask } = await given("p, ann, applications, get, default/web, allow");
    expect(await ask("GetRolloutInfo", { namespace: "team", name: "web" })).toMatchObject({ status: "Progressing", strategy: "Canary", step: "0/3", replicaSets: [{ revision: 3, canary: true }, { revision: 2, stable: true }, { revision: 1 }] });
  });

  it("tells absent and forbidden alike", async () => {
    const { ask } = await given("p, ann, applications, get, other/*, allow");
    for (const name of ["web", "absent"]) await expect(ask("GetRolloutInfo", { namespace: "team", name })).rejects.toMatchObject({ code: Code.PermissionDenied, message: "permission denied" });
  });

  it("leaves what no application tracks to those who may change the cluster", async () => {
    const seen = await given("p, ann, applications, *, */*, allow");
    await expect(seen.ask("GetRolloutInfo", { namespace: "team", name: "alone" })).rejects.toMatchObject({ code: Code.PermissionDenied });
    const admin = await given("p, ann, clusters, update, https://kubernetes.default.svc, allow");
    expect(await admin.ask("GetRolloutInfo", { namespace: "team", name: "alone" })).toMatchObject({ objectMeta: { name: "alone" } });
    await expect(admin.ask("GetRolloutInfo", { namespace: "team", name: "absent" })).rejects.toMatchObject({ code: Code.NotFound, message: 'rollouts.argoproj.io "absent" not found' });
  });

  it("lists what the caller may see, by name", async () => {
    const { ask } = await given("p, ann, applications, get, default/web, allow");
    const { rollouts } = await ask("ListRolloutInfos", { namespace: "team" });
    expect(rollouts.map(({ objectMeta }: any) => objectMeta.name)).toEqual(["web"]);
    expect(await ask("GetNamespace", {})).toEqual({ namespace: "argocd", availableNamespaces: ["team"] });
    expect(await ask("Version", {})).toEqual({ rolloutsVersion: "v1.9.1+trireme" });
  });

  it("streams a Rollout, and again when something below it has changed, and ends with it", async () => {
    const { ask, plane } = await given("p, ann, applications, get, default/web, allow");
    const stream = (await ask("WatchRolloutInfo", { namespace: "team", name: "web" }))[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ status: "Progressing" });
    const next = stream.next();
    await plane.client.patch({ group: "apps", version: "v1", kind: "ReplicaSet", namespace: "team", name: "web-c" }, "merge", { status: { availableReplicas: 0 } });
    expect((await next).value).toMatchObject({ replicaSets: [{ revision: 3, available: 0 }, {}, {}] });
    const last = stream.next();
    await plane.client.delete({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web" });
    expect((await last).done).toBe(true);
  });

  it("streams all of a namespace: first each one, then those that changed, then what is gone", async () => {
    const { ask, plane } = await given("p, ann, applications, get, default/web, allow\np, ann, clusters, update, *, allow");
    const stream = (await ask("WatchRolloutInfos", { namespace: "team" }))[Symbol.asyncIterator]();
    const event = async () => {
      const { value } = await stream.next();
      return `${value.type} ${value.rolloutInfo.objectMeta.name}`;
    };
    expect([await event(), await event()]).toEqual(["Updated alone", "Updated web"]);
    const changed = event();
    await plane.client.patch({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web" }, "merge", { status: { phase: "Paused" } });
    expect(await changed).toBe("Updated web");
    const gone = event();
    await plane.client.delete({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "alone" });
    expect(await gone).toBe("Deleted alone");
    await stream.return();
  });

  test.each<{ method: string; request?: object; action: string; status?: object; spec?: object; want: object; writes: string[] }>([
    { method: "AbortRollout", action: "abort", want: { status: { abort: true } }, writes: ["patch Rollout/status web"] },
    { method: "RetryRollout", action: "retry", status: { abort: true }, want: { status: { abort: false } }, writes: ["patch Rollout/status web"] },
    { method: "RestartRollout", action: "restart", want: { spec: { restartAt: expect.stringMatching(/^\d{4}-.*Z$/) } }, writes: ["patch Rollout web"] },
    { method: "PromoteRollout", action: "resume", status: { pauseConditions: [{ reason: "CanaryPauseStep" }], controllerPause: true, currentStepIndex: 1 }, want: { status: { currentStepIndex: 1, controllerPause: true } }, writes: ["patch Rollout/status web"] },
    { method: "PromoteRollout", action: "skip-current-step", want: { status: { currentStepIndex: 1 } }, writes: ["patch Rollout/status web"] },
    { method: "PromoteRollout", action: "skip-current-step", status: { currentStepIndex: 3 }, want: { status: { currentStepIndex: 3 } }, writes: ["patch Rollout/status web"] },
    { method: "PromoteRollout", action: "resume", spec: { paused: true }, want: { spec: { paused: false }, status: { currentStepIndex: 1 } }, writes: ["patch Rollout/status web", "patch Rollout web"] },
    { method: "PromoteRollout", action: "resume", status: { pauseConditions: [{ reason: "InconclusiveAnalysisRun" }], controllerPause: true, canary: { currentStepAnalysisRunStatus: { status: "Inconclusive" } } }, want: { status: { currentStepIndex: 1, controllerPause: false } }, writes: ["patch Rollout/status web"] },
    { method: "PromoteRollout", request: { full: true }, action: "promote-full", want: { status: { promoteFull: true } }, writes: ["patch Rollout/status web"] },
    { method: "PromoteRollout", request: { full: true }, action: "promote-full", status: { stableRS: "c" }, want: { status: { stableRS: "c" } }, writes: [] },
    { method: "PromoteRollout", action: "resume", spec: { strategy: { blueGreen: {} } }, status: { pauseConditions: [{ reason: "BlueGreenPause" }] }, want: { spec: {} }, writes: ["patch Rollout/status web"] },
  ])("$method ($action) patches what the plugin patches, for whoever has that action", async ({ method, request, action, status, spec, want, writes }) => {
    const { ask, plane, rollout, ctx } = await given(`p, ann, applications, action/argoproj.io/Rollout/${action}, default/web, allow`, { status, spec });
    const answer = await ask(method, { namespace: "team", name: "web", ...request });
    expect(answer).toMatchObject(want);
    expect(answer).toEqual(await rollout());
    if (action === "resume") expect((answer as KubeObject)["status"]).not.toHaveProperty("pauseConditions");
    await ctx.events.flush();
    expect(plane.writes.filter((write) => !write.startsWith("create Event"))).toEqual(writes);
    const { items } = await plane.client.list({ group: "", kind: "Event" });
    expect(items.map((event) => [event["involvedObject"].kind, event["reason"], event["message"]]).sort()).toEqual([
      ["Application", "ResourceActionRan", `ann ran action ${action} on resource argoproj.io/Rollout/web`],
      ["Rollout", "ResourceActionRan", `ann ran action ${action}`],
    ]);
    const other = await given(`p, ann, applications, action/argoproj.io/Rollout/${action}, other/web, allow`, { status, spec });
    await expect(other.ask(method, { namespace: "team", name: "web", ...request })).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect(other.plane.writes).toEqual([]);
  });

  it("sets an image, in one container or in all, for whoever may update the live object", async () => {
    const { ask, rollout } = await given("p, ann, applications, update/argoproj.io/Rollout/team/web, default/web, allow");
    expect(await ask("SetRolloutImage", { namespace: "team", rollout: "web", container: "*", image: "ghcr.io/org/web", tag: "9" })).toMatchObject({ spec: { template: { spec: { containers: [{ image: "ghcr.io/org/web:9" }] } } } });
    await expect(ask("SetRolloutImage", { namespace: "team", rollout: "web", container: "absent", image: "web", tag: "9" })).rejects.toMatchObject({ code: Code.InvalidArgument, message: 'unable to find container named "absent"' });
    expect((await rollout())["spec"].template.spec.containers[0].image).toBe("ghcr.io/org/web:9");
  });

  test.each([
    { revision: 0, image: "web:2" },
    { revision: 1, image: "web:1" },
    { revision: 3, image: "web:3" },
  ])("goes back to revision $revision", async ({ revision, image }) => {
    const { ask, rollout } = await given("p, ann, applications, update/argoproj.io/Rollout/team/web, default/web, allow");
    await ask("UndoRollout", { namespace: "team", rollout: "web", revision });
    expect((await rollout())["spec"].template).toEqual(TEMPLATE(image));
  });

  it("says which revision is not there", async () => {
    const { ask } = await given("p, ann, applications, update/*, default/web, allow");
    await expect(ask("UndoRollout", { namespace: "team", rollout: "web", revision: 9 })).rejects.toMatchObject({ code: Code.InvalidArgument, message: "unable to find specified revision 9 in history" });
  });
});

async function given(policy: string, more: { spec?: object | undefined; status?: object | undefined } = {}) {
  const objects = [anApplication("web", { metadata: { uid: "app-uid" } }), aRollout("web", { ...(more.spec && { spec: more.spec }), ...(more.status && { status: more.status }) }), aRollout("alone", { tracked: false }), aSet("a", 1), aSet("b", 2), aSet("c", 3)];
  const world = aWorld({ objects, rbac: { "policy.csv": policy } });
  const token = await world.tokenFor("ann");
  return { ...world, ask: (method: string, request: unknown) => world.call(SERVICE, method, request, { token }), rollout: () => world.plane.client.get<KubeObject>({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace: "team", name: "web" }) };
}
