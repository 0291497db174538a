import type { ApplicationSource } from "@trireme/api/argo";
import { refusalOf } from "./refusal.ts";

const SOURCES = [{ repoURL: "https://git.test/a.git", path: "a" }, { repoURL: "https://git.test/b.git", path: "b" }] as ApplicationSource[];

describe("what the server refuses", () => {
  test.each([
    ["application spec for web is invalid: InvalidSpecError: application repo https://git.test/a.git is not permitted in project 'team'", { repoURL: "application repo https://git.test/a.git is not permitted in project 'team'" }],
    ['app is not allowed in project "team", or the project does not exist', { project: 'app is not allowed in project "team", or the project does not exist' }],
    ["application destination spec for web is invalid: there are no clusters with this name: far", { cluster: "application destination spec for web is invalid: there are no clusters with this name: far" }],
    ["application spec for web is invalid: InvalidSpecError: Unable to generate manifests in a: rpc error: code = Unknown desc = a: app path does not exist", { path: "Unable to generate manifests in a: a: app path does not exist" }],
    ["application spec for web is invalid: InvalidSpecError: Unable to generate manifests in a: rpc error: code = Unknown desc = unable to resolve 'nope' to a commit SHA", { targetRevision: "Unable to generate manifests in a: unable to resolve 'nope' to a commit SHA" }],
    ["existing application spec is different, use upsert flag to force update", { name: "existing application spec is different, use upsert flag to force update" }],
    ['Application.argoproj.io "Web" is invalid: metadata.name: Invalid value: "Web"', { name: 'Application.argoproj.io "Web" is invalid: metadata.name: Invalid value: "Web"' }],
  ])("stands at the field that it names: %s", (message, fields) => expect(refusalOf(message, SOURCES)).toEqual({ fields, source: 0, rest: [] }));

  it("is taken apart where it names several", () => {
    const said = "application spec for web is invalid: InvalidSpecError: spec.source.repoURL and either spec.source.path or spec.source.chart are required;InvalidSpecError: application destination server 'x' and namespace 'y' do not match any of the allowed destinations in project 'team'";
    expect(Object.keys(refusalOf(said, SOURCES).fields)).toEqual(["path", "namespace"]);
  });

  it("names the source that it speaks of", () => {
    expect(refusalOf("InvalidSpecError: spec.sources[1].repoURL is required", SOURCES)).toMatchObject({ source: 1 });
    expect(refusalOf("InvalidSpecError: application repo https://git.test/b.git is not permitted in project 'team'", SOURCES)).toMatchObject({ source: 1 });
  });

  it("is about the chart where the source is one", () => {
    const { fields } = refusalOf("InvalidSpecError: Unable to generate manifests in : helm template failed", [{ repoURL: "https://charts.test", chart: "web" }] as ApplicationSource[]);
    expect(fields.chart).toContain("helm template failed");
    expect(fields.path).toBeUndefined();
  });

  it("is told as a whole where it names none", () => {
    expect(refusalOf('error creating application: strict decoding error: unknown field "spec.stray"', SOURCES)).toEqual({ fields: {}, source: 0, rest: ['strict decoding error: unknown field "spec.stray"'] });
  });
});
