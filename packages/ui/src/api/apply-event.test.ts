import type { Application } from "@trireme/api/argo";
import { applyEvents, applyFirst, applyList, holdsAll, NONE } from "./apply-event.ts";

const app = (name: string, health: string): Application => ({ metadata: { name, namespace: "argocd" }, status: { health: { status: health } } }) as Application;
const shown = (known: ReturnType<typeof applyList>) => [...known.items.values()].map(({ metadata, status }) => `${metadata.name} ${status?.health?.status}`).sort();

describe("a list and its changes", () => {
  it("shows what the stream said while the list was on its way", () => {
    const asked = NONE.count;
    const known = applyEvents(NONE, [{ type: "MODIFIED", application: app("web", "Healthy") }, { type: "ADDED", application: app("new", "Healthy") }]);
    expect(shown(applyList(known, [app("web", "Missing"), app("shop", "Healthy")], asked))).toEqual(["new Healthy", "shop Healthy", "web Healthy"]);
  });

  it("does not bring back what was deleted meanwhile", () => {
    const known = applyEvents(applyList(NONE, [app("web", "Healthy")], 0), [{ type: "DELETED", application: app("web", "Healthy") }]);
    expect(shown(applyList(known, [app("web", "Healthy")], 0))).toEqual([]);
  });

  it("is replaced by a list that was asked for later: after a gap nothing old stays", () => {
    const known = applyEvents(NONE, [{ type: "ADDED", application: app("gone", "Healthy") }, { type: "ADDED", application: app("web", "Healthy") }]);
    expect(shown(applyList(known, [app("web", "Degraded")], known.count))).toEqual(["web Degraded"]);
  });

  it.each([
    ["412", "412", true],
    ["1000", "999", true],
    ["999", "1000", false],
    [undefined, "5", false],
    ["5", undefined, false],
    ["b", "a", false],
  ])("of version %s holds all that had happened at %s: %s", (list, at, holds) => {
    expect(holdsAll(list, at)).toBe(holds);
  });

  it("shows what comes first of it until the whole is there, but not in the place of one that is known", () => {
    const first = applyFirst(NONE, [app("shop", "Healthy")]);
    expect([shown(first), first.partial]).toEqual([["shop Healthy"], true]);
    const whole = applyList(first, [app("shop", "Healthy"), app("web", "Healthy")], 0, "7");
    expect([shown(whole), whole.partial]).toEqual([["shop Healthy", "web Healthy"], undefined]);
    expect(applyFirst(whole, [app("shop", "Missing")])).toBe(whole);
  });

  it("keeps its version through the changes that follow it", () => {
    expect(applyEvents(applyList(NONE, [app("web", "Healthy")], 0, "7"), [{ type: "DELETED", application: app("web", "Healthy") }]).version).toBe("7");
  });
});
