import { tokenCookies } from "../../auth/cookies.ts";
import { signIn } from "../../auth/sign-in.ts";
import { everybody, signedIn, unary, type Call, type Rpc } from "../rpc.ts";

/** Signs a local account in; the token comes in the answer, and over REST as a cookie too. */
const create = unary(everybody, async (request, { ctx, call, signal }) => {
  const settings = ctx.settings.current();
  const parts = { limits: ctx.logins, account: (name: string) => settings.accounts.get(name), paddingMs: ctx.signInPaddingMs };
  const account = await signIn(request.username ?? "", request.password ?? "", parts, signal);
  const token = await ctx.auth.tokens.issue(`${account.name}:login`, Math.round(settings.sessionDurationMs / 1000));
  setCookie(token, ctx, call);
  return { token };
});

/** Signs out: the token is refused from now on, by every replica. */
const remove = unary(signedIn("everybody may end their own session"), async (_request, { ctx, caller, call, signal }) => {
  const { identity } = caller;
  if (identity?.capability === "login" && identity.id !== "") await ctx.revoked.add(identity.id, identity.expiresAt, signal);
  setCookie("", ctx, call);
  return {};
});

const getUserInfo = unary(everybody, async (_request, { caller: { identity } }) => (identity === undefined ? {} : { loggedIn: true, username: identity.subject, iss: identity.issuer, groups: identity.groups }));

function setCookie(token: string, ctx: Call["ctx"], call: Call["call"]): void {
  if (call.door !== "rest") return;
  const cookies = tokenCookies(token, { path: ctx.config.baseHref || "/", secure: !ctx.config.insecure });
  for (const cookie of cookies) call.setHeader("set-cookie", cookie);
}

export const sessionService: Record<string, Rpc> = { Create: create, Delete: remove, GetUserInfo: getUserInfo };
