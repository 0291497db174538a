import { tokenCookies, tokenFromCookies } from "./cookies.ts";

describe(tokenCookies, () => {
  it("is one cookie as Argo CD sets it", () => {
    expect(tokenCookies("abc", { path: "/", secure: false })).toEqual(["argocd.token=abc; path=/; SameSite=lax; httpOnly"]);
    expect(tokenCookies("abc", { path: "/argocd", secure: true })).toEqual(["argocd.token=abc; path=/argocd; SameSite=lax; httpOnly; Secure"]);
  });

  it("comes back whole, in however many pieces", () => {
    const token = "x".repeat(9000) + "end";
    const cookies = tokenCookies(token, { path: "/", secure: true });
    expect(cookies.length).toBeGreaterThan(1);
    expect(Math.max(...cookies.map((cookie) => cookie.length))).toBeLessThanOrEqual(4093);
    const header = ["other=1", ...cookies.map((cookie) => cookie.split(";")[0])].join("; ");
    expect(tokenFromCookies(header)).toBe(token);
    expect(tokenFromCookies(header.replace(/argocd\.token-1=[^;]*;?/, ""))).toBeUndefined();
  });

  it("is cleared by an empty token", () => {
    expect(tokenFromCookies(tokenCookies("", { path: "/", secure: false })[0]!.split(";")[0])).toBeUndefined();
  });
});
