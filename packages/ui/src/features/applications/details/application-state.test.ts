import type { Application } from "@trireme/api/argo";
import { withAnswer } from "./application-state.ts";

const at = (resourceVersion: string | undefined): Application => ({ metadata: { name: "web", ...(resourceVersion !== undefined && { resourceVersion }) }, spec: { project: "default" } }) as Application;

describe("the answer of a call", () => {
  it("does not take the place of what the stream has told of later, a deletion too", () => {
    const known = { app: at("1000"), deleted: true };
    expect(withAnswer(known, at("999"))).toBe(known);
  });

  it.each([
    ["nothing", undefined, "7"],
    ["something older", "6", "7"],
    ["the same, of which a part was answered", "7", "7"],
    ["what has no version", undefined, "7"],
    ["something, and the answer has no version", "7", undefined],
  ])("is what is known where %s was known", (what, before, version) => {
    const app = at(version);
    expect(withAnswer(what === "nothing" ? undefined : { app: at(before), deleted: true }, app)).toEqual({ app, deleted: false });
  });
});
