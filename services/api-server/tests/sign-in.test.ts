import { aWorld } from "./context.ts";

const ways = (config: Record<string, string>) => aWorld({ config }).call("trireme.v1.SignInService", "Ways");

describe("the ways to sign in", () => {
  it.each([
    { what: "none beside local accounts", config: {}, providers: [] },
    { what: "an OIDC provider", config: { "oidc.config": "name: Okta\nissuer: https://okta.example.com\nclientID: x\nclientSecret: $oidc.secret" }, providers: [{ kind: "oidc", name: "Okta", available: false }] },
    { what: "each of dex's connectors", config: { "dex.config": "connectors:\n- {type: github, id: github, name: GitHub}\n- {type: ldap, id: ldap}\n" }, providers: [{ kind: "dex", name: "GitHub", available: false }, { kind: "dex", name: "SSO", available: false }] },
    { what: "dex without a connector", config: { "dex.config": "logger: {level: debug}" }, providers: [{ kind: "dex", name: "SSO", available: false }] },
    { what: "settings that cannot be read", config: { "oidc.config": "name: [", "dex.config": "- - {" }, providers: [{ kind: "oidc", name: "SSO", available: false }, { kind: "dex", name: "SSO", available: false }] },
  ])("are told to everybody: $what", async ({ config, providers }) => {
    expect(await ways(config)).toEqual({ local: true, providers });
  });

  it("say where no local account may sign in", async () => {
    expect(await ways({ "admin.enabled": "false", "accounts.ann": "apiKey", "accounts.bob": "apiKey" })).toEqual({ local: false, providers: [] });
  });

  it("tell nothing of how a provider is reached", async () => {
    expect(JSON.stringify(await ways({ "oidc.config": "name: Okta\nissuer: https://okta.example.com\nclientID: hidden-id\nclientSecret: hidden-secret" }))).not.toMatch(/hidden|issuer|example/);
  });
});
