import { SignJWT } from "jose";
import { ManualClock, rfc3339 } from "@trireme/runtime";
import type { Account } from "@trireme/settings";
import { createTokens, type TokenParts } from "./tokens.ts";

const KEY = "the-key";
const anAccount = (more: Partial<Account> = {}): Account => ({ name: "ann", enabled: true, capabilities: ["login", "apiKey"], passwordHash: "", tokens: [{ id: "t1", iat: 0 }], ...more });

function tokens(parts: Partial<TokenParts> & { ann?: Account } = {}) {
  const clock = new ManualClock();
  const { ann = anAccount(), ...rest } = parts;
  return { clock, ...createTokens({ clock, key: () => KEY, account: (name) => (name === "ann" ? ann : undefined), project: () => undefined, isRevoked: () => false, ...rest }) };
}

describe(createTokens, () => {
  it("knows a session again until it ends", async () => {
    const { issue, verify, clock } = tokens();
    const token = await issue("ann:login", 3600);
    expect(await verify(token)).toMatchObject({ subject: "ann", capability: "login", issuer: "argocd" });
    clock.advance(3601_000);
    await expect(verify(token)).rejects.toThrow("invalid session: token has invalid claims: token is expired");
  });

  it("makes a new token for a session that is about to end, and for no other", async () => {
    const { issue, verify, clock } = tokens();
    const token = await issue("ann:login", 3600);
    expect((await verify(token)).renewed).toBeUndefined();
    clock.advance(3400_000);
    const { renewed } = await verify(token);
    expect(await verify(renewed!)).toMatchObject({ subject: "ann", expiresAt: Math.floor(clock.now() / 1000) + 3600 });
  });

  test.each([
    { name: "an account that is gone", subject: "bob:login", parts: {}, why: "account 'bob' does not exist" },
    { name: "an account that is switched off", subject: "ann:login", parts: { ann: anAccount({ enabled: false }) }, why: "account ann is disabled" },
    { name: "a capability that was taken away", subject: "ann:login", parts: { ann: anAccount({ capabilities: ["apiKey"] }) }, why: "account ann does not have 'login' capability" },
    { name: "an API token that was deleted", subject: "ann:apiKey", parts: {}, why: "account ann does not have token with id" },
    { name: "a subject without a kind, which counts as an API token", subject: "ann", parts: {}, why: "account ann does not have token with id" },
    { name: "a token that was signed out", subject: "ann:login", parts: { isRevoked: () => true }, why: "token is revoked, please re-login" },
    { name: "a project that is gone", subject: "proj:team:ci", parts: {}, why: "does not exist in project 'team'" },
  ])("refuses $name", async ({ subject, parts, why }) => {
    const { issue, verify } = tokens(parts);
    await expect(verify(await issue(subject, 60))).rejects.toThrow(why);
  });

  it("takes an API token that the account still has", async () => {
    const { issue, verify } = tokens();
    expect(await verify(await issue("ann:apiKey", 0, "t1"))).toMatchObject({ subject: "ann", capability: "apiKey", expiresAt: undefined });
  });

  it("takes a project token by its id or by its second", async () => {
    const clock = new ManualClock();
    const iat = Math.floor(clock.now() / 1000);
    const project = (items: unknown[]) => ({ apiVersion: "v1", kind: "AppProject", metadata: { name: "team" }, spec: {}, status: { jwtTokensByRole: { ci: { items } } } }) as never;
    const made = (items: unknown[]) => createTokens({ clock, key: () => KEY, account: () => undefined, project: () => project(items), isRevoked: () => false });
    const token = await made([]).issue("proj:team:ci", 60, "x");
    await expect(made([{ iat: iat + 1, id: "other" }]).verify(token)).rejects.toThrow("does not exist in project");
    expect(await made([{ iat: iat + 1, id: "x" }]).verify(token)).toMatchObject({ subject: "proj:team:ci", capability: "project" });
    expect(await made([{ iat }]).verify(token)).toMatchObject({ subject: "proj:team:ci" });
  });

  it("refuses what was issued before the password changed", async () => {
    const { issue, clock, ...rest } = tokens();
    const token = await issue("ann:login", 3600);
    const changed = tokens({ ann: anAccount({ passwordMtime: rfc3339(clock.now() + 5000) }) });
    await expect(changed.verify(token)).rejects.toThrow("account password has changed since token issued");
    await expect(rest.verify(token)).resolves.toBeDefined();
  });

  it("refuses everything once the key changed, although the signature was found good before", async () => {
    let key = KEY;
    const { issue, verify } = tokens({ key: () => key });
    const token = await issue("ann:login", 60);
    await verify(token);
    key = "another";
    await expect(verify(token)).rejects.toThrow("token signature is invalid");
  });

  test.each([
    { name: "another key", make: () => new SignJWT().setProtectedHeader({ alg: "HS256" }).setIssuer("argocd").setSubject("ann:login").setIssuedAt().setJti("1").sign(new TextEncoder().encode("guess")) },
    { name: "no signature", make: async () => `${b64({ alg: "none" })}.${b64({ iss: "argocd", sub: "ann:login", iat: 1, jti: "1" })}.` },
    { name: "a stronger algorithm than ours", make: () => new SignJWT().setProtectedHeader({ alg: "HS512" }).setIssuer("argocd").setSubject("ann:login").setIssuedAt().setJti("1").sign(new TextEncoder().encode(KEY)) },
    { name: "another issuer", make: () => new SignJWT().setProtectedHeader({ alg: "HS256" }).setIssuer("elsewhere").setSubject("ann:login").setIssuedAt().setJti("1").sign(new TextEncoder().encode(KEY)) },
    { name: "no id", make: () => new SignJWT().setProtectedHeader({ alg: "HS256" }).setIssuer("argocd").setSubject("ann:login").setIssuedAt(1767225600).sign(new TextEncoder().encode(KEY)) },
    { name: "no shape at all", make: async () => "nonsense" },
  ])("refuses a token with $name", async ({ make }) => {
    await expect(tokens().verify(await make())).rejects.toMatchObject({ code: 16 });
  });
});

function b64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
