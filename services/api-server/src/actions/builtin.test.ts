import { actionsOf } from "./builtin.ts";

const run = (group: string, kind: string, name: string, object: any, parameters: Record<string, string> = {}) => actionsOf(group, kind).find((action) => action.name === name)!.run(object, { now: Date.parse("2026-01-02T03:04:05Z"), parameters });
const names = (group: string, kind: string) => actionsOf(group, kind).map((action) => action.name);

describe(actionsOf, () => {
  it("offers what Argo CD offers for the built-in kinds", () => {
    expect(names("apps", "Deployment")).toEqual(["pause", "restart", "resume", "scale"]);
    expect(names("apps", "StatefulSet")).toEqual(["restart", "scale"]);
    expect(names("apps", "DaemonSet")).toEqual(["restart"]);
    expect(names("batch", "CronJob")).toEqual(["create-job", "resume", "suspend"]);
    expect(names("argoproj.io", "Rollout")).toEqual(["abort", "pause", "promote-full", "restart", "resume", "retry", "skip-current-step"]);
    expect(names("", "ConfigMap")).toEqual([]);
  });

  it("restarts by the annotation that kubectl uses", () => {
    expect(run("apps", "Deployment", "restart", { spec: { template: { metadata: { annotations: { a: "b" } } } } })).toMatchObject({ patch: { spec: { template: { metadata: { annotations: { a: "b", "kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z" } } } } } });
  });

  it("scales to whole numbers only", () => {
    expect(run("apps", "StatefulSet", "scale", { spec: { replicas: 1 } }, { replicas: "3" })).toMatchObject({ patch: { spec: { replicas: 3 } } });
    expect(() => run("apps", "StatefulSet", "scale", {}, { replicas: "many" })).toThrow("replicas must be a whole number");
  });

  it("makes a Job of a CronJob, owned by it", () => {
    const result = run("batch", "CronJob", "create-job", { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "nightly", namespace: "n", uid: "u" }, spec: { jobTemplate: { spec: { template: {} } } } });
    expect(result).toMatchObject({ create: [{ kind: "Job", metadata: { name: "nightly-20260102030405", namespace: "n", ownerReferences: [{ kind: "CronJob", uid: "u" }] } }] });
  });

  it("offers resume only to what is paused", () => {
    const resume = actionsOf("apps", "Deployment").find((action) => action.name === "resume")!;
    expect(resume.disabled!({ spec: {} } as never)).toBe(true);
    expect(resume.disabled!({ spec: { paused: true } } as never)).toBe(false);
  });
});
