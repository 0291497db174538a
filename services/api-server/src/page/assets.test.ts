import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createHttp } from "../http.ts";
import { aWorld } from "../../tests/context.ts";

describe("a built page", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trireme-assets-"));
  beforeAll(() => {
    writeFileSync(path.join(folder, "index.html"), '<base href="/"><p>built</p>');
    writeFileSync(path.join(folder, "main-0123abcd.js"), "1");
    symlinkSync("/etc/hostname", path.join(folder, "link.txt"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const get = async (url: string, headers: Record<string, string> = {}, env: Record<string, string> = {}) => (await createHttp(aWorld({ env: { ARGOCD_SERVER_STATIC_ASSETS: folder, ...env } }).ctx, () => true)).inject({ url, headers });

  it("takes the plain page's place, for every path that a browser shows", async () => {
    for (const url of ["/", "/applications/hello"]) expect((await get(url)).body).toBe('<base href="/"><p>built</p>');
    expect((await get("/applications/argocd/shop.v2", { accept: "text/html,*/*;q=0.8" })).body).toContain("built");
    const script = await get("/main-0123abcd.js");
    expect(script.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8", "cache-control": "public, max-age=31536000, immutable" });
  });

  it("knows where it is served", async () => {
    expect((await get("/", {}, { ARGOCD_SERVER_ROOTPATH: "/deploy/eu" })).body).toContain('<base href="/deploy/eu/">');
    expect((await get("/applications", {}, { ARGOCD_SERVER_BASEHREF: "/cd" })).body).toContain('<base href="/cd/">');
  });

  it("lets no inline script or style run", async () => {
    const policy = String((await get("/")).headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain("unsafe");
  });

  test.each([
    ["https://brand.test/a;b/trireme.css?v=2", "style-src 'self' https://brand.test/a%3Bb/trireme.css; img-src 'self' data: https://brand.test; font-src 'self' https://brand.test;"],
    ["./custom/own.css", "style-src 'self'; img-src 'self' data:; font-src 'self';"],
    ["javascript:alert(1)", "style-src 'self'; img-src 'self' data:; font-src 'self';"],
    ["https://x.test'; script-src *", "style-src 'self'; img-src 'self' data:; font-src 'self';"],
  ])("lets the settings' own style sheet in, and nothing with it: %s", async (setting, part) => {
    const { ctx } = aWorld({ env: { ARGOCD_SERVER_STATIC_ASSETS: folder }, config: { "ui.cssurl": setting } });
    const policy = String((await (await createHttp(ctx, () => true)).inject({ url: "/" })).headers["content-security-policy"]);
    expect(policy).toContain(part);
    expect(policy.match(/script-src/g)).toHaveLength(1);
  });

  it("sends the compressed copy to those who take it", async () => {
    writeFileSync(path.join(folder, "app-0123abcd.js"), "plain");
    writeFileSync(path.join(folder, "app-0123abcd.js.gz"), "packed");
    expect(await get("/app-0123abcd.js", { "accept-encoding": "gzip, br" })).toMatchObject({ body: "packed", headers: { "content-encoding": "gzip", vary: "accept-encoding" } });
    expect((await get("/app-0123abcd.js")).body).toBe("plain");
  });

  test.each(["/absent.js", "/link.txt", "/../etc/hostname.txt", "/%2e%2e/%2e%2e/etc/passwd.txt", "/..%2f..%2fetc%2fpasswd.txt", "/a%00.txt"])("never leaves its folder: %s", async (url) => {
    expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
  });
});
