import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createHttp } from "../http.ts";
import { aWorld } from "../../tests/context.ts";

describe("a built page", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trireme-assets-"));
  beforeAll(() => {
    writeFileSync(path.join(folder, "index.html"), "<p>built</p>");
    writeFileSync(path.join(folder, "main-0123abcd.js"), "1");
    symlinkSync("/etc/hostname", path.join(folder, "link.txt"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const get = async (url: string) => (await createHttp(aWorld({ env: { ARGOCD_SERVER_STATIC_ASSETS: folder } }).ctx, () => true)).inject(url);

  it("takes the plain page's place, for every path that a browser shows", async () => {
    for (const url of ["/", "/applications/hello"]) expect((await get(url)).body).toBe("<p>built</p>");
    const script = await get("/main-0123abcd.js");
    expect(script.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8", "cache-control": "public, max-age=31536000, immutable" });
  });

  test.each(["/absent.js", "/link.txt", "/../etc/hostname.txt", "/%2e%2e/%2e%2e/etc/passwd.txt", "/..%2f..%2fetc%2fpasswd.txt", "/a%00.txt"])("never leaves its folder: %s", async (url) => {
    expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
  });
});
