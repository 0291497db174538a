import { deployed, rollout, update } from "./_rollout.ts";
import type { Model } from "./_model.ts";

/** What `kubectl argo rollouts promote` does to a Rollout with `spec.paused` and a pause of its own: two patches, and the controller looks after each. */
function promote(model: Model): void {
  model.patchStatus({ pauseConditions: null });
  model.run(5_000);
  model.edit((each) => (each.spec.paused = false));
  model.run(60_000);
}

describe("promoting a Rollout that a person has paused while it paused itself", () => {
  it("goes on with a canary's next step", () => {
    const model = deployed(rollout({ canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] } }));
    update(model, "web:2");
    model.run(60_000);
    model.edit((each) => (each.spec.paused = true));
    model.run(60_000);
    expect(model.rollout.status).toMatchObject({ currentStepIndex: 1, message: "manually paused", pauseConditions: [{ reason: "CanaryPauseStep" }] });
    promote(model);
    expect(model.rollout.status).toMatchObject({ currentStepIndex: 3, message: "CanaryPauseStep" });
  });

  it("switches a blue-green one", () => {
    const model = deployed(rollout({ blueGreen: { autoPromotionEnabled: false } }));
    update(model, "web:2");
    model.run(60_000);
    model.edit((each) => (each.spec.paused = true));
    model.run(60_000);
    promote(model);
    expect(model.rollout.status).toMatchObject({ phase: "Healthy" });
    expect(model.rollout.status?.blueGreen?.activeSelector).toBe(model.rollout.status?.currentPodHash);
  });

  it("does not resume what was only paused by a person", () => {
    const model = deployed(rollout({ canary: { steps: [{ setWeight: 25 }, { pause: {} }] } }));
    model.edit((each) => (each.spec.paused = true));
    update(model, "web:2");
    model.run(60_000);
    model.edit((each) => (each.spec.paused = false));
    model.run(60_000);
    expect(model.rollout.status).toMatchObject({ currentStepIndex: 1, message: "CanaryPauseStep" });
  });
});
