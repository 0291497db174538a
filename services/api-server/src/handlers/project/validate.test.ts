import type { AppProject } from "@trireme/api/argo";
import { normalizePolicies, validateProject } from "./validate.ts";

const project = (spec: object) => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "team" }, spec }) as AppProject;
const role = (policies: string[], more: object = {}) => ({ roles: [{ name: "ci", policies, ...more }] });

describe(validateProject, () => {
  it("takes what people write", () => {
    validateProject(
      project({
        sourceRepos: ["*", "!https://x/y"],
        destinations: [{ server: "*", namespace: "team-*" }, { name: "prod", namespace: "team" }],
        ...role(["p, proj:team:ci, applications, sync, team/*, allow", "p, proj:team:ci, applications, action/apps/*, team/web, deny"], { groups: ['"devs, all"', "ops"] }),
        syncWindows: [{ kind: "deny", schedule: "0 22 * * *", duration: "8h", applications: ["*"], timeZone: "Europe/Berlin" }],
        destinationServiceAccounts: [{ server: "*", namespace: "team-*", defaultServiceAccount: "deployer" }],
      }),
    );
  });

  test.each([
    { name: "a rule that is none", spec: role(["nonsense"]), why: "invalid policy rule 'nonsense': must be of the form: 'p, sub, res, act, obj, eft'" },
    { name: "another's subject", spec: role(["p, proj:other:ci, applications, sync, team/*, allow"]), why: "policy subject must be: 'proj:team:ci', not 'proj:other:ci'" },
    { name: "a resource beyond projects", spec: role(["p, proj:team:ci, accounts, get, team/*, allow"]), why: "project resource must be" },
    { name: "an action that is none", spec: role(["p, proj:team:ci, applications, fly, team/*, allow"]), why: "invalid action 'fly'" },
    { name: "another project's object", spec: role(["p, proj:team:ci, applications, sync, other/*, allow"]), why: "object must be of form 'team/*'" },
    { name: "an effect that is none", spec: role(["p, proj:team:ci, applications, sync, team/*, perhaps"]), why: "effect must be: 'allow' or 'deny'" },
    { name: "a role twice", spec: { roles: [{ name: "a" }, { name: "a" }] }, why: "role 'a' already exists" },
    { name: "a role without a good name", spec: { roles: [{ name: "-a" }] }, why: "invalid role name '-a'" },
    { name: "a group without a name", spec: role([], { groups: [" "] }), why: "group name cannot be empty" },
    { name: "!* as a destination", spec: { destinations: [{ server: "!*", namespace: "*" }] }, why: "server has an invalid format, '!*'" },
    { name: "a destination twice", spec: { destinations: [{ server: "s", namespace: "n" }, { server: "s", namespace: "n" }] }, why: "destination 's/n' already added" },
    { name: "a window for nothing", spec: { syncWindows: [{ kind: "allow", schedule: "* * * * *", duration: "1h" }] }, why: "requires one of application, cluster or namespace" },
    { name: "a window without a schedule", spec: { syncWindows: [{ kind: "allow", schedule: "soon", duration: "1h", applications: ["*"] }] }, why: "soon" },
    { name: "a service account with a pattern", spec: { destinationServiceAccounts: [{ server: "*", namespace: "*", defaultServiceAccount: "a*" }] }, why: "defaultServiceAccount has an invalid format" },
  ])("refuses $name", ({ spec, why }) => expect(() => validateProject(project(spec))).toThrow(why));

  it("keeps one space after each comma of a policy", () => {
    expect(normalizePolicies(project(role(["p,proj:team:ci,  applications ,sync,team/*,allow"]))).spec.roles![0]!["policies"]).toEqual(["p, proj:team:ci, applications, sync, team/*, allow"]);
  });
});
