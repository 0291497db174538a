import type { Application, RevisionHistory } from "@trireme/api/argo";
import { entriesOf, parametersOf, revisionsOf, sourcesOfEntry } from "./entries.ts";

const entry = (more: Partial<RevisionHistory>): RevisionHistory => ({ id: 0, deployedAt: "2026-01-01T00:00:00Z", ...more });
const source = { repoURL: "https://git.test/a.git", path: "a" };

describe("the history", () => {
  it("begins with the newest, whatever its order was", () => {
    expect(entriesOf({ status: { history: [entry({ id: 1 }), entry({ id: 3 }), entry({ id: 2 })] } } as Application).map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it("names the revision of each source", () => {
    expect(sourcesOfEntry(entry({ source, revision: "a1" }))).toEqual([{ source, revision: "a1" }]);
    expect(sourcesOfEntry(entry({ source: { repoURL: "" }, sources: [source, source], revisions: ["a1", "b2"] }))).toEqual([{ source, revision: "a1" }, { source, revision: "b2" }]);
  });

  it("says each revision once", () => {
    const commit = "0123456789".repeat(4);
    expect(revisionsOf(entry({ sources: [source, source, source], revisions: [commit, commit, "v1.2"] }))).toBe("0123456, v1.2");
  });

  it("tells the parameters that a source had", () => {
    expect(parametersOf({ ...source, helm: { parameters: [{ name: "a", value: "1" }] }, kustomize: {} })).toEqual({ helm: { parameters: [{ name: "a", value: "1" }] } });
    expect(parametersOf(source)).toBeUndefined();
  });
});
