import { Code } from "@trireme/runtime";
import { secretData } from "@trireme/settings";
import { aWorld, PASSWORD } from "./context.ts";

const signIn = (world: ReturnType<typeof aWorld>, username: string, password: string) => world.call("session.SessionService", "Create", { username, password });

describe("sessions", () => {
  it("begin with the right password and end with signing out, for good", async () => {
    const world = aWorld();
    const { token } = await signIn(world, "admin", PASSWORD);
    expect(await world.call("session.SessionService", "GetUserInfo", {}, { token })).toMatchObject({ loggedIn: true, username: "admin", iss: "argocd" });
    await world.call("session.SessionService", "Delete", {}, { token });
    expect(await world.call("session.SessionService", "GetUserInfo", {}, { token })).toEqual({});
    await expect(world.call("account.AccountService", "ListAccounts", {}, { token })).rejects.toMatchObject({ code: Code.Unauthenticated });
    expect(Object.keys(secretData(world.ctx.settings.secret("trireme-revoked-tokens")))).toHaveLength(1);
  });

  test.each([
    { name: "a wrong password", username: "admin", password: "x", why: "Invalid username or password" },
    { name: "an unknown name", username: "nobody", password: "x", why: "Invalid username or password" },
    { name: "nothing at all", username: "", password: "", why: "no credentials supplied" },
    { name: "no password", username: "admin", password: "", why: "Blank passwords are not allowed" },
    { name: "an endless name", username: "x".repeat(33), password: "x", why: "Username is too long (32 bytes max)" },
  ])("do not begin with $name", async ({ username, password, why }) => {
    await expect(signIn(aWorld(), username, password)).rejects.toThrow(why);
  });

  it("do not begin at all after five wrong passwords, not even with the right one, until some time has passed", async () => {
    const world = aWorld();
    for (let i = 0; i < 5; i++) await expect(signIn(world, "admin", "wrong")).rejects.toThrow("Invalid username or password");
    await expect(signIn(world, "admin", PASSWORD)).rejects.toThrow("Invalid username or password");
    world.clock.advance(301_000);
    await expect(signIn(world, "admin", PASSWORD)).resolves.toHaveProperty("token");
  });

  it("are not needed where everybody is let in, within the default role", async () => {
    const world = aWorld({ config: { "users.anonymous.enabled": "true" }, rbac: { "policy.default": "role:readonly" } });
    expect(await world.call("application.ApplicationService", "List", {})).toMatchObject({ items: [] });
    await expect(world.call("project.ProjectService", "Delete", { name: "team" })).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});

describe("accounts", () => {
  it("are shown without their secrets, and to others only with the right", async () => {
    const world = aWorld({ secret: { "accounts.ann.tokens": '[{"id":"t","iat":5,"exp":9}]' } });
    const token = await world.tokenFor("admin");
    expect(await world.call("account.AccountService", "GetAccount", { name: "ann" }, { token })).toEqual({ name: "ann", enabled: true, capabilities: ["login", "apiKey"], tokens: [{ id: "t", issuedAt: 5, expiresAt: 9 }] });
    const bob = await world.tokenFor("bob");
    expect(await world.call("account.AccountService", "GetAccount", { name: "bob" }, { token: bob })).toMatchObject({ name: "bob" });
    await expect(world.call("account.AccountService", "GetAccount", { name: "ann" }, { token: bob })).rejects.toMatchObject({ code: Code.PermissionDenied });
    expect((await world.call("account.AccountService", "ListAccounts", {}, { token: bob })).items).toEqual([]);
  });

  it("change their password by showing the present one; what was issued before ends", async () => {
    const world = aWorld();
    const { token } = await signIn(world, "admin", PASSWORD);
    const change = (request: object) => world.call("account.AccountService", "UpdatePassword", request, { token });
    await expect(change({ currentPassword: "wrong", newPassword: "long-enough" })).rejects.toThrow("current password does not match");
    await expect(change({ currentPassword: PASSWORD, newPassword: "short" })).rejects.toThrow("New password does not match the following expression: ^.{8,32}$.");
    world.clock.advance(2000);
    await change({ currentPassword: PASSWORD, newPassword: "long-enough" });
    await expect(world.call("account.AccountService", "ListAccounts", {}, { token })).rejects.toThrow("account password has changed since token issued");
    await expect(signIn(world, "admin", "long-enough")).resolves.toHaveProperty("token");
  });

  it("have API tokens that work until they are taken back", async () => {
    const world = aWorld();
    const admin = await world.tokenFor("admin");
    const { token } = await world.call("account.AccountService", "CreateToken", { name: "ann", id: "ci" }, { token: admin });
    expect(await world.call("session.SessionService", "GetUserInfo", {}, { token })).toMatchObject({ username: "ann" });
    await expect(world.call("account.AccountService", "CreateToken", { name: "ann", id: "ci" }, { token: admin })).rejects.toThrow("account already has token with id 'ci'");
    await expect(world.call("account.AccountService", "CreateToken", { name: "bob" }, { token: admin })).rejects.toThrow("failed to update account with new token: account 'bob' does not have apiKey capability");
    await world.call("account.AccountService", "DeleteToken", { name: "ann", id: "ci" }, { token: admin });
    expect(await world.call("session.SessionService", "GetUserInfo", {}, { token })).toEqual({});
  });

  it("learn what they may do", async () => {
    const world = aWorld({ rbac: { "policy.csv": "p, ann, applications, sync, team/*, allow" } });
    const canI = async (who: string, action: string, subresource: string) => (await world.call("account.AccountService", "CanI", { resource: "applications", action, subresource }, { token: await world.tokenFor(who) })).value;
    expect([await canI("ann", "sync", "team/x"), await canI("ann", "sync", "other/x"), await canI("admin", "sync", "*")]).toEqual(["yes", "no", "no"]);
  });
});
