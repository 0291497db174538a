import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { accessibilityProblems, describePage, openWindow, signInto } from "../support/browser.ts";
import { Api, phaseIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "installation";

/** What the operators of an installation set for its page, by Argo CD's keys of argocd-cm. */
await describePage("an installation's own settings in the page", (launch) => {
  let stack: OwnStack;
  let chromium: Browser;
  let sheets: Server;
  let sheetUrl: string;
  const set = (data: Record<string, string>, map = "argocd-cm"): Promise<string> => mustKubectl(stack, ["-n", "argocd", "patch", "configmap", map, "--type=merge", "-p", JSON.stringify({ data })]);

  beforeAll(async () => {
    sheets = createServer((_request, response) => void response.writeHead(200, { "content-type": "text/css" }).end("h1 { letter-spacing: 7px }")).listen(0, "127.0.0.1");
    await once(sheets, "listening");
    sheetUrl = `http://127.0.0.1:${(sheets.address() as AddressInfo).port}/own/style.css`;
    [stack, chromium] = await Promise.all([startStack(), launch()]);
    await set({
      "ui.bannercontent": "Moving <b>tonight</b>",
      "ui.bannerurl": "https://status.example.com/",
      "ui.bannerposition": "both",
      "ui.cssurl": sheetUrl,
      "statusbadge.enabled": "true",
      "dex.config": "connectors:\n- {type: github, id: github, name: GitHub}\n",
      "help.chatUrl": "https://chat.example.com/",
      "help.chatText": "Ask the platform team",
      "help.download.linux-amd64": "https://downloads.example.com/argocd",
      "application.links": '- {title: Logs, url: "https://logs.example.com/?app={{ .app.metadata.name }}", if: app.spec.project == "default"}\n- {title: Script, url: "javascript:alert(1)"}\n- {title: Others, url: "https://logs.example.com", if: app.spec.project == "others"}',
      "resource.links": '- {title: "Pods of {{", url: "https://pods.example.com/{{ .resource.metadata.uid }}", if: resource.kind == "Service"}',
      "project.links": '- {title: Audit, url: "https://audit.example.com/{{ .project.metadata.name }}"}',
    });
    const api = await Api.signIn(stack);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: stack.git.sample, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/applications", { metadata: { name: NAME, annotations: { "link.argocd.argoproj.io/wiki": "Wiki|https://wiki.example.com/" } }, spec: { project: "default", source: { repoURL: stack.git.sample, path: "hello-world-express", targetRevision: "HEAD" }, info: [{ name: "Post", value: "mailto:team@example.com" }], destination: { server: "https://kubernetes.default.svc", namespace: NAME }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await api.becomes(NAME, phaseIs("Succeeded"));
    await until("the settings to be known", async () => (await api.must("GET", "/api/v1/settings")).body.uiCssURL, (url) => url === sheetUrl || { notYet: String(url) }, 30_000);
  }, 240_000);
  afterAll(async () => {
    await chromium?.close();
    sheets?.close();
    await stack?.[Symbol.asyncDispose]();
  }, 60_000);

  it("shows the banner, which whoever has read it puts away, and the operators' own style", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    const banners = page.getByRole("complementary", { name: "Announcement" });
    await page.goto(`${stack.url}/login`);
    await page.locator(`link[href="${sheetUrl}"]`).waitFor({ state: "attached" });
    // What operators tell their people is not for strangers.
    expect(await banners.count()).toBe(0);
    await signInto(page, stack);
    await banners.first().waitFor();
    expect(await banners.count()).toBe(2);
    const link = banners.first().getByRole("link", { name: "Moving <b>tonight</b>" });
    expect([await link.getAttribute("href"), await link.getAttribute("rel")]).toEqual(["https://status.example.com/", "noreferrer noopener"]);
    expect(await accessibilityProblems(page)).toEqual([]);
    await until("the style to be there", () => page.locator("h1").first().evaluate((heading) => heading.ownerDocument.defaultView!.getComputedStyle(heading).letterSpacing), (spacing) => spacing === "7px" || { notYet: spacing }, 30_000);
    await banners.first().getByRole("button", { name: "Do not show again" }).click();
    await banners.first().waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    expect(await banners.count()).toBe(0);
    // What stays cannot be put away, and what is new is shown again.
    await set({ "ui.bannerpermanent": "true", "ui.bannerposition": "bottom" });
    await until("the settings to be known", async () => (await (await Api.signIn(stack)).must("GET", "/api/v1/settings")).body.uiBannerPermanent, (permanent) => permanent === true || { notYet: String(permanent) }, 30_000);
    await page.reload();
    await banners.first().waitFor();
    expect([await banners.count(), await banners.getByRole("button").count()]).toEqual([1, 0]);
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("says of an identity provider that the settings name that it cannot be used, and why", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await page.goto(`${stack.url}/login`);
    const provider = page.getByRole("button", { name: "SIGN IN VIA GitHub" });
    await provider.waitFor();
    expect(await provider.getAttribute("aria-disabled")).toBe("true");
    await page.getByText("Not available: signing in through an identity provider is not supported yet.").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("leads to where the settings and annotations say, and nowhere else", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    const hrefs = (scope = page.locator("body")): Promise<string[]> => scope.locator("a[target=_blank]").evaluateAll((links) => links.map((link) => `${link.textContent} ${link.getAttribute("href")}`));
    await page.goto(`${stack.url}/applications/argocd/${NAME}?panel=details`);
    const details = page.getByRole("dialog");
    await details.getByRole("link", { name: "Logs" }).waitFor();
    expect(await hrefs(details)).toEqual(expect.arrayContaining(["Wiki https://wiki.example.com/", "Post mailto:team@example.com", `Logs https://logs.example.com/?app=${NAME}`]));
    expect((await hrefs(details)).join()).not.toMatch(/javascript|Script|Others/);
    const badge = details.getByRole("img", { name: `Health and sync of ${NAME}` });
    await until("the badge to be drawn", () => badge.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth), (width) => width > 100 || { notYet: String(width) }, 30_000);
    await details.getByText(`[![App Status](${stack.url}/api/badge?name=${NAME}&namespace=argocd&revision=true)](${stack.url}/applications/argocd/${NAME})`).waitFor();
    const service = (await (await Api.signIn(stack)).must("GET", `/api/v1/applications/${NAME}/resource-tree`)).body.nodes.find((node: any) => node.kind === "Service");
    await page.goto(`${stack.url}/applications/argocd/${NAME}?node=${encodeURIComponent(`/Service/${NAME}/${service.name}`)}`);
    expect(await page.getByRole("dialog").getByRole("link", { name: "Pods of {{" }).getAttribute("href")).toBe(`https://pods.example.com/${service.uid}`);
    await page.goto(`${stack.url}/settings/projects/default`);
    expect(await page.getByRole("navigation", { name: "Links" }).getByRole("link", { name: "Audit" }).getAttribute("href")).toBe("https://audit.example.com/default");
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByRole("link", { name: "Ask the platform team" }).waitFor();
    expect(await hrefs(page.getByRole("dialog"))).toEqual(["Ask the platform team https://chat.example.com/", "linux-amd64 https://downloads.example.com/argocd"]);
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("lets people look on without signing in, where the settings say so, and says what they may not do", async () => {
    await set({ "policy.default": "role:readonly" }, "argocd-rbac-cm");
    await set({ "users.anonymous.enabled": "true" });
    await until("nobody to be let in", async () => (await new Api(stack.url).call("GET", "/api/v1/applications")).status, (status) => status === 200 || { notYet: String(status) }, 30_000);
    const { page, complaints, close } = await openWindow(chromium);
    await page.goto(`${stack.url}/applications/argocd/${NAME}`);
    await page.getByRole("heading", { name: NAME, level: 1 }).waitFor();
    const sync = page.getByRole("button", { name: "SYNC", exact: true }).first();
    await until("syncing to be forbidden", () => sync.getAttribute("aria-disabled"), (disabled) => disabled === "true" || { notYet: String(disabled) }, 30_000);
    await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
    await page.locator("input[name=username]").fill("admin");
    await page.locator("input[name=password]").fill(stack.adminPassword);
    await page.locator("button[type=submit]").click();
    await page.getByRole("heading", { name: NAME, level: 1 }).waitFor();
    await page.getByRole("button", { name: "Signed in as admin" }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  describe("where no local account may sign in", () => {
    const mayLocals = (local: boolean): Promise<unknown> => until(`local accounts to be ${local ? "let in" : "kept out"}`, async () => (await new Api(stack.url).must("GET", "/api/trireme/v1/sign-in")).body.local === true, (now) => now === local || { notYet: String(now) }, 30_000);
    beforeAll(async () => {
      await set({ "admin.enabled": "false" });
      await mayLocals(false);
    }, 60_000);
    afterAll(async () => {
      await set({ "admin.enabled": "true" });
      await mayLocals(true);
    }, 60_000);

    it.each([
      { locale: "en-GB", told: "No local account may sign in here.", provider: "SIGN IN VIA GitHub", advice: "Use a local account." },
      { locale: "ko-KR", told: "로그인할 수 있는 로컬 계정이 없습니다.", provider: "GitHub(으)로 로그인", advice: "로컬 계정을 사용하세요." },
    ])("asks nobody for a password, not even while it does not know yet, and says why: $locale", async ({ locale, told, provider, advice }) => {
      const { page, complaints, close } = await openWindow(chromium, { locale });
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      let asked: () => void = () => undefined;
      const asking = new Promise<void>((resolve) => (asked = resolve));
      await page.route("**/api/trireme/v1/sign-in", async (route) => {
        asked();
        await held;
        await route.continue();
      });
      await page.goto(`${stack.url}/login`);
      await asking;
      await page.getByRole("heading", { name: "Trireme", level: 1 }).waitFor();
      expect(await page.locator("input").count()).toBe(0);
      answer();
      await page.getByRole("status").filter({ hasText: told }).waitFor();
      await page.getByRole("button", { name: provider }).waitFor();
      expect([await page.locator("input").count(), await page.locator("button[type=submit]").count(), await page.getByText(advice).count()]).toEqual([0, 0, 0]);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    }, 60_000);
  });

  it("offers the password form, also where the server does not say who may sign in", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await page.goto(`${stack.url}/login`);
    await page.getByText("Use a local account.").waitFor();
    await page.locator("input[name=password]").waitFor();
    await page.route("**/api/trireme/v1/sign-in", (route) => route.fulfill({ status: 404, json: { message: "not found" } }));
    await page.reload();
    await page.locator("input[name=password]").waitFor();
    expect(await page.getByText("No local account may sign in here.").count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);
});
