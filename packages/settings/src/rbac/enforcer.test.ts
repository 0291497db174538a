import { createEnforcer, type EnforcerOptions } from "./enforcer.ts";

const enforcer = (options: Partial<EnforcerOptions> = {}) => createEnforcer({ policyCsv: "", defaultRole: "", matchMode: "glob", project: () => undefined, ...options });

describe(createEnforcer, () => {
  describe("built-in roles", () => {
    const { allows } = enforcer({ policyCsv: "g, team, role:readonly" });
    test.each([
      { who: "admin", ask: ["applications", "sync", "default/hello"], want: true },
      { who: "admin", ask: ["applications", "sync", "*"], want: false },
      { who: "admin", ask: ["applications", "update/apps/Deployment/ns/x", "default/hello"], want: true },
      { who: "admin", ask: ["exec", "create", "default/hello"], want: true },
      { who: "admin", ask: ["extensions", "invoke", "metrics"], want: false },
      { who: "admin", ask: ["projects", "get", "default"], want: true },
      { who: "role:readonly", ask: ["applications", "get", "default/hello"], want: true },
      { who: "role:readonly", ask: ["applications", "sync", "default/hello"], want: false },
      { who: "nobody", ask: ["applications", "get", "default/hello"], want: false },
    ])("$who $ask is $want", ({ who, ask, want }) => expect(allows({ id: who }, ...(ask as [string, string, string]))).toBe(want));

    it("looks at a group only when it is a member of something", () => {
      expect(allows({ id: "u", groups: ["team"] }, "applications", "get", "p/a")).toBe(true);
      expect(allows({ id: "u", groups: ["role:readonly"] }, "applications", "get", "p/a")).toBe(false);
      expect(allows({ id: "u", groups: ["elsewhere"] }, "applications", "get", "p/a")).toBe(false);
    });
  });

  it("denies where one of the subject's rules denies", () => {
    const { allows } = enforcer({ policyCsv: "p, ann, applications, *, */*, allow\np, ann, applications, delete, prod/*, deny" });
    expect(allows({ id: "ann" }, "applications", "delete", "dev/x")).toBe(true);
    expect(allows({ id: "ann" }, "applications", "delete", "prod/x")).toBe(false);
  });

  it("lets a role's deny reach its members", () => {
    const { allows } = enforcer({ policyCsv: "g, ann, role:admin\ng, ann, role:careful\np, role:careful, applications, delete, *, deny" });
    expect(allows({ id: "ann" }, "applications", "get", "p/x")).toBe(true);
    expect(allows({ id: "ann" }, "applications", "delete", "p/x")).toBe(false);
  });

  it("judges each group apart: one group's deny does not take what another gives", () => {
    const policyCsv = "g, a, role:a\ng, b, role:b\np, role:a, applications, get, *, deny\np, role:b, applications, get, *, allow";
    expect(enforcer({ policyCsv }).allows({ id: "u", groups: ["a", "b"] }, "applications", "get", "p/x")).toBe(true);
  });

  it("gives everybody the default role, which no deny takes back", () => {
    const { allows } = enforcer({ defaultRole: "role:readonly", policyCsv: "p, ann, applications, get, *, deny" });
    expect(allows({ id: "ann" }, "applications", "get", "p/x")).toBe(true);
    expect(allows({ id: "" }, "applications", "get", "p/x")).toBe(true);
    expect(allows({ id: "ann" }, "applications", "sync", "p/x")).toBe(false);
  });

  it("reads quoted fields, comments and spaces", () => {
    const { allows } = enforcer({ policyCsv: '# people\n  p, "Smith, Ann", applications, get, "a,b/*", allow  \n' });
    expect(allows({ id: "Smith, Ann" }, "applications", "get", "a,b/x")).toBe(true);
  });

  it("matches regular expressions anywhere in the text in regex mode", () => {
    const { allows } = enforcer({ matchMode: "regex", policyCsv: "p, ann, applications, get|sync, ^(dev|test)/.*$, allow" });
    expect(allows({ id: "ann" }, "applications", "sync", "dev/x")).toBe(true);
    expect(allows({ id: "ann" }, "applications", "delete", "dev/x")).toBe(false);
  });

  test.each(["p, ann, applications, get, *", "g, ann", "nonsense", 'p, "ann, applications, get, *, allow'])("refuses everything while the policy holds the line %j, naming it", (line) => {
    expect(() => enforcer({ policyCsv: `p, bob, applications, get, *, allow\n${line}` }).allows({ id: "bob" }, "applications", "get", "p/x")).toThrow(/line 2/);
  });

  describe("projects", () => {
    const project = (name: string) =>
      name === "team-a" ? { metadata: { name }, spec: { roles: [{ name: "ci", policies: ["p, proj:team-a:ci, applications, sync, team-a/*, allow"], groups: ["devs, all"] }] } } : name === "broken" ? { metadata: { name }, spec: { roles: [{ name: "x", policies: ["nonsense"] }] } } : undefined;
    const { allows } = enforcer({ project });
    test.each([
      { name: "a token acts by its role", who: { id: "proj:team-a:ci" }, ask: ["applications", "sync", "team-a/x"], want: true },
      { name: "a token has only its role's actions", who: { id: "proj:team-a:ci" }, ask: ["applications", "delete", "team-a/x"], want: false },
      { name: "a token may read its project", who: { id: "proj:team-a:ci" }, ask: ["projects", "get", "team-a"], want: true },
      { name: "a token acts nowhere else", who: { id: "proj:team-b:ci" }, ask: ["applications", "sync", "team-a/x"], want: false },
      { name: "a group has the role", who: { id: "u", groups: ["devs, all"] }, ask: ["applications", "sync", "team-a/x"], want: true },
      { name: "a group has it in that project only", who: { id: "u", groups: ["devs, all"] }, ask: ["applications", "sync", "other/x"], want: false },
      { name: "a project's broken policy leaves the rest alone", who: { id: "admin" }, ask: ["applications", "sync", "broken/x"], want: true },
    ])("$name", ({ who, ask, want }) => expect(allows(who, ...(ask as [string, string, string]))).toBe(want));
  });

  it("answers a filter over thousands of applications in no time", () => {
    const rules = Array.from({ length: 1000 }, (_, i) => `p, role:r${i % 50}, applications, get, p${i}/*, allow`).join("\n");
    const { allows } = enforcer({ policyCsv: `${rules}\ng, ann, role:r7` });
    const seen = Array.from({ length: 5000 }, (_, i) => allows({ id: "ann" }, "applications", "get", `p${i % 1000}/app`)).filter(Boolean).length;
    expect(seen).toBe(100);
  });
});
