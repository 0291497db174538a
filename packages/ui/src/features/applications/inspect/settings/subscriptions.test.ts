import { joinAnnotations, splitAnnotations } from "./subscriptions.ts";

const ANNOTATIONS = { "notifications.argoproj.io/subscribe.on-sync-failed.slack": "team;ops", "notifications.argoproj.io/subscribe.slack": "old form", "team.test/owner": "web" };

describe("subscriptions in annotations", () => {
  it("are set apart, and nothing else is", () => {
    expect(splitAnnotations(ANNOTATIONS)).toEqual({ subscriptions: [{ trigger: "on-sync-failed", service: "slack", recipients: "team;ops" }], others: [["notifications.argoproj.io/subscribe.slack", "old form"], ["team.test/owner", "web"]] });
  });

  it("come back as they were", () => {
    const { subscriptions, others } = splitAnnotations(ANNOTATIONS);
    expect(joinAnnotations(subscriptions, others)).toEqual(ANNOTATIONS);
  });

  it("are left out where they are not finished", () => {
    expect(joinAnnotations([{ trigger: "", service: "slack", recipients: "x" }], [["", "y"]])).toEqual({});
  });
});
