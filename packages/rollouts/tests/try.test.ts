import { deployed, rollout, update, watchPhases } from "./_rollout.ts";
import { Model } from "./_model.ts";
it("bg", () => {
  const model = deployed(rollout({ blueGreen: { previewService: "preview", prePromotionAnalysis: { templates: [{ templateName: "pass" }] } } }));
  console.log(JSON.stringify(model.rollout.status, null, 1), model.events.map((e) => e.reason + ": " + e.message), model.writes.length);
  const p = watchPhases(model);
  model.events.length = 0; model.writes.length = 0;
  update(model, "web:2");
  model.run();
  console.log(p, model.events.map((e) => e.reason + ": " + e.message), JSON.stringify(model.rollout.status), model.writes.map((w: any) => w.verb + " " + (w.object ?? w.base ?? w.pod).kind + " " + JSON.stringify(w.patch?.spec ?? w.patch ?? "").slice(0, 100)));
});
it("canary", () => {
  const model = deployed(rollout({ canary: { maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 25 }, { pause: { duration: "2s" } }, { setWeight: 60 }, { analysis: { templates: [{ templateName: "pass" }] } }, { pause: {} }] } }));
  const p = watchPhases(model);
  model.events.length = 0; model.writes.length = 0;
  update(model, "web:2");
  model.run();
  model.patchStatus({ pauseConditions: null });
  model.run();
  console.log(p, model.events.map((e) => e.reason + ": " + e.message), JSON.stringify(model.rollout.status), model.writes.map((w: any) => w.verb + " " + (w.object ?? w.base ?? w.pod).kind + " " + JSON.stringify(w.patch?.spec ?? w.patch ?? "").slice(0, 100)));
});
